"""The configurations of all arms as flat keys, without what is the program's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.command_keys import OF_A_JOB, SCENARIOS, SPREADING

if TYPE_CHECKING:
    from sim.report.result import Result

Config = dict[str, Any]
SKIPPED = (*SCENARIOS, *OF_A_JOB, *SPREADING, "output", "title", "claims", "allow_code")
PROGRAM = ("_target_", "_partial_", "name")
"""Last parts of keys that name code or options, not quantities."""


def flat_configs(result: Result) -> dict[tuple[str, str], Config]:
    """(context, arm) -> dotted key -> value."""
    return {(place.context, place.arm): flat(tree) for place, tree in result.trees.items()}


def flat(tree: Mapping[str, Any], above: str = "") -> Config:
    """A nested configuration as dotted keys."""
    found: Config = {}
    for key, value in tree.items():
        if key in PROGRAM or (not above and key in SKIPPED):
            continue
        name = f"{above}{key}"
        found.update(flat(value, f"{name}.") if isinstance(value, Mapping) else {name: value})
    return found


def text_of(value: Any) -> str:
    """A configured value as text."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(map(text_of, value)) if isinstance(value, list) else str(value)
