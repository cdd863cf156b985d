"""The version of everything that decides the numbers of a replication: this program's own files, the
libraries that compute, and the packages a user allowed."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import metadata, util
from pathlib import Path

LIBRARIES = ("numpy", "scipy", "simpy", "pandas")
ABOVE = frozenset(("classroom", "command", "experiments", "report", "statements", "store", "story", "verify"))
"""Rooms that read finished replications or order new ones; a change there changes no number in them."""
FORMAT = 2
"""Of the files in the store (sim.store.packing)."""

_SIM = Path(__file__).resolve().parents[1]


@cache
def code_version(packages: Sequence[str] = ()) -> str:
    """Hash of code, libraries and machine type (a few milliseconds, once); `packages` is a tuple of names."""
    whole = hashlib.sha256()
    for part in (FORMAT, platform.python_version(), platform.machine(), platform.system()):
        whole.update(f"{part}\n".encode())
    for name in LIBRARIES:
        whole.update(f"{name} {metadata.version(name)}\n".encode())
    for folder, file in _files(packages):
        whole.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()[:12]


def _files(packages: Sequence[str]) -> Iterator[tuple[Path, Path]]:
    """(what its name is relative to, file) of every source file, in one order."""
    for file in sorted(_SIM.rglob("*.py")):
        if file.relative_to(_SIM).parts[0] not in ABOVE:
            yield _SIM, file
    for name in packages:
        for folder in _folders(name):
            files = [folder] if folder.is_file() else sorted(folder.rglob("*.py"))
            yield from ((folder.parent, file) for file in files)


def _folders(package: str) -> list[Path]:
    """Where a package lies: its folders, or its one file."""
    spec = util.find_spec(package)
    if spec is None:
        return []
    if spec.submodule_search_locations:
        return [Path(place) for place in spec.submodule_search_locations]
    return [Path(spec.origin)] if spec.origin and Path(spec.origin).is_file() else []
