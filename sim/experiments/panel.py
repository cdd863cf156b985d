"""The panel of firms that a configuration asks for, if any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.checks import InputError
from sim.context.panel import Panel


def panel_of(tree: Mapping[str, Any]) -> Panel | None:
    """The panel of a resolved configuration, whose targets were checked with the rest of it."""
    from hydra.utils import instantiate

    node = tree.get("panel")
    if node is None:
        return None
    made = instantiate(node, _convert_="all")
    if not isinstance(made, Panel):
        raise InputError(f"panel must be a sim.context.panel.Panel, got {type(made).__name__}")
    return made


def runs_of(tree: Mapping[str, Any]) -> int:
    """Simulations of one job: replications, or replications x firms."""
    firms = (tree.get("panel") or {}).get("firms", 1)
    return int(tree["replications"]) * int(firms)
