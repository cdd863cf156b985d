"""The panel of firms that a configuration asks for, if any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.checks import InputError
from sim.context.panel import Panel


def panel_of(tree: Mapping[str, Any]) -> Panel | None:
    """The panel of a resolved configuration, whose targets were checked with the rest of it."""
    from hydra.errors import InstantiationException
    from hydra.utils import instantiate

    node = tree.get("panel")
    if node is None:
        return None
    if not isinstance(node, Mapping) or "_target_" not in node:
        raise InputError(f"panel must be a sim.context.panel.Panel, got {node!r}")
    try:
        made = instantiate(node, _convert_="all")
    except InstantiationException as error:
        raise InputError(f"panel cannot be made: {' '.join(str(error.__cause__ or error).split())}") from error
    if not isinstance(made, Panel):
        raise InputError(f"panel must be a sim.context.panel.Panel, got {type(made).__name__}")
    return made


def runs_of(tree: Mapping[str, Any]) -> int:
    """Simulations of one job: replications, or replications x firms."""
    firms = (tree.get("panel") or {}).get("firms", 1)
    return int(tree["replications"]) * int(firms)
