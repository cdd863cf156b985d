"""What becomes of a metric once it is the target: divergence 6, arm minus its untargeted twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.report.blocks import Figure, Section, Table
from sim.report.findings import finding
from sim.report.numbers import count, plain, shown, span
from sim.report.plot.dots import FIRST, dots, dots_height
from sim.report.style import INK, NARROW_INCHES, WIDE_INCHES
from sim.report.wording import Finding, place_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from sim.report.result import Result

MEASURES: Final = {
    "metric_truth_shift": "Divergence 6: how much better the metric tells what decides",
    "metric_inflation_shift": "Inflation: how much better it looks than the truth",
}
UNITS: Final = {
    "metric_truth_shift": "change of the correlation, against the untargeted twin",
    "metric_inflation_shift": "change in scale points, against the untargeted twin",
}
MOST: Final = 14
"""Rows drawn; the table has all."""
_READING = (
    "Each row is an organisation minus its twin that steers by nothing, before against after the day the metric became "
    "the target, with the same customers and luck. Left of zero above: the metric tells less of what customers decide "
    "by. Right of zero below: it flatters. Lines: 95 % intervals. Near zero above and far right below means that "
    "everybody's answers rose alike: the score still orders customers and says nothing about a level."
)


def section(result: Result) -> Section | None:
    """Two panels, one row per context and arm; None where no metric was a target."""
    found = {metric: rows for metric in MEASURES if (rows := _rows(result, metric))}
    if not found:
        return None
    most = max(len(rows) for rows in found.values())
    height = 0.7 + len(found) * (dots_height(min(most, MOST)) + 0.35)
    figure = Figure(
        name="targeted",
        question="What becomes of a metric once it is the target?",
        reading=_READING,
        alt=_alt(found),
        draw=lambda canvas: _panels(canvas, found),
        table=_table(result, found),
        wide=(WIDE_INCHES, height),
        narrow=(NARROW_INCHES, height),
    )
    return Section("targeted", "A metric as a target", [figure])


def _rows(result: Result, metric: str) -> list[Finding]:
    """Arm minus untargeted twin, as the organisation collects the metric."""
    table = result.comparison
    if table.empty:
        return []
    rows = table[(table["metric"] == metric) & (table["view"] == "fielded") & (table["segment"] == "all")]
    return [finding(row, result.currency) for row in rows.to_dict("records")]


def _panels(canvas: Canvas, found: dict[str, list[Finding]]) -> None:
    """Each measure on its own scale."""
    grid = canvas.subplots(len(found), 1, squeeze=False).ravel()
    for ax, (metric, rows) in zip(grid, found.items(), strict=True):
        _panel(ax, metric, rows[:MOST])


def _panel(ax: Axes, metric: str, rows: list[Finding]) -> None:
    import pandas as pd

    points = pd.DataFrame(
        [(place_words(f.context, f.arm), "", f.difference, f.low, f.high) for f in rows],
        columns=["label", "series", "mean", "low", "high"],
    )
    dots(points, [FIRST], ax=ax, unit=UNITS[metric]).axvline(0.0, color=INK, linewidth=0.9, zorder=1)
    ax.set_title(MEASURES[metric], loc="left", fontweight="bold", color=INK, fontsize="medium")


def _alt(found: dict[str, list[Finding]]) -> str:
    parts = [f"{words(metric)}: {', '.join(map(_said, rows))}" for metric, rows in found.items()]
    return f"Dots with intervals, arm minus untargeted twin. {'; '.join(parts)}."


def _said(f: Finding) -> str:
    return f"{place_words(f.context, f.arm)} {plain(f.difference, 2, signed=True)}"


def _table(result: Result, found: dict[str, list[Finding]]) -> Table:
    columns = ("organisation", "difference to the untargeted twin", "95 % interval", "replications")
    lines: list[tuple[str | None, ...]] = []
    for metric, rows in found.items():
        lines.append((MEASURES[metric], *(None for _ in columns[1:])))
        for f in rows:
            value = shown(f.difference, f.unit, f.half_width, signed=True)
            lines.append((place_words(f.context, f.arm), value, span(f.low, f.high, f.unit), count(f.replications)))
    table: pd.DataFrame = result.comparison
    frame = table[table["metric"].isin(list(MEASURES))]
    return Table(
        "targeted", "A metric as a target, against the twin", columns, tuple(lines), numeric=(1, 2, 3), frame=frame
    )
