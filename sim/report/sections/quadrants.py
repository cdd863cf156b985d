"""Who leaves happy and who stays unhappy, against what the table would look like anyway."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.report.blocks import Figure, Section, Table
from sim.report.levels import Row, by_arm, levels, of_place, rows_of
from sim.report.numbers import count, plain
from sim.report.plot.dots import FIRST, SECOND, THIRD, dots, dots_height
from sim.report.sections.grid import MOST, grid
from sim.report.sections.tenure import percent
from sim.report.wording import context_words, place_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Place, Result

WHAT = "happy leavers and unhappy stayers (metrics quadrants)"
GROUPS: Final = {
    "happy_reached": "happy, outcome reached",
    "happy_missed": "happy, outcome missed",
    "unhappy_reached": "unhappy, outcome reached",
    "unhappy_missed": "unhappy, outcome missed",
}
SERIES: Final = {
    "leaving_share": FIRST._replace(label="left"),
    "leaving_share_if_experience_only": SECOND._replace(label="expected if experience alone decided"),
    "leaving_share_if_independent": THIRD._replace(label="expected if neither mattered"),
}
Pairs = tuple[tuple[str, str], ...]
ODDS: Final[dict[str, Pairs]] = {
    "outcome reached, equally happy": (("happy_reached", "happy_missed"), ("unhappy_reached", "unhappy_missed")),
    "happy, same outcome": (("happy_reached", "unhappy_reached"), ("happy_missed", "unhappy_missed")),
}
"""(higher, lower) quadrant of each stratum."""
LOCKED: Final = ("held_share", "term_bound_share")
_READING = (
    "Voluntary decisions soon after a reading, truth against truth: happy means true experience at or above the "
    "reference, reached means perceived outcome at or above its own, both the same for all arms. Dots with 95 % "
    "intervals: who left. Where a dot lies beside the diamond, the outcome tells what experience does not."
)


def has(result: Result) -> bool:
    """Whether the family was computed."""
    return len(rows_of(result, ("leaving_share",))) > 0


def section(result: Result) -> Section | None:
    """A panel per arm and context, and a table of odds ratios with lock-in beside it."""
    if not has(result):
        return None
    table = levels(rows_of(result, tuple(SERIES), view="truth"), by_cases=True)
    table = table[table["segment"].isin(GROUPS)]
    places = by_arm(result, table, MOST)

    def panel(ax: Axes, place: Place) -> None:
        dots(_points(of_place(table, place)), list(SERIES.values()), ax=ax, unit="leave at the decision, %")

    drawn = grid(result, places, dots_height(len(GROUPS)) + 0.1, panel)
    figure = Figure(
        name="quadrants",
        question="Do happy customers leave and unhappy ones stay?",
        reading=_READING,
        alt=_alt(table),
        draw=drawn.draw,
        table=_table(table),
        wide=drawn.wide,
        narrow=drawn.narrow,
    )
    return Section("quadrants", "Happy leavers, unhappy stayers", [figure, _odds(result)])


def _points(rows: pd.DataFrame) -> pd.DataFrame:
    """Percent, in the order of GROUPS; an expectation is drawn without interval."""
    import pandas as pd

    found = []
    for segment, label in GROUPS.items():
        for row in rows[(rows["segment"] == segment) & rows["mean"].notna()].to_dict("records"):
            mean, low, high = (100.0 * row[name] for name in ("mean", "low", "high"))
            ends = (max(low, 0.0), min(high, 100.0)) if row["metric"] == "leaving_share" else (math.nan, math.nan)
            found.append((label, SERIES[row["metric"]].label, mean, *ends))
    return pd.DataFrame(found, columns=["label", "series", "mean", "low", "high"])


def _alt(table: pd.DataFrame) -> str:
    parts = []
    for (context, arm), rows in table[table["metric"] == "leaving_share"].groupby(["context", "arm"], sort=False):
        shares = dict(zip(rows["segment"], rows["mean"], strict=True))
        said = ", ".join(
            f"{label} {plain(100 * shares[name], 0)} %" for name, label in GROUPS.items() if _known(shares, name)
        )
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: {said}")
    return f"Dot plot of the share that leaves, by quadrant. {'; '.join(parts)}."


def _known(shares: dict[str, float], name: str) -> bool:
    return math.isfinite(shares.get(name, math.nan))


def _table(table: pd.DataFrame) -> Table:
    columns = ("quadrant", "decisions", *(mark.label for mark in SERIES.values()))
    rows: list[tuple[str | None, ...]] = []
    for (context, arm), group in table.groupby(["context", "arm"], sort=False):
        rows.append((place_words(str(context), str(arm)), *(None for _ in columns[1:])))
        for segment, label in GROUPS.items():
            of_group = {row["metric"]: row for row in group[group["segment"] == segment].to_dict("records")}
            if "leaving_share" in of_group:
                n = count(of_group["leaving_share"]["n"])
                rows.append((label, n, *(_share(of_group.get(metric)) for metric in SERIES)))
    caption = "Share that leaves, cases by cases over all replications, with half its 95 % interval"
    return Table("quadrants", caption, columns, tuple(rows), numeric=(1, 2, 3, 4), frame=table)


def _share(row: Row | None) -> str:
    return percent(row["mean"], row["low"], row["high"]) if row and math.isfinite(row["mean"]) else "n/a"


def _odds(result: Result) -> Table:
    """Odds ratios of the counts of all replications, lock-in beside them."""
    from sim.metrics.quadrants import EVERYONE

    shares = levels(rows_of(result, LOCKED, view="truth", segment=EVERYONE), by_cases=True)
    counts = rows_of(result, ("leaving_share",), view="truth")
    columns = ("odds of staying", *ODDS, "stays only because leaving is hard", "bound by its term")
    rows = []
    for place in result.places:
        cells = of_place(counts, place)
        if len(cells):
            held = {row["metric"]: row for row in of_place(shares, place).to_dict("records")}
            ratios = [_ratio(cells, pairs) for pairs in ODDS.values()]
            rows.append((place_words(place.context, place.arm), *ratios, *(_share(held.get(name)) for name in LOCKED)))
    caption = (
        "Odds ratio of staying with its 95 % interval (1: no difference), counts of all replications together; the "
        "locked-in are counted apart: the held are among those who decide, the bound face no decision and are in no "
        "quadrant"
    )
    return Table("odds", caption, columns, tuple(rows), numeric=(1, 2, 3, 4), frame=shares)


def _ratio(cells: pd.DataFrame, pairs: Pairs) -> str:
    """Odds ratio of staying, pooled over strata, with its interval."""
    import numpy as np
    from scipy.special import stdtrit

    from sim.statements.happy_leavers import jackknifed

    counted = cells.assign(left=(cells["value"] * cells["n"]).fillna(0.0))
    named = [name for pair in pairs for name in pair]
    left, n = (
        counted.pivot_table(index="replication", columns="segment", values=one, aggfunc="sum", observed=True)
        .reindex(columns=named)
        .fillna(0.0)
        for one in ("left", "n")
    )
    strata = [[n[high] - left[high], left[high], n[low] - left[low], left[low]] for high, low in pairs]
    odds = jackknifed(np.array(strata, dtype=np.float64))
    if math.isnan(odds.log):
        return "too few"
    middle = plain(math.exp(odds.log), 1)
    if not math.isfinite(odds.error):
        return middle
    half = float(stdtrit(odds.replications - 1, 0.975)) * odds.error
    return f"{middle}\n{plain(math.exp(odds.log - half), 1)} to {plain(math.exp(odds.log + half), 1)}"
