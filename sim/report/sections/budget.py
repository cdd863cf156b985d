"""What each policy does with the same money."""

from __future__ import annotations

import pandas as pd

from sim.report.blocks import Figure, Note, Section, Table
from sim.report.facts import read_ledger, spending
from sim.report.numbers import count, plain
from sim.report.plot.budget import bar_height, budget
from sim.report.result import Result
from sim.report.style import NARROW_INCHES, WIDE_INCHES, account_rank, account_style
from sim.report.wording import context_words, words

MOST_BARS = 12
EQUAL_WITHIN = 1e-6
"""Relative difference up to which totals count as equal."""


def section(result: Result) -> Section | None:
    """One stacked bar per context and arm; None where no ledger was kept."""
    table = allocation(result)
    if table.empty:
        return None
    shown = _first(table, MOST_BARS)
    bars = shown.groupby(["context", "arm"], sort=False).ngroups
    figure = Figure(
        name="budget",
        question="What does each policy do with the same money?",
        reading=_equal(table, result.currency),
        alt=_alt(table),
        draw=lambda canvas: budget(shown, result.currency, ax=canvas.subplots()),
        table=_table(table, result.currency),
        wide=(WIDE_INCHES, bar_height(bars)),
        narrow=(NARROW_INCHES, bar_height(bars) + 0.45),
    )
    note = Note(
        "Spending out of the budget over the whole horizon, undiscounted, mean of the replications. Hosting, "
        "refunds and outcome fees are margin, not budget; money not spent stays in the reserve and counts "
        "as value.",
        "quiet",
    )
    return Section("budget", "Where the money goes", [figure, note])


def _first(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """The rows of the first `most` bars; the table has all of them."""
    return table[table.groupby(["context", "arm"], sort=False).ngroup() < most]


def allocation(result: Result) -> pd.DataFrame:
    """Columns context, arm, account, amount: money per replication over the horizon."""
    found = []
    for place in result.places:
        ledger = read_ledger(place.folder / "ledger.parquet")
        if ledger is not None:
            found.append(spending(ledger).assign(context=place.context, arm=place.arm))
    columns = ["context", "arm", "account", "amount"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _equal(table: pd.DataFrame, currency: str) -> str:
    totals = table.groupby(["context", "arm"], sort=False)["amount"].sum()
    for context, of_arms in totals.groupby(level="context", sort=False):
        if of_arms.max() - of_arms.min() > EQUAL_WITHIN * max(abs(of_arms.max()), 1.0):
            where = context_words(str(context))
            return f"The totals are NOT equal in {where}: compare the arms with this in mind."
    if len(set(totals.round(0))) == 1:
        return f"Every arm has the same {plain(totals.iloc[0], 0)} {currency} to spend, reserve included."
    return "Within a context every arm has the same total, reserve included."


def _wide(table: pd.DataFrame) -> pd.DataFrame:
    wide = table.pivot_table(index=["context", "arm"], columns="account", values="amount", sort=False).fillna(0.0)
    return wide[sorted(wide.columns, key=lambda account: account_rank(str(account)))]


def _alt(table: pd.DataFrame) -> str:
    parts = []
    for (context, arm), rows in table.groupby(["context", "arm"], sort=False):
        total = rows["amount"].sum() or 1.0
        top = rows.sort_values("amount", ascending=False).head(3)
        uses = ", ".join(
            f"{account_style(a).label} {plain(100 * v / total, 0)} %"
            for a, v in zip(top["account"], top["amount"], strict=True)
        )
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: {uses}")
    return f"Stacked bars of the budget, the three largest uses of each. {'; '.join(parts)}."


def _table(table: pd.DataFrame, currency: str) -> Table:
    wide = _wide(table)
    columns = ("context", "arm", *(account_style(str(a)).label for a in wide.columns), "total")
    rows = tuple(
        (context_words(str(context)), words(str(arm)), *(count(v) for v in row), count(row.sum()))
        for (context, arm), row in zip(wide.index, wide.to_numpy(), strict=True)
    )
    numeric = tuple(range(2, len(columns)))
    return Table("budget", f"Budget by use, {currency} per replication", columns, rows, 2, numeric, table)
