"""Which uncertainty decides how much? Indices of a design that was laid out to tell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.report.blocks import Block, Figure, Note, Section, Table
from sim.report.levels import Row
from sim.report.numbers import plain, shown, span, unit_of
from sim.report.plot.indices import indices, indices_height
from sim.report.plot.panels import MOST_PANELS, panels, panels_height
from sim.report.style import NARROW_INCHES, WIDE_INCHES
from sim.report.wording import listed, metric_words, place_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Result

_READING: Final = {
    "saltelli": (
        "First order: the share of the variance of the difference to the baseline, over the points, that the key "
        "explains alone; total: with all its interactions. Lines: 95 % intervals over resampled points. A key whose "
        "total index holds zero can be left as it is."
    ),
    "morris": (
        "mu star: the mean absolute change of the difference to the baseline when the key alone moves over its range; "
        "sigma: how unequal these changes are, from interaction or curvature. Lines: 95 % intervals over resampled "
        "trajectories."
    ),
}
_COLUMNS: Final = ("key", "index", "value", "95 % interval")
_LEADING: Final = ("total", "mu_star")


def section(result: Result) -> Section | None:
    """The most telling key, a panel per arm, the table; None without such a design."""
    table = result.extra("sensitivity")
    if table is None or table.empty:
        return None
    groups = [(base, arm) for base, arm in dict.fromkeys(zip(table["base"], table["arm"], strict=True))][:MOST_PANELS]
    method = str(table["method"].iloc[0])
    table = _ordered(table)
    unit = "share of variance" if method == "saltelli" else result.unit(str(table["metric"].iloc[0])).name

    def panel(ax: Axes, position: int) -> None:
        base, arm = groups[position]
        indices(table[(table["base"] == base) & (table["arm"] == arm)], unit, ax)

    tall = indices_height(table["key"].nunique())
    figure = Figure(
        name="sensitivity",
        question="Which uncertainty decides the difference?",
        reading=_READING[method],
        alt=f"Interval plot of sensitivity indices. {' '.join(_lead(table, *group) for group in groups)}",
        draw=lambda canvas: panels(canvas, [place_words(base, arm) for base, arm in groups], panel),
        table=_table(result, table),
        wide=(WIDE_INCHES, panels_height(len(groups), WIDE_INCHES, panel=tall)),
        narrow=(NARROW_INCHES, panels_height(len(groups), NARROW_INCHES, panel=tall)),
    )
    notes: list[Block] = [Note(_lead(table, *group), "lead") for group in groups]
    return Section("sensitivity", "What decides it?", [*notes, figure, *_noise(table)])


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Keys with the largest leading index first, within base and arm."""
    leading = table[table["measure"].isin(_LEADING)].set_index(["base", "arm", "key"])["value"]
    rank = [leading[(b, a, k)] for b, a, k in zip(table["base"], table["arm"], table["key"], strict=True)]
    return table.assign(rank=rank).sort_values("rank", ascending=False, kind="stable").drop(columns="rank")


def _lead(table: pd.DataFrame, base: str, arm: str) -> str:
    here = table[(table["base"] == base) & (table["arm"] == arm) & table["measure"].isin(_LEADING)]
    clear = [words(str(key).rpartition(".")[2]) for key in here[here["low"] > 0.0]["key"]]
    metric = metric_words(str(here["metric"].iloc[0]))
    who = f"{words(arm)} against {words(str(here['baseline'].iloc[0]))}"
    if not clear:
        return f"No uncertainty clearly moves the difference in {metric} of {who}."
    return f"What moves the difference in {metric} of {who}, the most telling first: {listed(clear)}."


def _noise(table: pd.DataFrame) -> list[Block]:
    share = float(table["noise_share"].max())
    if math.isnan(share):
        return []
    text = f"{plain(100.0 * share, 0)} % of the variance over points is luck that more replications would take away."
    return [Note(text, "warning" if share > 0.2 else "quiet")]


def _table(result: Result, table: pd.DataFrame) -> Table:
    several = len(set(zip(table["base"], table["arm"], strict=True))) > 1
    lines: list[tuple[str | None, ...]] = []
    for (base, arm), group in table.groupby(["base", "arm"], sort=False):
        if several:
            lines.append((place_words(str(base), str(arm)), None, None, None))
        lines += [_line(result, row) for row in group.to_dict("records")]
    return Table("sensitivity", "Sensitivity indices", _COLUMNS, tuple(lines), row_heads=2, numeric=(2, 3), frame=table)


def _line(result: Result, row: Row) -> tuple[str, ...]:
    unit = unit_of("1", "") if row["method"] == "saltelli" else result.unit(str(row["metric"]))
    half = (row["high"] - row["low"]) / 2.0
    interval = span(row["low"], row["high"], unit, signed=False) if math.isfinite(half) else ""
    return (str(row["key"]), words(str(row["measure"])), shown(row["value"], unit, half), interval)
