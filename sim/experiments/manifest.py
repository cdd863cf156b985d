"""manifest.json: what ran, with what, how long; written last, so a folder without it is no result."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.checks import InputError
from sim.command_keys import WITHOUT_EFFECT
from sim.tables import write_atomically

NAME = "manifest.json"
PACKAGES = (
    *("outcomelab", "simpy", "numpy", "scipy", "pandas", "pyarrow", "joblib", "hydra-core", "omegaconf", "matplotlib"),
)


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Versions that decide the bytes of a table, and the type of machine."""
    found = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def configuration_hash(tree: Mapping[str, Any]) -> str:
    """Hash of a resolved configuration without the keys that change no table."""
    kept = {key: value for key, value in tree.items() if key not in WITHOUT_EFFECT}
    return combined_hash([json.dumps(kept, sort_keys=True)])


def combined_hash(texts: Sequence[str]) -> str:
    """One short hash of several texts, in their order."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def write_manifest(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the manifest whole or not at all, with versions added."""
    text = json.dumps({**facts, "versions": versions()}, indent=2, allow_nan=False)
    write_atomically(folder / NAME, (text + "\n").encode())


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder, None where there is none; an unreadable one is an InputError."""
    path = folder / NAME
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} must be readable JSON, got {error}") from error
    if not isinstance(found, dict):
        raise InputError(f"{path} must hold a JSON object, got {type(found).__name__}")
    return found
