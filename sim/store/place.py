"""The store's folder: where shelves stand, whether it can be written, and what is taken off when it is full."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.checks import InputError
from sim.store.key import metrics_key, scenario_key, version
from sim.store.shelf import LOCK, SCENARIO, Counts, Shelf, counts, described

if TYPE_CHECKING:
    from sim.scenario import Scenario

RUNS = "runs"
GIGABYTE = 1e9
ROOM = 1 << 16
"""Bytes that a folder must have room for; less is no use to anybody."""
_KEY = re.compile(r"[0-9a-f]{32}")
_OWN_FILE = re.compile(r"scenario\.json|lock|\d{6,}(\.[0-9a-f]{8})?\.(facts|metrics|failed)|\..*\.part")
"""What may be removed: a store named by somebody else's configuration may lie in a folder full of other things."""


class Kept(NamedTuple):
    """One shelf as `outcomelab runs` shows it."""

    key: str
    folder: Path
    facts: dict[str, Any]
    """scenario.json; empty where it is missing."""
    counts: Counts
    size: int
    """Bytes."""
    used: float
    """When it was last asked for, seconds since 1970."""


def find(root: Path | str, tree: Mapping[str, Any], scenario: Scenario) -> Shelf:
    """The shelf of a scenario, whether or not it exists; nothing is written."""
    key = scenario_key(tree, scenario)
    return Shelf(Path(root) / RUNS / key[:2] / key, metrics_key(tree))


def shelf(root: Path | str, tree: Mapping[str, Any], scenario: Scenario, asked: int) -> Shelf:
    """The shelf of a scenario, described and marked as used."""
    found = find(root, tree, scenario)
    kept = {name: tree.get(name) for name in ("title", "arm", "context", "seed")}
    facts = {"key": found.folder.name, **kept, "code": version(tree), "configuration": plain(tree)}
    found.describe(facts, asked)
    return found


def plain(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration without what belongs to a command or names a folder of this machine."""
    hidden = ("arm", "context", "arms", "contexts", "claims", "iso_result", "design", "output", "store", "only_fill")
    return {key: value for key, value in tree.items() if key not in hidden}


def prove_writable(root: Path) -> None:
    """InputError if the store cannot be written; it is made where it does not exist."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=root) as file:
            file.write(bytes(ROOM))  # an empty file fits on a full disk
            file.flush()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"store must be a folder that can be written, got {root} ({reason}); store=null does without"
        ) from None


def shelves(root: Path) -> Iterator[Kept]:
    """Every shelf, by key."""
    for folder in _folders(root):
        facts = described(folder) or {}
        sizes = [entry.stat() for entry in _entries(folder)]
        used = max((entry.stat().st_mtime for entry in _entries(folder) if entry.name == SCENARIO), default=0.0)
        number = counts(folder, int(facts.get("asked", 0)))
        yield Kept(folder.name, folder, facts, number, sum(one.st_size for one in sizes), used)


def _folders(root: Path) -> list[Path]:
    """Folders named by a key; anything else that lies there is nobody's business."""
    return sorted(folder for folder in (root / RUNS).glob("*/*") if _KEY.fullmatch(folder.name) and folder.is_dir())


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return [entry for entry in os.scandir(folder) if entry.is_file()]
    except OSError:
        return []


def remove(kept: Kept) -> bool:
    """Take a shelf off, file by file of its own; False if a process works on it or it cannot be written."""
    if _in_use(kept.folder):
        return False
    try:
        for entry in _entries(kept.folder):
            if _OWN_FILE.fullmatch(entry.name):
                Path(entry.path).unlink(missing_ok=True)
    except OSError:
        return False
    with suppress(OSError):
        kept.folder.rmdir()  # unless something else lies there
    return True


def _in_use(folder: Path) -> bool:
    """Whether any replication of the shelf is locked."""
    try:
        import fcntl

        handle = os.open(folder / LOCK, os.O_RDWR)
    except (ImportError, OSError):
        return False
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def make_room(root: Path, gigabytes: float, begun: float) -> int:
    """Take off the shelves not used for longest until the store is no larger; how many.

    Those used since `begun` (seconds since 1970) belong to the study that has just ended and stay. A twentieth
    more is freed, so that not every study ends by cleaning.
    """
    size = sum(entry.stat().st_size for folder in _folders(root) for entry in _entries(folder))
    if size <= gigabytes * GIGABYTE:
        return 0
    removed = 0
    for one in sorted((one for one in shelves(root) if one.used < begun), key=lambda one: one.used):
        if size <= 0.95 * gigabytes * GIGABYTE:
            break
        if remove(one):
            size, removed = size - one.size, removed + 1
    return removed
