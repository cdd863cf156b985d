"""Score and truth over time, revenue below them: the trends are compared, never the scales."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.report.blocks import Block, Figure, Section, Table
from sim.report.levels import Row, by_arm, levels, of_place, rows_of
from sim.report.numbers import plain
from sim.report.plot.course import course
from sim.report.plot.panels import MOST_PANELS, columns, stacked
from sim.report.sections.tenure import percent
from sim.report.style import NARROW_INCHES, SMALL, WIDE_INCHES
from sim.report.wording import context_words, place_words, words
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Result

WHAT = "score and revenue over time (metrics scores and index_gap)"


class Measure(NamedTuple):
    """One panel: a metric in the views drawn, factor to the unit of its axis."""

    metric: str
    views: tuple[str, ...]
    label: str
    factor: float
    level: float | None


MEASURES: Final = (
    Measure("nps", ("truth", "respondents"), "NPS, points", 1.0, 0.0),
    Measure("nrr_trailing", ("truth",), "NRR of the\nlast year, %", 100.0, 100.0),
)
TREND: Final = ("score_trend", "nrr_trend", "trend_alarm")
_PANEL = 1.9
_READING = (
    "Lines: what everybody under contract would answer truthfully, year by year. Hollow marks: what is reported, the "
    "answers given to the survey. Below them net revenue retention of the preceding twelve months. Each panel has its "
    "own scale; read directions, not heights. Thin lines: 95 % intervals."
)


def has(result: Result) -> bool:
    """Whether scores or revenue were followed through time."""
    return len(points(result, MEASURES)) > 0


def section(result: Result) -> Section | None:
    """Stacked panels per context, and how often the alarm rings."""
    shown = [m for m in MEASURES if len(points(result, (m,)))]
    if not shown:
        return None
    table = points(result, shown)
    contexts = list(dict.fromkeys(place.context for place in by_arm(result, table, 1000)))[:MOST_PANELS]

    def panel(ax: Axes, position: int, measure: int) -> None:
        rows = table[(table["context"] == contexts[position]) & (table["metric"] == shown[measure].metric)]
        first = position % columns(len(contexts), float(ax.get_figure(root=True).get_figwidth())) == 0  # type: ignore[union-attr]
        course(
            rows, result.arms, shown[measure].label if first else "", shown[measure].level, result.horizon_months, ax
        )
        if measure == len(shown) - 1:
            ax.set_xlabel("months", fontsize=SMALL)

    figure = Figure(
        name="over-time",
        question="Does the score move as the truth and the revenue do?",
        reading=_READING,
        alt=_alt(table),
        draw=lambda canvas: stacked(canvas, [context_words(c) for c in contexts], len(shown), panel),
        table=_table(table, shown),
        wide=(WIDE_INCHES, _height(len(contexts), len(shown), WIDE_INCHES)),
        narrow=(NARROW_INCHES, _height(len(contexts), len(shown), NARROW_INCHES)),
    )
    alarm = _alarm(result)
    blocks: list[Block] = [figure, *([alarm] if alarm else [])]
    return Section("over-time", "Score, truth and revenue over time", blocks)


def _height(contexts: int, measures: int, width: float) -> float:
    return 0.6 + math.ceil(contexts / columns(contexts, width)) * measures * _PANEL


def points(result: Result, measures: Sequence[Measure]) -> pd.DataFrame:
    """Columns of levels and months, reported; mean, low, high in the unit of the axis."""
    import pandas as pd

    found = []
    for measure in measures:
        rows = rows_of(result, (measure.metric,), segment="all")
        rows = rows[rows["view"].isin(measure.views) & rows["time_days"].notna()]
        table = levels(rows)
        table[["mean", "low", "high"]] *= measure.factor
        found.append(table[table["mean"].notna()])
    table = pd.concat(found, ignore_index=True)
    return table.assign(months=table["time_days"] / DAYS_PER_MONTH, reported=table["view"] == "respondents")


def _alt(table: pd.DataFrame) -> str:
    parts = []
    for (context, arm), rows in table.groupby(["context", "arm"], sort=False):
        said = []
        for (metric, reported), line in rows.groupby(["metric", "reported"], sort=False):
            ends = [plain(line["mean"].iloc[end], 0) for end in (0, -1)]
            said.append(f"{metric}{' as reported' if reported else ''} from {ends[0]} to {ends[1]}")
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: {', '.join(said)}")
    return f"Lines over time in stacked panels. {'; '.join(parts)}."


def _table(table: pd.DataFrame, measures: Sequence[Measure]) -> Table:
    """One column per year; revenue at the end of each."""
    years = sorted({month for month in table["months"].round(6) if month % 12 < 1e-3})
    lines: list[tuple[str | None, ...]] = []
    for measure in measures:
        unit = measure.label.replace("\n", " ")
        of_measure = table[table["metric"] == measure.metric]
        for (context, arm, reported), rows in of_measure.groupby(["context", "arm", "reported"], sort=False):
            name = unit + (", as reported" if reported else "")
            at = dict(zip(rows["months"].round(6), rows["mean"], strict=True))
            cells = [plain(at[year], 1) if year in at else "" for year in years]
            lines.append((f"{name}\n{place_words(str(context), str(arm))}", *cells))
    heads = tuple(f"{plain(year, 0)} months" for year in years)
    caption = "Scores of the year ending then, net revenue retention of the year before; means over replications"
    numeric = tuple(range(1, len(heads) + 1))
    return Table("over-time", caption, ("measure", *heads), tuple(lines), numeric=numeric, frame=table)


def _alarm(result: Result) -> Table | None:
    """Trends side by side and the share of replications in which they part."""
    table = levels(rows_of(result, TREND))
    if table.empty:
        return None
    rows = []
    for place in result.places:
        found = {(r["metric"], r["view"], r["segment"]): r for r in of_place(table, place).to_dict("records")}
        score, revenue = (
            found.get(key) for key in (("score_trend", "respondents", "all"), ("nrr_trend", "truth", "all"))
        )
        rings = [found.get(("trend_alarm", "respondents", kind)) for kind in ("false_comfort", "false_alarm")]
        if score and revenue:
            trends = [_pm(score, 1.0, ""), _pm(revenue, 100.0, "")]
            rows.append((place_words(place.context, place.arm), *trends, *(_often(one) for one in rings)))
    names = ("arm", "reported NPS, points a year", "NRR, percentage points a year", "false comfort", "false alarm")
    caption = (
        "Trends with half their 95 % intervals, and the share of replications in which they part: false comfort is a "
        "score that rises while revenue retention falls, false alarm the reverse"
    )
    return Table("alarm", caption, names, tuple(rows), numeric=(1, 2, 3, 4), frame=table)


def _pm(row: Row, factor: float, unit: str) -> str:
    half = factor * (row["high"] - row["low"]) / 2.0
    text = plain(factor * row["mean"], 1, signed=True)
    return f"{text} \N{PLUS-MINUS SIGN} {plain(half, 1)}{unit}" if math.isfinite(half) else text


def _often(row: Row | None) -> str:
    return percent(row["mean"], math.nan, math.nan) if row and math.isfinite(row["mean"]) else "n/a"
