"""The resolved configuration of a finished job, and its numbers by dotted key."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def leaves(node: Any, place: str = "") -> dict[str, Any]:
    """Dotted key -> value; names are labels and left out."""
    if not isinstance(node, dict):
        return {place: node}
    found: dict[str, Any] = {}
    for key, value in node.items():
        if key != "name":
            found |= leaves(value, f"{place}.{key}" if place else str(key))
    return found


def tree_of(folder: Path) -> dict[str, Any]:
    """The resolved configuration of a job."""
    from sim.yaml_text import loaded

    tree: dict[str, Any] = loaded((folder / "config.yaml").read_text(encoding="utf-8"))
    return tree
