"""Which arms a story is about: the one asked for, and those of the same context beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from sim.checks import InputError
from sim.nearest import did_you_mean
from sim.paths import result_folder

RESULTS = Path("results")


class Places(NamedTuple):
    """Folders of one context's arms, the one asked for first."""

    context: str
    arms: dict[str, Path]
    elsewhere: tuple[Path, ...]
    """The same arm in the other contexts of the result."""


def places(run: str) -> Places:
    """Arms of `run`: an arm's folder, a result folder (its baseline in its first context), or `latest`."""
    folder = result_folder(run)
    if not folder.is_dir():
        known = sorted(str(path.parent) for path in RESULTS.glob("*/*/manifest.json"))
        hint = did_you_mean(run, known) if known else " (run something first: outcomelab run)"
        raise InputError(f"RUN must be the folder of a result or of one arm, or latest, got {run}{hint}")
    manifest = _manifest(folder)
    if "arms" in manifest:
        return _of_result(folder, manifest)
    if (folder / "customers.parquet").is_file():
        return _of_arm(folder)
    raise InputError(f"{folder} holds no customers: it must be the folder of a result or of one arm")


def _manifest(folder: Path) -> dict[str, object]:
    from sim.experiments.manifest import NAME, read_manifest

    found = read_manifest(folder)
    if found is None:
        raise InputError(f"{folder} must be the folder of a result or of one arm, got one without {NAME}")
    return found


def _of_result(folder: Path, manifest: dict[str, object]) -> Places:
    listed = manifest["arms"]
    assert isinstance(listed, list)
    rows = [(str(row["context"]), str(row["arm"]), folder / str(row["folder"])) for row in listed]
    if not rows:
        raise InputError(f"{folder} holds no finished arm, so there is no story to tell")
    first = rows[0][0]
    arms = {arm: path for context, arm, path in rows if context == first}
    main = str(manifest.get("baseline"))
    main = main if main in arms else next(iter(arms))
    others = tuple(path for context, arm, path in rows if context != first and arm == main)
    return Places(first, {main: arms.pop(main), **arms}, others)


def _of_arm(folder: Path) -> Places:
    """The arm and its siblings that finished; siblings share its parent folder, the context."""
    folder = folder.resolve()
    facts = {path.parent: _facts(path) for path in sorted(folder.parent.glob("*/manifest.json"))}
    own = facts[folder]
    siblings = {str(f["arm"]): path for path, f in facts.items() if path != folder and f["context"] == own["context"]}
    others = [path.parent for path in sorted(folder.parent.parent.glob(f"*/{folder.name}/manifest.json"))]
    elsewhere = tuple(path for path in others if path != folder)
    return Places(str(own["context"]), {str(own["arm"]): folder, **siblings}, elsewhere)


def _facts(path: Path) -> dict[str, object]:
    found = json.loads(path.read_text(encoding="utf-8"))
    return {"arm": found.get("arm", path.parent.name), "context": found.get("context", "-")}
