"""How early does a score or an outcome foretell renewal? Areas under the curve over lead time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.report.blocks import Figure, Section, Table
from sim.report.levels import Row, by_arm, levels, of_place, rows_of
from sim.report.numbers import count, plain
from sim.report.plot.lead_time import LABELS, lead_time
from sim.report.sections.grid import MOST, grid
from sim.report.wording import context_words, place_words, words
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Place, Result

WHAT = "what foretells renewal over lead time (metrics divergence)"
METRICS: Final = {"auc_experience_by_lead": "experience", "auc_outcome_by_lead": "outcome"}
VIEWS: Final = {"truth": "true", "observed": "observed"}
_READING = (
    "Area under the curve: the chance that of two customers the one who renews had the higher number; .5 is a coin. "
    "Experience against outcome, truth against truth (filled) and survey answer against outcome reading (hollow), each "
    "pair on the same customers, the same reading and the same lead. Vertical lines: 95 % intervals; in small samples "
    "of leavers they are wide."
)


def has(result: Result) -> bool:
    """Whether leads were computed."""
    return len(_points(result)) > 0


def section(result: Result) -> Section | None:
    """A panel per arm and context; None where no lead was computed."""
    table = _points(result)
    if table.empty:
        return None
    places = by_arm(result, table, MOST)
    drawn = grid(result, places, 2.3, lambda ax, place: _panel(ax, table, place))
    figure = Figure(
        name="lead-time",
        question="How early do experience and outcome foretell renewal?",
        reading=_READING,
        alt=_alt(table),
        draw=drawn.draw,
        table=_table(table),
        wide=drawn.wide,
        narrow=drawn.narrow,
    )
    return Section("lead-time", "What foretells renewal, and how early", [figure])


def _panel(ax: Axes, table: pd.DataFrame, place: Place) -> None:
    lead_time(of_place(table, place), ax=ax)


def _points(result: Result) -> pd.DataFrame:
    """Levels with months of lead, `series` and `observed`; leads at which the area exists."""
    rows = rows_of(result, tuple(METRICS), segment="all")
    table = levels(rows[rows["view"].isin(VIEWS)])
    table = table[table["mean"].notna()]
    series = table["metric"].map(METRICS)
    return table.assign(months=table["time_days"] / DAYS_PER_MONTH, series=series, observed=table["view"] == "observed")


def _alt(table: pd.DataFrame) -> str:
    parts = []
    for (context, arm), rows in table[~table["observed"]].groupby(["context", "arm"], sort=False):
        said = [
            f"{series} {', '.join(f'{plain(mean, 2)} at {plain(month, 0)}' for month, mean in _ends(line))}"
            for series, line in rows.groupby("series", sort=False)
        ]
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: {'; '.join(said)} months before")
    return f"Areas under the curve over lead time, truth. {'. '.join(parts)}."


def _ends(line: pd.DataFrame) -> list[tuple[float, float]]:
    ordered = line.sort_values("months")
    return [(ordered["months"].iloc[at], ordered["mean"].iloc[at]) for at in sorted({0, len(ordered) - 1})]


def _table(table: pd.DataFrame) -> Table:
    leads = sorted(set(table["months"]))
    rows: list[tuple[str | None, ...]] = []
    for (context, arm), group in table.groupby(["context", "arm"], sort=False):
        rows.append((place_words(str(context), str(arm)), *(None for _ in leads)))
        for (observed, series), line in group.groupby(["observed", "series"], sort=False):
            at = {row["months"]: row for row in line.to_dict("records")}
            rows.append((LABELS[bool(observed), str(series)], *(_cell(at.get(lead)) for lead in leads)))
    heads = tuple(f"{plain(lead, 0)} months before" for lead in leads)
    caption = "Area under the curve with half its 95 % interval over replications; n: decisions in all of them"
    numeric = tuple(range(1, len(heads) + 1))
    return Table("lead-time", caption, ("predictor", *heads), tuple(rows), numeric=numeric, frame=table)


def _cell(row: Row | None) -> str:
    if row is None:
        return "n/a\nn = 0"
    half = (row["high"] - row["low"]) / 2.0
    spread = f" \N{PLUS-MINUS SIGN}\N{NO-BREAK SPACE}{plain(half, 2)}" if np.isfinite(half) else ""
    return f"{plain(row['mean'], 2)}{spread}\nn = {count(row['n'])}"
