"""Where a result goes: `results/<name>/<time>`, or the folder that was asked for."""

from __future__ import annotations

import contextlib
import os
import tempfile
from datetime import datetime
from itertools import count
from pathlib import Path

from sim.checks import InputError
from sim.experiments.before import set_aside
from sim.experiments.manifest import NAME, read_manifest
from sim.experiments.occupied import hold, release
from sim.paths import LATEST
from sim.store.place import ROOM

RESULTS = Path("results")


def claim(output: str | None, name: str, several: bool, command: str = "") -> Path:
    """Make the folder of one study and prove that it can be written; InputError if it cannot.

    `several`: the command has more than one study, so an asked-for folder gets one sub-folder each.
    A folder that already holds a result is never written over, unless it is an interrupted one of the very
    same `command`, which then goes on.
    """
    if output is None:
        return _new_folder(RESULTS / name)
    folder = Path(output).expanduser()
    folder = folder / name if several else folder
    _prove_writable(folder)
    hold(folder.resolve())
    try:
        _refuse_result(folder, command)
    except InputError:
        release(folder.resolve())
        raise
    _forget(folder)
    return folder.resolve()


def _refuse_result(folder: Path, command: str) -> None:
    before = read_manifest(folder)
    if before is not None and (before.get("complete") is not False or before.get("command") != command):
        raise InputError(f"output must be a folder without a result, got {folder}, which holds one")


def _forget(folder: Path) -> None:
    """Remove what an interrupted command left to say how far it had come, and drafts of files; whether a scenario's
    result still holds is found out where the scenario is run."""
    set_aside(folder)
    for pattern in (NAME, "arms/*/*/failure.json", ".*.part", "arms/*/*/.*.part"):
        for stale in folder.glob(pattern):
            stale.unlink(missing_ok=True)


def _new_folder(parent: Path) -> Path:
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    for attempt in count(1):
        folder = parent / (stamp if attempt == 1 else f"{stamp}-{attempt}")
        with contextlib.suppress(FileExistsError):
            _make(parent, exist_ok=True)
            folder.mkdir()
            _prove_writable(folder)
            hold(folder.resolve())
            return folder.resolve()
    raise AssertionError("unreachable")


def _make(folder: Path, exist_ok: bool) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=exist_ok)
    except OSError as error:
        raise InputError(_sentence(folder, error)) from error


def _prove_writable(folder: Path) -> None:
    _make(folder, exist_ok=True)
    try:
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            file.write(bytes(ROOM))  # an empty file fits on a full disk
            file.flush()
    except OSError as error:
        raise InputError(_sentence(folder, error)) from error


def _sentence(folder: Path, error: OSError) -> str:
    return f"output must be a folder that can be written, got {folder} ({error.strerror or error})"


def give_up(folder: Path) -> None:
    """Let go of a claimed folder; remove the empty ones in it, and itself where nothing was left in it."""
    release(folder)
    for path in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        with contextlib.suppress(OSError):
            path.rmdir()
    with contextlib.suppress(OSError):
        folder.rmdir()
        if folder.parent.parent.name == RESULTS.name:
            folder.parent.rmdir()
            folder.parent.parent.rmdir()


def point_latest_at(folder: Path) -> None:
    """Let `results/latest` name the newest result, if the result lies in `results/`."""
    home = RESULTS.resolve()
    if home not in folder.resolve().parents:
        return
    link = home / LATEST
    if link.exists() and not link.is_symlink():
        return
    draft = home / f".{LATEST}.{os.getpid()}"
    with contextlib.suppress(OSError):
        draft.unlink(missing_ok=True)
        draft.symlink_to(os.path.relpath(folder.resolve(), home), target_is_directory=True)
        os.replace(draft, link)
