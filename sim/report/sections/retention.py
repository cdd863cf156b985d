"""How long customers stay: Kaplan-Meier curves with the number at risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.blocks import Figure, Section, Table
from sim.report.facts import read_customers, survival
from sim.report.numbers import NO_BREAK, NOT_REACHED, count, plain
from sim.report.plot.panels import MOST_PANELS, panels, panels_height
from sim.report.plot.retention import retention
from sim.report.style import NARROW_INCHES, WIDE_INCHES
from sim.report.wording import context_words, words

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Result

FEW = 20
"""With fewer customers at risk, over all replications, a curve says nothing and is not drawn."""

_READING = (
    "Share of first contracts still running, by months since they were signed (Kaplan-Meier; every cause of "
    "leaving, cancelled implementations included). Shaded: 95 % interval over replications. Contracts open at "
    f"the end count for as long as they were seen; a curve stops where fewer than {FEW} customers are left."
)


def section(result: Result) -> Section | None:
    """A panel per context and the at-risk table; None where no arm kept its customers table."""
    table = curves(result)
    if table.empty:
        return None
    contexts = list(dict.fromkeys(table["context"]))[:MOST_PANELS]
    figure = Figure(
        name="retention",
        question="How many customers are still there?",
        reading=_READING,
        alt=_alt(table),
        draw=lambda canvas: panels(canvas, [context_words(c) for c in contexts], _panel(result, table, contexts)),
        table=_table(result, table),
        wide=(WIDE_INCHES, panels_height(len(contexts), WIDE_INCHES)),
        narrow=(NARROW_INCHES, panels_height(len(contexts), NARROW_INCHES)),
        open_table=True,
    )
    return Section("retention", "How long customers stay", [figure])


def _panel(result: Result, table: pd.DataFrame, contexts: list[str]) -> Callable[[Axes, int], None]:
    drawn = table[table["at_risk"] >= FEW]

    def plot(ax: Axes, position: int) -> None:
        rows = drawn[drawn["context"] == contexts[position]]
        retention(rows, result.arms, ax=ax, legend=False, last=result.horizon_months)

    return plot


def curves(result: Result) -> pd.DataFrame:
    """Curves of all arms: columns context, arm, months, share, low, high, at_risk."""
    import pandas as pd

    found = []
    for place in result.places:
        customers = read_customers(place.folder / "customers.parquet")
        if customers is not None:
            curve = survival(customers, result.horizon_months)
            found.append(curve.assign(context=place.context, arm=place.arm))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _months(result: Result) -> list[int]:
    last = int(result.horizon_months)
    step = 12 if last >= 24 else max(1, last // 4)
    return list(range(0, last + 1, step))


def _at(rows: pd.DataFrame, month: int) -> pd.Series | None:
    found = rows[rows["months"] == month]
    return None if found.empty or found["at_risk"].iloc[0] < 1 else found.iloc[0]


def _table(result: Result, table: pd.DataFrame) -> Table:
    months = _months(result)
    several = table["context"].nunique() > 1
    rows: list[tuple[str | None, ...]] = []
    for context, in_context in table.groupby("context", sort=False):
        if several:
            rows.append((context_words(str(context)), *(None for _ in months)))
        for arm, of_arm in in_context.groupby("arm", sort=False):
            rows.append((words(str(arm)), *(_cell(_at(of_arm, month)) for month in months)))
    columns = ("months of tenure", *(str(month) for month in months))
    caption = f"Still there, and number at risk in all {result.replications} replications together"
    numeric = tuple(range(1, len(columns)))
    return Table("retention", caption, columns, tuple(rows), numeric=numeric, frame=table)


def _cell(point: pd.Series | None) -> str:
    if point is None:
        return f"{NOT_REACHED}\nn = 0"
    return f"{plain(100 * point['share'], 1)}{NO_BREAK}%\n{count(point['at_risk'])} at risk"


def _alt(table: pd.DataFrame) -> str:
    parts = []
    for (context, arm), rows in table.groupby(["context", "arm"], sort=False):
        known = [(m, _at(rows, m)) for m in (12, 24, 36, 48, 60)]
        shares = [f"{plain(100 * at['share'], 0)} % at {m} months" for m, at in known if at is not None]
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: {', '.join(shares) or 'too short'}")
    return f"Retention curves. {'; '.join(parts)}."
