"""The same candidate under two policies: kept, delayed, won, never a customer, hastened, lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.blocks import Figure, Section, Table
from sim.report.levels import by_arm, of_place
from sim.report.numbers import count, plain, shown, span
from sim.report.plot.fates import GAINED, LOST, fates, fates_height
from sim.report.sections.grid import MOST, grid
from sim.report.sections.tenure import percent
from sim.report.wording import context_words, place_words, words

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.result import Result

WHAT = "twins under two policies (two arms or more)"
_READING = (
    "Every candidate lives under both policies, with the same traits and the same luck. Right: better off with the arm "
    "than with the baseline (kept: left there, still here; delayed: leaves later; won: never a customer there). Left: "
    "worse off. Thin lines: 95 % intervals."
)


def has(result: Result) -> bool:
    """Whether arms could be paired."""
    table = result.extra("twins")
    return table is not None and len(table) > 0


def section(result: Result) -> Section | None:
    """A panel per arm and context against the baseline."""
    table = result.extra("twins")
    if table is None or table.empty:
        return None
    places = by_arm(result, table, MOST)
    drawn = grid(result, places, fates_height(), lambda ax, place: fates(of_place(table, place), ax=ax))
    baseline = words(str(table["baseline"].iloc[0]))
    arms = [words(arm) for arm in dict.fromkeys(table["arm"])]
    who = arms[0] if len(arms) == 1 else "another policy"
    figure = Figure(
        name="twins",
        question=f"Whom does {who} gain, and whom does it lose, against {baseline}?",
        reading=_READING,
        alt=_alt(table),
        draw=drawn.draw,
        table=_table(result, table),
        wide=drawn.wide,
        narrow=drawn.narrow,
    )
    return Section("twins", "The same customers twice", [figure])


def _alt(table: pd.DataFrame) -> str:
    parts = []
    for (context, arm), rows in table.groupby(["context", "arm"], sort=False):
        share = dict(zip(rows["fate"], rows["share"], strict=True))
        said = ", ".join(f"{name} {plain(100 * share[name], 1)} %" for name in (*GAINED, *LOST) if name in share)
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: {said}")
    return f"Bars of the share of candidates by what the arm changes for them. {'; '.join(parts)}."


def _table(result: Result, table: pd.DataFrame) -> Table:
    columns = ("fate", "share of candidates", "customers", "receipts per candidate", "95 % interval", "each")
    unit = result.unit("receipts_per_candidate")
    rows: list[tuple[str | None, ...]] = []
    for (context, arm), group in table.groupby(["context", "arm"], sort=False):
        rows.append((place_words(str(context), str(arm)), *(None for _ in columns[1:])))
        for row in group.to_dict("records"):
            half = (row["money_high"] - row["money_low"]) / 2.0
            rows.append(
                (
                    f"{words(str(row['fate']))}\n{row['meaning']}",
                    percent(row["share"], row["share_low"], row["share_high"]),
                    count(row["customers"]),
                    shown(row["money_per_candidate"], unit, half, signed=True),
                    span(row["money_low"], row["money_high"], unit),
                    shown(row["money_per_twin"], unit, signed=True),
                )
            )
    caption = (
        "First contracts of the window's candidates; receipts of the arm minus the baseline's add up over the rows"
    )
    return Table("twins", caption, columns, tuple(rows), numeric=(1, 2, 3, 4, 5), frame=table)
