"""What knowing costs: money that went into surveys, telemetry, readings and reading what was said, per candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.metrics.facts import need
from sim.metrics.long import MONEY_PER_CANDIDATE, Measure, Rows, ratio
from sim.metrics.value import cohort, spent_until

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

ACCOUNTS: Final = ("spend_surveys", "spend_readings", "spend_feedback")
MEASURES: Final = {
    "measuring_per_candidate": Measure(
        "Survey invitations, telemetry, outcome readings, and reading and routing of what customers say, paid over "
        "window and follow-up, discounted to time 0, times the window's share of the primary candidates of the entry "
        "phase, per primary candidate of the window: the part of spending_per_candidate that went into knowing.",
        MONEY_PER_CANDIDATE,
        higher_is_better=False,
    ),
}


def measuring(run: Run) -> pd.DataFrame:
    """Family `measuring` (see MEASURES). Reads customers, ledger; n primary candidates of the window."""
    need(run.customers, "customers", ("stream", "candidate_days", "won_days"), "measuring")
    need(run.ledger, "ledger", ("account", "amount", "time_days"), "measuring")
    who, rows = cohort(run), Rows()
    inside, arrived = int((who.primary & who.in_window).sum()), int((who.primary & who.in_entry).sum())
    until = run.windows.window_days + run.windows.follow_days
    spent = -spent_until(run, ACCOUNTS, until, run.discount_rate_per_year)
    rows.add("measuring_per_candidate", ratio(spent * ratio(inside, arrived), inside), inside)
    return rows.frame()
