"""What was varied: keys on which arms differ, and keys on which contexts differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.blocks import Block, Folded, Note, Section, Table
from sim.report.configs import Config, flat_configs, text_of
from sim.report.wording import context_words, words

if TYPE_CHECKING:
    from sim.report.result import Result

ABSENT = "\N{EN DASH}"
FEW_KEYS = 24
"""A longer list is folded."""


def section(result: Result) -> Section | None:
    """Tables of the differing keys; None where the arms' configurations were not kept."""
    configs = flat_configs(result)
    if not any(configs.values()):
        return None
    first_context, first_arm = result.contexts[0], result.arms[0]
    by_arm = {words(arm): configs.get((first_context, arm), {}) for arm in result.arms}
    by_context = {context_words(context): configs.get((context, first_arm), {}) for context in result.contexts}
    blocks: list[Block] = [
        *_block("arms", "The arms differ in", by_arm),
        *_block("contexts", "The contexts differ in", by_context),
    ]
    return Section("varied", "What was varied", blocks) if blocks else None


def _block(name: str, label: str, configs: dict[str, Config]) -> list[Block]:
    if len(configs) < 2:
        return []
    keys = dict.fromkeys(key for config in configs.values() for key in config)
    rows = [
        (key, *(_value(config, key) for config in configs.values()))
        for key in keys
        if len({_value(config, key) for config in configs.values()}) > 1 and not key.endswith(("_target_", ".name"))
    ]
    if not rows:
        return [Note(f"{label} nothing: their configurations are equal.")]
    table = Table(f"varied-{name}", f"{label} {_keys(len(rows))}", ("key", *configs), tuple(rows))
    return [table] if len(rows) <= FEW_KEYS else [Folded(f"{label} {_keys(len(rows))}", (table,))]


def _keys(count: int) -> str:
    return "1 key" if count == 1 else f"{count} keys"


def _value(config: Config, key: str) -> str:
    """The value of a key, or that an arm's component has no such key."""
    return text_of(config[key]) if key in config else ABSENT
