"""Which form of the success ratio orders customers by renewal, best first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.pooled import pooled
from sim.report.blocks import Figure, Section, Table
from sim.report.levels import Row, by_arm, of_place, rows_of
from sim.report.numbers import count, plain
from sim.report.plot.dots import FIRST, SECOND, areas, dots_height
from sim.report.sections.grid import MOST, grid
from sim.report.wording import context_words, place_words, words
from sim.statements.success_ratio import ENOUGH, PAIRINGS, area

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Place, Result

AREA: Final = "success_ratio_auc"
METRICS: Final = (AREA, "decisions_lost", "success_ratio_corr_experience")
NAMES: Final = dict(zip(PAIRINGS, ("true states", "answer and reading"), strict=True))
MARKS: Final = (FIRST._replace(label=NAMES["truth"]), SECOND._replace(label=NAMES["observed"]))
_NOT_MEASURED: Final = pooled(np.zeros(0), np.zeros(0))
_READING = (
    "Area under the curve for the next voluntary renewal: the chance that of two customers the one who renews had the "
    "higher number; .5 is a coin, and below it a form puts those who leave first. Literal is outcome over experience. "
    "Hollow: the same form from a survey's answer and an outcome reading. Lines: 95 % intervals."
)


def section(result: Result) -> Section | None:
    """A panel per arm and context; None unless the family success_ratio was computed."""
    table = points(result)
    if table.empty:
        return None

    def panel(ax: Axes, place: Place) -> None:
        areas(of_place(table, place), MARKS, ax)

    drawn = grid(result, by_arm(result, table, MOST), dots_height(table["label"].nunique()) + 0.8, panel)
    figure = Figure(
        name="ratio",
        question="Which form of the success ratio orders customers by whether they renew?",
        reading=_READING,
        alt=_alt(table),
        draw=drawn.draw,
        table=_table(table),
        wide=drawn.wide,
        narrow=drawn.narrow,
    )
    return Section("ratio", "Success as a ratio", [figure])


def points(result: Result) -> pd.DataFrame:
    """Columns context, arm, label, series, mean, low, high, n, follows; best by truth first,
    the same order in every place; nan where a form was not measured."""
    import pandas as pd

    rows = rows_of(result, METRICS)
    found = []
    for place in result.places if (rows["metric"] == AREA).any() else ():
        here = of_place(rows, place)
        for form in dict.fromkeys(here.loc[here["metric"] == AREA, "segment"]):
            for view, name in NAMES.items():
                mine = here[(here["view"] == view) & (here["segment"] == form)]
                spread = area(here, form, view) if (mine["metric"] == AREA).any() else _NOT_MEASURED
                n = int(mine.loc[mine["metric"] == AREA, "n"].sum())
                follows = float(mine.loc[mine["metric"] == METRICS[2], "value"].mean())
                spread = spread if spread.replications >= ENOUGH else _NOT_MEASURED
                head = (place.context, place.arm, words(form), name)
                found.append((*head, spread.mean, _within(spread.low), _within(spread.high), n, follows))
    columns = ["context", "arm", "label", "series", "mean", "low", "high", "n", "follows"]
    return _best_first(pd.DataFrame(found, columns=columns))


def _within(area_: float) -> float:
    """An end of an interval within [0, 1]; nan stays nan."""
    return float(np.clip(area_, 0.0, 1.0))


def _best_first(table: pd.DataFrame) -> pd.DataFrame:
    """Forms by their mean true area over all places: one order, because panels side by side share their labels."""
    true = table["mean"].where(table["series"] == NAMES["truth"])
    best = true.groupby(table["label"]).transform("mean").fillna(0.0).to_numpy()
    place = (table["context"] + "\0" + table["arm"]).factorize()[0]
    return table.iloc[np.lexsort((-best, place))].reset_index(drop=True)


def _alt(table: pd.DataFrame) -> str:
    parts = []
    for (context, arm), rows in table[table["series"] == NAMES["truth"]].groupby(["context", "arm"], sort=False):
        said = ", ".join(f"{a} {plain(b, 2)}" for a, b in zip(rows["label"], rows["mean"], strict=True))
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: {said}")
    return f"Dot plot of the area under the curve by form of the success ratio; true states: {'; '.join(parts)}."


def _table(table: pd.DataFrame) -> Table:
    rows: list[tuple[str | None, ...]] = []
    for (context, arm), group in table.groupby(["context", "arm"], sort=False):
        rows.append((place_words(str(context), str(arm)) or "all", *(None for _ in range(3))))
        for label, lines in group.groupby("label", sort=False):
            at = {row["series"]: row for row in lines.to_dict("records")}
            follows = plain(at[NAMES["truth"]]["follows"], 2)
            rows.append((str(label), *(_cell(at[name]) for name in NAMES.values()), follows))
    caption = "Area under the curve with its 95 % interval; n: decisions"
    head = ("form", *NAMES.values(), "correlation with true experience")
    return Table("ratio", caption, head, tuple(rows), numeric=(1, 2, 3), frame=table)


def _cell(row: Row) -> str:
    if math.isnan(row["mean"]):
        return "n/a"
    return f"{plain(row['mean'], 2)} ({plain(row['low'], 2)} to {plain(row['high'], 2)})\nn = {count(row['n'])}"
