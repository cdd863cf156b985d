"""What was varied: keys on which arms differ, and keys on which contexts differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.blocks import Block, Folded, Note, Section, Table
from sim.report.result import Result, read_yaml

SKIPPED = ("output", "n_jobs", "title", "arm", "context", "arms", "contexts")
FEW_KEYS = 12
"""A longer list is folded."""


def section(result: Result) -> Section | None:
    """Tables of the differing keys; None where the arms' configurations were not kept."""
    configs = {(p.context, p.arm): flat(read_yaml(p.folder / "config.yaml")) for p in result.places}
    if not any(configs.values()):
        return None
    first_context, first_arm = result.contexts[0], result.arms[0]
    by_arm = {arm: configs.get((first_context, arm), {}) for arm in result.arms}
    by_context = {context: configs.get((context, first_arm), {}) for context in result.contexts}
    blocks: list[Block] = [
        *_block("arms", "The arms differ in", by_arm),
        *_block("contexts", "The contexts differ in", by_context),
    ]
    return Section("varied", "What was varied", blocks) if blocks else None


def flat(tree: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """A nested configuration as dotted keys."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        if not above and key in SKIPPED:
            continue
        name = f"{above}{key}"
        found.update(flat(value, f"{name}.") if isinstance(value, Mapping) else {name: value})
    return found


def _block(name: str, label: str, configs: dict[str, dict[str, Any]]) -> list[Block]:
    if len(configs) < 2:
        return []
    keys = dict.fromkeys(key for config in configs.values() for key in config)
    rows = [
        (key, *(_text(config.get(key)) for config in configs.values()))
        for key in keys
        if len({_text(config.get(key)) for config in configs.values()}) > 1 and not key.endswith(("_target_", ".name"))
    ]
    if not rows:
        return [Note(f"{label} nothing: their configurations are equal.")]
    table = Table(f"varied-{name}", f"{label} {_keys(len(rows))}", ("key", *configs), tuple(rows))
    return [table] if len(rows) <= FEW_KEYS else [Folded(f"{label} {_keys(len(rows))}", (table,))]


def _keys(count: int) -> str:
    return "1 key" if count == 1 else f"{count} keys"


def _text(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(map(_text, value)) if isinstance(value, list) else str(value)
