"""What an interrupted command left of a scenario: a result that is whole stays as it is, anything else is made again.

When the command goes on, every scenario's manifest is set aside, so that the folder holds no result until somebody has
vouched for it; it is put back where the scenario is still the same and no file of it has changed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.experiments.manifest import NAME

ASIDE = f".{NAME}.before"
_log = logging.getLogger(__name__)


def set_aside(folder: Path) -> None:
    """Take the manifests of a study's scenarios out of sight; one that was set aside before and not renewed stays."""
    for manifest in folder.glob(f"arms/*/*/{NAME}"):
        os.replace(manifest, manifest.with_name(ASIDE))


def put_back(folder: Path, about: Mapping[str, Any], sums: Mapping[str, str]) -> bool:
    """Whether the scenario's result stands as it was left, with its manifest in place again.

    `about` is what the manifest must say, `sums` are hashes that files must have now. A manifest that is not true (any
    more) is removed.
    """
    aside = folder / ASIDE
    before = _read(aside)
    if before is None or before.get("complete") is not True or any(before.get(k) != v for k, v in about.items()):
        aside.unlink(missing_ok=True)
        return False
    found = before.get("files")
    kept = found if isinstance(found, dict) else {}
    changed = [name for name, value in kept.items() if _sum(folder / str(name)) != value]
    for name in changed:
        _log.warning("%s is made again: it is not what was written", "/".join((folder / name).parts[-3:]))
    if changed or any(kept.get(name) != value for name, value in sums.items()):
        aside.unlink(missing_ok=True)
        return False
    os.replace(aside, folder / NAME)
    return True


def _read(path: Path) -> dict[str, Any] | None:
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else None
    return None


def _sum(path: Path) -> str | None:
    """SHA-256 of a file's bytes; None where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
