"""`outcomelab keys [WORD]`: what can be set."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.checks import InputError
from sim.nearest import did_you_mean

if TYPE_CHECKING:
    from sim.experiments.key_list import Key


def main(argv: Sequence[str]) -> int:
    """Print the keys that contain WORD, and the groups that offer a choice; InputError if there are none."""
    from sim.command.arguments import folder_of
    from sim.experiments.key_list import all_keys

    words, config_dir = folder_of(argv)
    if len(words) > 1 or any(word.startswith("-") for word in words):
        raise InputError(f"keys takes one word, got {' '.join(words)}")
    word = words[0] if words else ""
    keys = all_keys(config_dir)
    groups, default = _groups(config_dir)
    chosen = [key for key in keys if key.mentions(word)]
    shown = [f"{group}={'|'.join(options)}" for group, options in groups.items()]
    shown = [line for line in shown if word.lower() in line.lower()]
    if not chosen and not shown:
        hint = did_you_mean(word, [part for key in keys for part in key.name.split(".")])
        raise InputError(f"no key contains {word!r}{hint}")
    width = shutil.get_terminal_size((100, 24)).columns
    print("\n".join([*shown, *([""] if shown and chosen else []), *_lines(chosen, default, width)]))
    return 0


def _groups(config_dir: str | None) -> tuple[dict[str, list[str]], set[str]]:
    """Options of every group, the default one first; and `group=option` of all that the default tree holds."""
    from sim.experiments.composer import composer

    with composer(config_dir) as tree:
        choices = tree.default.hydra.runtime.choices
        found = {group: tree.options(group) for group in tree.groups}
        named = {group: _first(options, choices.get(group)) for group, options in found.items() if options}
        metrics = {f"metrics={family}" for family in tree.default.metrics}
        return named, {f"{group}={option}" for group, option in choices.items()} | metrics


def _first(options: list[str], chosen: str | None) -> list[str]:
    """Options by name, the chosen one in front."""
    return [name for name in options if name == chosen] + sorted(name for name in options if name != chosen)


def _lines(keys: Sequence[Key], default: set[str], width: int) -> Iterator[str]:
    """Two lines per key: name, default and bounds; then meaning and where the default comes from.

    A key of several options outside the default tree has no default: each option says its own value, and the source
    is the first one's.
    """
    by_name: dict[str, list[Key]] = {}
    for key in keys:
        by_name.setdefault(key.name, []).append(key)
    for same in by_name.values():
        same.sort(key=lambda key: key.option not in default)
        key = same[0]
        is_default = len(same) == 1 or key.option in default
        bounds = " ".join(part for part in (f"in {key.range}" if key.range else "", key.unit) if part and part != "1")
        where = f"   ({'; '.join(_options(same, is_default))})" if key.option else ""
        yield f"{key.name}{f' = {key.default}' if is_default else ''}{'   ' + bounds if bounds else ''}{where}"
        origin = ": ".join(part for part in (key.grade, key.source) if part)
        whose = "default" if is_default else key.option
        about = "; ".join(part for part in (key.meaning, f"{whose} {origin}" if origin else "") if part)
        if about:
            yield from textwrap.wrap(about, width, initial_indent="    ", subsequent_indent="    ")


def _options(same: Sequence[Key], is_default: bool) -> Iterator[str]:
    """Each option with its value; the default's own value stands before them."""
    for number, key in enumerate(same):
        yield key.option if is_default and number == 0 else f"{key.option} {key.default}"
