"""Which survey moment foretells renewal: every moment on the same first decisions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.pooled import Pooled, pairs, pooled
from sim.report.blocks import Figure, Section, Table
from sim.report.levels import Row, by_arm, of_place, rows_of
from sim.report.numbers import count, plain
from sim.report.plot.dots import FIRST, SECOND, areas, dots_height
from sim.report.sections.grid import MOST, grid
from sim.report.wording import context_words, place_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Place, Result

PANEL: Final = "@first_term"
JOURNEY: Final = ("at_purchase", "after_onboarding", "contact_end", "at_resolution", "wave", "pre_renewal")
METRICS: Final = ("moment_auc_experience", "moment_auc_outcome", "moment_lost")
NAMES: Final = {
    ("truth", METRICS[0]): "true experience",
    ("truth", METRICS[1]): "true outcome",
    ("surveyed", METRICS[0]): "survey answer",
    ("surveyed", METRICS[1]): "outcome reading",
    ("observed", METRICS[0]): "survey answer, of those who gave one",
    ("observed", METRICS[1]): "outcome reading, where one was taken",
}
MARKS: Final = (
    FIRST._replace(label="true experience"),
    SECOND._replace(label="true outcome", marker="s", filled=True),
    FIRST._replace(label="survey answer", filled=False),
    SECOND._replace(label="outcome reading", marker="s"),
)
_READING = (
    "Area under the curve for the first renewal: the chance that of two customers the one who renews had the higher "
    "number at that moment; .5 is a coin. All moments stand on the same decisions, so that they differ in time only. "
    "Hollow: what a survey and a reading say, as if everybody had given them. Lines: 95 % intervals."
)


def section(result: Result) -> Section | None:
    """A panel per arm and context; None unless the family survey_timing was computed."""
    table = points(result)
    if table.empty:
        return None
    places = by_arm(result, table, MOST)
    drawn_rows = table[table["series"].isin([mark.label for mark in MARKS])]

    def panel(ax: Axes, place: Place) -> None:
        areas(of_place(drawn_rows, place), MARKS, ax)

    drawn = grid(result, places, dots_height(table["label"].nunique()) + 0.8, panel)
    figure = Figure(
        name="moments",
        question="When should a survey be asked to foretell renewal?",
        reading=_READING,
        alt=_alt(table),
        draw=drawn.draw,
        table=_table(table),
        wide=drawn.wide,
        narrow=drawn.narrow,
    )
    return Section("moments", "What each survey moment foretells", [figure])


def points(result: Result) -> pd.DataFrame:
    """Columns context, arm, label, series, mean, low, high, n, lost; areas weighted by the pairs they compare."""
    import pandas as pd

    rows = rows_of(result, METRICS)
    found = []
    for place in result.places if len(rows) else ():
        here = of_place(rows, place)
        for moment in JOURNEY:
            at = here[here["segment"] == moment + PANEL]
            for (view, metric), name in NAMES.items():
                area, n, lost = _area(at[at["view"] == view], metric)
                if math.isfinite(area.mean):
                    head = (place.context, place.arm, words(moment), name)
                    found.append((*head, area.mean, max(area.low, 0.0), min(area.high, 1.0), n, lost))
    return pd.DataFrame(found, columns=["context", "arm", "label", "series", "mean", "low", "high", "n", "lost"])


def _area(rows: pd.DataFrame, metric: str) -> tuple[Pooled, int, int]:
    """Pooled area, decisions and leavers behind it."""
    wide = rows.pivot_table(index="replication", columns="metric", values=["value", "n"], observed=True, dropna=False)
    if ("value", metric) not in wide.columns:
        return pooled(np.zeros(0), np.zeros(0)), 0, 0
    n, lost = (wide[key].to_numpy(dtype=np.float64) for key in (("n", metric), ("value", METRICS[2])))
    area = pooled(wide[("value", metric)].to_numpy(dtype=np.float64), pairs(n, lost))
    return area, int(n.sum()), int(np.nansum(lost))


def _alt(table: pd.DataFrame) -> str:
    parts = []
    for (context, arm), rows in table[table["series"] == NAMES["truth", METRICS[0]]].groupby(
        ["context", "arm"], sort=False
    ):
        said = ", ".join(f"{a} {plain(b, 2)}" for a, b in zip(rows["label"], rows["mean"], strict=True))
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: {said}")
    return f"Dot plot of the area under the curve by survey moment; true experience: {'; '.join(parts)}."


def _table(table: pd.DataFrame) -> Table:
    names = list(dict.fromkeys(NAMES.values()))
    rows: list[tuple[str | None, ...]] = []
    for (context, arm), group in table.groupby(["context", "arm"], sort=False):
        rows.append((place_words(str(context), str(arm)) or "all", *(None for _ in names)))
        for label, lines in group.groupby("label", sort=False):
            at = {row["series"]: row for row in lines.to_dict("records")}
            rows.append((str(label), *(_cell(at.get(name)) for name in names)))
    caption = "Area under the curve with its 95 % interval; n: decisions, and those against renewal among them"
    return Table(
        "moments", caption, ("moment", *names), tuple(rows), numeric=tuple(range(1, len(names) + 1)), frame=table
    )


def _cell(row: Row | None) -> str:
    if row is None:
        return "n/a"
    ends = f" ({plain(row['low'], 2)} to {plain(row['high'], 2)})" if math.isfinite(row["low"]) else ""
    return f"{plain(row['mean'], 2)}{ends}\nn = {count(row['n'])}, {count(row['lost'])} left"
