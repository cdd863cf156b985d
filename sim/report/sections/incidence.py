"""Why customers leave: what would have kept them, beside what they say."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.events import CAUSES
from sim.report.blocks import Figure, Section, Table
from sim.report.facts import across
from sim.report.levels import Row, by_arm, of_place, rows_of
from sim.report.numbers import count, plain
from sim.report.plot.dots import FIRST, SECOND, dots, dots_height
from sim.report.sections.grid import MOST, grid
from sim.report.sections.tenure import percent
from sim.report.wording import context_words, place_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Place, Result

WHAT = "leaving by cause (metrics incidence)"
TOTAL: Final = "total"
SERIES: Final = {"truth": FIRST._replace(label="but-for cause"), "stated": SECOND._replace(label="what leavers say")}
LABELS: Final = {
    **{cause: cause for cause in CAUSES},
    "chance": "no single cause",
    "involuntary": "failed payment",
    "cancelled_before_go-live": "cancelled before go-live",
}
_METRIC = re.compile(r"left_by_cause_(\d+)")
_READING = (
    "Share of all customers won that had left by this tenure (cumulative incidence, causes competing). Filled: but-for "
    "causes, each of which alone, put back to its reference, would have kept the customer; a leaver can have several, "
    "so these overlap. Hollow: the one cause an exit survey reports."
)


def has(result: Result) -> bool:
    """Whether the family was computed."""
    return _latest(result) is not None


def section(result: Result) -> Section | None:
    """A panel per arm and context at the longest tenure reached."""
    month = _latest(result)
    if month is None:
        return None
    table = points(result, month)
    places = by_arm(result, table, MOST)

    def panel(ax: Axes, place: Place) -> None:
        dots(of_place(table, place), list(SERIES.values()), ax=ax, unit=f"left by {month} months, %")

    drawn = grid(result, places, dots_height(table["label"].nunique()), panel)
    figure = Figure(
        name="incidence",
        question="Why do customers leave, and is it what they say?",
        reading=_READING,
        alt=_alt(table, month),
        draw=drawn.draw,
        table=_table(table, month),
        wide=drawn.wide,
        narrow=drawn.narrow,
    )
    return Section("incidence", "Why customers leave", [figure])


def _latest(result: Result) -> int | None:
    """The longest tenure that any replication reached."""
    m = result.metrics
    rows = m[(m["segment"] == TOTAL) & (m["n"] > 0) & (m["view"] == "truth")]
    found = [int(match[1]) for name in rows["metric"].unique() if (match := _METRIC.fullmatch(str(name)))]
    return max(found, default=None)


def points(result: Result, month: int) -> pd.DataFrame:
    """Columns context, arm, label, series, mean, low, high (percent), n; causes that anybody left for."""
    import pandas as pd

    rows = rows_of(result, (f"left_by_cause_{month}",))
    found = []
    for place in result.places:
        for view, mark in SERIES.items():
            of_view = of_place(rows, place)
            of_view = of_view[of_view["view"] == view]
            totals = of_view[(of_view["segment"] == TOTAL) & (of_view["n"] > 0)]
            for cause, label in LABELS.items():
                segment = f"any_{cause}" if view == "truth" and cause in CAUSES else cause
                spread = across(_shares(of_view, segment, totals["replication"]))
                low, high = np.clip([spread.low, spread.high], 0.0, 1.0)
                if math.isfinite(spread.mean):
                    numbers = (100.0 * spread.mean, 100.0 * low, 100.0 * high, int(totals["n"].sum()))
                    found.append((place.context, place.arm, label, mark.label, *numbers))
    table = pd.DataFrame(found, columns=["context", "arm", "label", "series", "mean", "low", "high", "n"])
    met = table.groupby("label")["mean"].max() > 0.0
    return table[table["label"].map(met)]


def _shares(rows: pd.DataFrame, segment: str, replications: pd.Series[int]) -> pd.Series[float]:
    """One share per replication: 0 where nobody left for this cause."""
    chosen = rows[rows["segment"] == segment].set_index("replication")["value"]
    return chosen.reindex(replications.to_numpy(), fill_value=0.0)


def _alt(table: pd.DataFrame, month: int) -> str:
    parts = []
    for (context, arm), rows in table.groupby(["context", "arm"], sort=False):
        said = []
        for series, of_series in rows.groupby("series", sort=False):
            top = of_series.sort_values("mean", ascending=False).head(3)
            causes = ", ".join(f"{a} {plain(b, 1)} %" for a, b in zip(top["label"], top["mean"], strict=True))
            said.append(f"{series} {causes}")
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: {'; '.join(said)}")
    return f"Dot plot of the share that had left by {month} months, the largest causes. {'. '.join(parts)}."


def _table(table: pd.DataFrame, month: int) -> Table:
    columns = ("cause", *(mark.label for mark in SERIES.values()))
    rows: list[tuple[str | None, ...]] = []
    for (context, arm), group in table.groupby(["context", "arm"], sort=False):
        rows.append((f"{place_words(str(context), str(arm))}, {count(group['n'].max())} customers won", None, None))
        for label, lines in group.groupby("label", sort=False):
            at = {row["series"]: row for row in lines.to_dict("records")}
            rows.append((str(label), *(_cell(at.get(mark.label)) for mark in SERIES.values())))
    caption = f"Left the first contract by {month} months, share of customers won, with half the 95 % interval"
    return Table("incidence", caption, columns, tuple(rows), numeric=(1, 2), frame=table)


def _cell(row: Row | None) -> str:
    return percent(row["mean"] / 100.0, row["low"] / 100.0, row["high"] / 100.0) if row else "n/a"
