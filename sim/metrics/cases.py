"""The same customer asked again: scores at the end of a contact and in the months after it, solved or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.agents.draws import TICKETS
from sim.metrics.facts import is_only, need
from sim.metrics.long import Measure, Rows
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "case_score": Measure(
        "Mean potential answer of customers with a ticket, by its fate (segment: solved or never_solved, and the "
        "question), at the end of its first contact (time 0) and at the waves of the following months while under "
        "contract (truth: without noise, style, halo; surveyed: as it would be reported). Leavers drop out.",
        "scale points",
    ),
    "case_customer": Measure("Number of the customer whose case is told in `case_story`.", "1"),
    "case_story": Measure(
        "One customer's potential answers at the end of a contact scored 7 or 8 whose problem was never solved, and at "
        "the waves after it (segment: moment and question); the earliest such case of the replication.",
        "scale points",
        view="surveyed",
    ),
}
KEY: Final = ["customer", "contract"]
LED_BY: Final = "nps"
"""The question a case is chosen by."""


def cases(run: Run, *, step_months: float, steps: int) -> pd.DataFrame:
    """Family `cases` (see MEASURES). Reads events and surveys; n answers."""
    need(run.events, "events", ("event", "occurrence", *KEY), "cases")
    need(run.surveys, "surveys", ("trigger", "instrument", "occurrence", "answer", "true_answer", *KEY), "cases")
    rows, step = Rows(), days(step_months)
    asked = run.surveys.astype({"instrument": "str", "trigger": "str"})
    first = _first_contacts(run, asked)
    later = _later(asked, first, step)
    for (fate, question), started in first.groupby(["fate", "instrument"]):
        _course(rows, f"{fate}@{question}", started, 0.0)
        after = later[(later["fate"] == fate) & (later["instrument"] == question)]
        for place in range(1, steps + 1):
            _course(rows, f"{fate}@{question}", after[after["step"] == place], place * step)
    if first.empty:
        rows.add("case_score", np.nan, 0)
    _story(rows, asked, first, step * steps)
    return rows.frame()


def _course(rows: Rows, segment: str, answers: pd.DataFrame, time_days: float) -> None:
    for view, column in (("truth", "true_answer"), ("surveyed", "answer")):
        rows.add("case_score", answers[column].mean(), len(answers), view, segment, time_days)


def _first_contacts(run: Run, asked: pd.DataFrame) -> pd.DataFrame:
    """Answers at the end of the first contact of each ticket, with the ticket's fate."""
    solved = run.events[is_only(run.events, "event", "ticket_resolved")][[*KEY, "occurrence"]]
    first = asked[(asked["trigger"] == "contact_end") & (asked["occurrence"] < TICKETS)]
    found = first.merge(solved.assign(solved=True), on=[*KEY, "occurrence"], how="left")
    return found.assign(fate=np.where(found["solved"].isna(), "never_solved", "solved"))


def _later(asked: pd.DataFrame, first: pd.DataFrame, step: float) -> pd.DataFrame:
    """Waves of the same customer after the contact, by steps of time."""
    start = first[[*KEY, "instrument", "fate", "time_days"]].rename(columns={"time_days": "since_days"})
    waves = asked[asked["trigger"] == "wave"].merge(start, on=[*KEY, "instrument"])
    place = np.ceil((waves["time_days"] - waves["since_days"]) / step)
    return waves.assign(step=place)


def _story(rows: Rows, asked: pd.DataFrame, first: pd.DataFrame, span: float) -> None:
    """The earliest case scored 7 or 8 at the end of a contact, never solved, and asked until `span` later."""
    led = first[(first["instrument"] == LED_BY) & (first["fate"] == "never_solved") & first["answer"].between(7, 8)]
    last = asked[asked["trigger"] == "wave"].groupby(KEY, as_index=False).agg(last=("time_days", "max"))
    led = led.merge(last, on=KEY)
    led = led[led["last"] >= led["time_days"] + span].sort_values(["time_days", "customer"])
    if led.empty:
        rows.add("case_customer", np.nan, 0)
        rows.add("case_story", np.nan, 0, "surveyed")
        return
    case = led.iloc[0]
    rows.add("case_customer", case["customer"], 1)
    mine = asked[(asked["customer"] == case["customer"]) & (asked["contract"] == case["contract"])]
    mine = mine[mine["time_days"].between(case["time_days"], case["time_days"] + span)]
    contact = (mine["trigger"] == "contact_end") & (mine["occurrence"] == case["occurrence"])
    mine = mine[(contact | (mine["trigger"] == "wave")) & (mine["instrument"] != "outcome_reading")]
    for row in mine.itertuples():
        rows.add("case_story", row.answer, 1, "surveyed", f"{row.trigger}@{row.instrument}", row.time_days)
