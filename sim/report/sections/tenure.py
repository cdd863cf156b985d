"""What becomes of customers as they age: results at 12, 24, 36 and 60 months of tenure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.blocks import Figure, Section, Table
from sim.report.facts import across
from sim.report.numbers import NO_BREAK, NOT_REACHED, PLAIN, count, places_for, plain
from sim.report.plot.panels import MOST_PANELS, panels, panels_height
from sim.report.plot.tenure import tenure
from sim.report.style import NARROW_INCHES, WIDE_INCHES
from sim.report.wording import context_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Result

MONTHS = (12, 24, 36, 60)
FAMILIES = {
    "logo_retention": "customers kept",
    "grr": "revenue kept (GRR)",
    "nrr": "revenue kept and grown (NRR)",
}
DRAWN = "nrr"
_READING = (
    "Recurring revenue at each tenure as a share of what the same customers paid at first, expansion included "
    "(NRR). Tenure counts from the day the first contract was signed. Marks: mean over replications with its "
    f"95 % interval. A tenure nobody was followed for is {NOT_REACHED}, not zero."
)


def section(result: Result) -> Section | None:
    """A panel per context and one table of all three measures; None where they were not computed."""
    points = read(result)
    if points.empty:
        return None
    contexts = list(dict.fromkeys(points["context"]))[:MOST_PANELS]
    drawn = points[points["family"] == DRAWN]

    def panel(ax: Axes, position: int) -> None:
        rows = drawn[drawn["context"] == contexts[position]]
        tenure(rows, result.arms, ax=ax, legend=False)

    figure = Figure(
        name="tenure",
        question="Does revenue from the same customers grow or shrink?",
        reading=_READING,
        alt=_alt(drawn),
        draw=lambda canvas: panels(canvas, [context_words(c) for c in contexts], panel),
        table=_table(points),
        wide=(WIDE_INCHES, panels_height(len(contexts), WIDE_INCHES)),
        narrow=(NARROW_INCHES, panels_height(len(contexts), NARROW_INCHES)),
        open_table=True,
    )
    return Section("tenure", "After one, two, three and five years", [figure])


def read(result: Result) -> pd.DataFrame:
    """Columns context, arm, family, months, mean, low, high, replications, n; nan and 0 if not reached."""
    import pandas as pd

    rows = []
    m = result.metrics[result.metrics["segment"] == "all"]
    for family in FAMILIES:
        for month in MONTHS:
            groups = m[m["metric"] == f"{family}_{month}"].groupby(["context", "arm"], sort=False, observed=True)
            found = {key: (across(group["value"]), int(group["n"].sum())) for key, group in groups}
            for place in result.places:
                if (place.context, place.arm) in found:
                    spread, n = found[(place.context, place.arm)]
                    known = (spread.mean, spread.low, spread.high, spread.replications) if n else (np.nan,) * 3 + (0,)
                    rows.append((place.context, place.arm, family, month, *known, n))
    columns = ["context", "arm", "family", "months", "mean", "low", "high", "replications", "n"]
    return pd.DataFrame(rows, columns=columns)


def _table(points: pd.DataFrame) -> Table:
    several = points["context"].nunique() > 1
    rows: list[tuple[str | None, ...]] = []
    for family, label in FAMILIES.items():
        of_family = points[points["family"] == family]
        rows += [(label, *(None for _ in MONTHS))] if len(of_family) else []
        for (context, arm), of_arm in of_family.groupby(["context", "arm"], sort=False):
            place = f"\n{context_words(str(context))}" if several else ""
            rows.append((words(str(arm)) + place, *(_cell(of_arm, month) for month in MONTHS)))
    columns = ("tenure", *(f"{month} months" for month in MONTHS))
    caption = "Mean and half the 95 % interval over replications; n: customers seen that long, in all of them"
    return Table("tenure", caption, columns, tuple(rows), numeric=(1, 2, 3, 4), frame=points)


def _cell(of_arm: pd.DataFrame, month: int) -> str:
    rows = of_arm[of_arm["months"] == month]
    if rows.empty or not rows["n"].iloc[0] or not np.isfinite(rows["mean"].iloc[0]):
        return f"{NOT_REACHED}\nn = 0"
    row = rows.iloc[0]
    return f"{percent(row['mean'], row['low'], row['high'])}\nn = {count(row['n'])}"


def percent(mean: float, low: float, high: float) -> str:
    """A share with half its interval, in percent."""
    half = 50.0 * (high - low)
    if not np.isfinite(half) or half <= 0.0:
        return f"{plain(100.0 * mean, 1)}{NO_BREAK}%"
    places = min(max(places_for(mean, PLAIN, half), 0), 1)
    return f"{plain(100.0 * mean, places)} \N{PLUS-MINUS SIGN}{NO_BREAK}{plain(half, places)}{NO_BREAK}%"


def _alt(drawn: pd.DataFrame) -> str:
    parts = []
    for (context, arm), rows in drawn.groupby(["context", "arm"], sort=False):
        known = rows[rows["mean"].notna()]
        values = [f"{plain(100 * m, 0)} % at {t} months" for t, m in zip(known["months"], known["mean"], strict=True)]
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: {', '.join(values) or NOT_REACHED}")
    return f"Net revenue retention by tenure. {'; '.join(parts)}."
