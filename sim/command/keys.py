"""`outcomelab keys [WORD]`: what can be set."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.checks import InputError
from sim.nearest import did_you_mean, no_flag

if TYPE_CHECKING:
    from sim.experiments.key_list import Key
    from sim.experiments.metric_list import Listed

TAKE_A_METRIC = ("metrics", "decision_metric", "primary_metrics")


def main(argv: Sequence[str]) -> int:
    """Print the keys and metrics that contain WORD, and the groups that offer a choice; InputError if there are none.

    A key that takes the name of a metric lists them all.
    """
    from sim.command.arguments import folder_of
    from sim.experiments.key_list import all_keys
    from sim.experiments.metric_list import all_metrics

    words, config_dir = folder_of(argv)
    for word in words:
        if word.startswith("-"):
            raise InputError(no_flag("keys", word, ("--config-dir",)))
    if len(words) > 1:
        raise InputError(f"keys takes one word, got {' '.join(words)}")
    word = words[0] if words else ""
    keys = all_keys(config_dir)
    groups, default = _groups(config_dir)
    chosen = [key for key in keys if key.mentions(word)]
    shown = [line for line in groups if word.lower() in line.lower()]
    listed = all_metrics()
    metrics = [one for one in listed if word in TAKE_A_METRIC or one.mentions(word)]
    if not chosen and not shown and not metrics:
        names = [name for one in listed for name in one.names]
        hint = did_you_mean(word, [*(part for key in keys for part in key.name.split(".")), *names])
        raise InputError(f"no key contains {word!r}{hint}")
    width = shutil.get_terminal_size((100, 24)).columns
    parts = (shown, list(_lines(chosen, default, width)), list(_metric_lines(metrics, width)))
    print("\n\n".join("\n".join(part) for part in parts if part))
    return 0


def _metric_lines(metrics: Sequence[Listed], width: int) -> Iterator[str]:
    """Two lines per metric: names, unit, direction, view and family; then its definition."""
    for names, measure, option in metrics:
        better = "higher is better" if measure.higher_is_better else "lower is better"
        about = ", ".join(part for part in (measure.unit, better, f"view {measure.view}") if part and part != "1")
        yield f"metric {', '.join(names)}   {about}   ({option})"
        yield from textwrap.wrap(measure.definition, width, initial_indent="    ", subsequent_indent="    ")


def _groups(config_dir: str | None) -> tuple[list[str], set[str]]:
    """Choices of every group as they are typed, the default one first; and `group=option` of all that the default tree
    holds."""
    from sim.experiments.composer import composer
    from sim.experiments.key_list import owners

    brought = owners(config_dir)
    with composer(config_dir) as tree:
        choices = {str(form): option for form, option in tree.default.hydra.runtime.choices.items()}
        lines = []
        for group in tree.groups:
            options = tree.options(group)
            for form, owner in _forms(group, choices, brought.get(group, [])) if options else ():
                lines.append(f"{form}={'|'.join(_first(options, choices.get(form)))}{owner}")
        metrics = {f"metrics={family}" for family in tree.default.metrics}
        return lines, {f"{group}={option}" for group, option in choices.items()} | metrics


def _forms(
    group: str, choices: Mapping[str, str | None], brought: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """(what is typed before the sign of equality, what must be chosen with it) of a group."""
    placed = sorted(form for form in choices if form.partition("@")[0] == group)
    if placed or not brought:
        yield from ((form, "") for form in placed or [group])
        return
    for form in dict.fromkeys(form for form, _ in brought):
        yield form, f"   (with {' or '.join(owner for one, owner in brought if one == form)})"


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
