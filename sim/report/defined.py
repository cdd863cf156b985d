"""Definitions of a metric as text: what each one is, its value per arm, what separates them, where they disagree."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.report.numbers import Unit, shown, span, unit_of

if TYPE_CHECKING:
    from sim.experiments.flips import Flip, Level
    from sim.experiments.interval import Interval
    from sim.metrics.defined.definition import Metric

NARROWEST = 40
"""Least room for running text."""


def definition_lines(metric: Metric, width: int) -> Iterator[str]:
    """Name, unit, direction; then each definition's formula and source."""
    better = "higher" if metric.higher_is_better else "lower"
    yield f"{metric.name}: {metric.means} Unit: {metric.unit}; {better} is better."
    label = max(len(one.name) for one in metric.definitions) + 4
    for one in metric.definitions:
        yield from _hanging(f"  {one.name}", f"{one.formula} [{one.source}]", label, width)


def level_lines(level: Level, currency: str, width: int) -> Iterator[str]:
    """Values of every definition and arm in one context, then the reconciliation."""
    unit = unit_of(level.metric.unit, currency)
    bare = replace(unit, suffix="", difference_suffix="")
    where = "" if level.context == "-" else f" in {level.context}"
    count = max(level.mean(one.name, arm).replications for one in level.metric.definitions for arm in level.arms)
    yield ""
    yield f"  {level.metric.name}{where} in {unit.name}: mean and 95 % interval, {count} replications"
    rows = {one.name: [level.mean(one.name, arm) for arm in level.arms] for one in level.metric.definitions}
    yield from _table(level.arms, rows, bare, width)
    points = unit.difference_suffix.strip() or unit.name
    yield f"  what moves one definition to the next in {points}, paired by replication:"
    for one in level.metric.definitions:
        if one.departs_from:
            name = f"    {one.name} - {one.departs_from}: "
            yield from _hanging(name, one.change, 8, width)
            steps = (f"{arm} {_cell(level.step(one, arm), bare, signed=True)}" for arm in level.arms)
            yield from _hanging("", "; ".join(steps), 8, width)


def flip_line(flip: Flip) -> str:
    """`flip <metric> <definition> <definition> <arm> <arm> clear|unclear <context> ...`, no field with a space.

    The first arm does better by the first definition and worse by the second; then its lead and the
    95 % interval of it by the first, and by the second.
    """
    numbers = [f"{x + 0.0:.6g}" for lead in (flip.by_first, flip.by_second) for x in (lead.mean, lead.low, lead.high)]
    word = "clear" if flip.is_clear else "unclear"
    names = (flip.metric, flip.first, flip.second, flip.arm, flip.other, word, flip.context)
    return " ".join(["flip", *("_".join(name.split()) for name in names), *numbers])


def _table(arms: tuple[str, ...], rows: dict[str, list[Interval]], unit: Unit, width: int) -> Iterator[str]:
    """Definitions down, arms across; as many arms beside each other as the width allows."""
    cells = {name: [_cell(interval, unit) for interval in row] for name, row in rows.items()}
    label = max(map(len, cells)) + 4
    column = max(map(len, (*arms, *(cell for row in cells.values() for cell in row)))) + 2
    beside = max(1, (width - label) // column)
    for first in range(0, len(arms), beside):
        yield _row("", list(arms[first : first + beside]), label, column)
        for name, row in cells.items():
            yield _row(f"  {name}", row[first : first + beside], label, column)


def _row(name: str, cells: list[str], label: int, column: int) -> str:
    return (f"  {name:<{label}}" + "".join(f"{cell:<{column}}" for cell in cells)).rstrip()


def _cell(interval: Interval, unit: Unit, signed: bool = False) -> str:
    """Mean and interval with the digits that the interval supports."""
    half = (interval.high - interval.low) / 2.0
    mean = shown(interval.mean, unit, half, signed)
    return f"{mean} ({span(interval.low, interval.high, unit, signed)})" if half > 0.0 else mean


def _hanging(head: str, text: str, indent: int, width: int) -> Iterator[str]:
    """`head` and running text, further lines indented alike."""
    start = head.ljust(indent)
    lines = textwrap.wrap(text, max(width, indent + NARROWEST), initial_indent=start,
                          subsequent_indent=" " * indent, break_on_hyphens=False)  # fmt: skip
    yield from lines or [start]
