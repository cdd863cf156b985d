"""Customers worth a story: who left although happy, who stayed although unhappy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.checks import InputError
from sim.story.lives import read, setting
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

FRESH_DAYS = days(6)
"""A reading older than this says little about how somebody felt on the day."""


class Example(NamedTuple):
    """A customer found, and why."""

    replication: int
    customer: int
    reason: str


def happy_leaver(folder: Path, replication: int | None) -> Example:
    """Who felt best at the last reading before leaving by choice under the first contract."""
    found = _last_feeling(folder, replication, "churned")
    if found.empty:
        raise InputError("nobody left by choice in this arm, so there is no happy leaver (try another arm or world)")
    mean = setting(folder).experience[0]
    content, why = found["experience"] > mean, found["detail"].astype(str)
    # what the distinction teaches: content people whose outcome drove them away come first, bad luck last
    found["turn"] = 2 - (content & (why != "chance")).astype(int) - (content & why.str.contains("outcome")).astype(int)
    order = ["turn", "experience", "replication", "customer"]
    best = found.sort_values(order, ascending=[True, False, True, True]).iloc[0]
    reason = "the leaver who felt best at the last reading before the end"
    return _example(best, f"{reason}, among those whom their outcome drove away" if best["turn"] == 0 else reason)


def unhappy_stayer(folder: Path, replication: int | None) -> Example:
    """Who felt worst at the last reading before a renewal and renewed all the same."""
    found = _last_feeling(folder, replication, "renewed")
    if found.empty:
        raise InputError("nobody renewed in this arm, so there is no unhappy stayer (try a longer horizon)")
    worst = found.sort_values(["experience", "replication", "customer"]).iloc[0]
    return _example(worst, "the customer who felt worst at the last reading before renewing all the same")


def _example(row: pd.Series, reason: str) -> Example:
    return Example(int(row["replication"]), int(row["customer"]), reason)


def _last_feeling(folder: Path, replication: int | None, event: str) -> pd.DataFrame:
    """Per decision of a first contract the true experience at the last fresh reading before it."""
    import pandas as pd

    where = [] if replication is None else [("replication", "==", replication)]
    key = ["replication", "customer", "contract"]
    made = read(folder, "events", where, [*key, "time_days", "event", "detail"])
    made = made[(made["event"] == event) & (made["detail"] != "involuntary") & (made["contract"] == 1)]
    felt = read(folder, "surveys", where, [*key, "time_days", "trigger", "experience"])
    felt = felt[felt["trigger"] != "exit"].drop(columns="trigger")
    made = made.drop(columns="event").sort_values("time_days", kind="stable")
    merged = pd.merge_asof(
        made,
        felt.sort_values("time_days", kind="stable"),
        on="time_days",
        by=key,
        tolerance=FRESH_DAYS,  # type: ignore[arg-type]  # the stubs know times only
        allow_exact_matches=False,
    )
    return merged.dropna(subset="experience")
