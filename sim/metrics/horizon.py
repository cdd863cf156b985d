"""The primary estimand as it stands after one year, two, three: an order of policies may turn with patience.

The same people, the same money and the same discounting as `net_cash_per_candidate`, only cut off earlier: each
candidate of the window is followed for so many months, and the organisation is charged with what it spent until then.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import SAME_DAY, discounted, floats, identity, is_any, need, of_rows
from sim.metrics.long import MONEY_PER_CANDIDATE, Measure, Rows, ratio
from sim.metrics.value import RECEIPTS, Cohort, cohort, spent_until
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "net_cash_by": Measure(
        "Net cash per candidate as it stands after so many months: receipts of the window's candidates within that "
        "time from becoming one, minus spending over window and that time, discounted; at the full follow-up it is "
        "net_cash_per_candidate.",
        MONEY_PER_CANDIDATE,
        timed=True,
    ),
}


def horizon(run: Run, *, months: Sequence[float]) -> pd.DataFrame:
    """Family `horizon` (see MEASURES). Reads customers, ledger; n primary candidates, 0 where not followed so long."""
    need(run.customers, "customers", ("stream", "candidate_days", "won_days"), "horizon")
    need(run.ledger, "ledger", ("party", "account", "amount", "time_days"), "horizon")
    who, rows = cohort(run), Rows()
    n = int((who.primary & who.in_window).sum())
    for month in months:
        followed = days(month) <= run.windows.follow_days + SAME_DAY
        value = (
            ratio(receipts_within(run, who, days(month)) - spending_within(run, who, days(month)), n)
            if followed
            else math.nan
        )
        rows.add(f"net_cash_by_{month:g}", value, n if followed else 0, time_days=days(month))
    return rows.frame()


def receipts_within(run: Run, who: Cohort, follow_days: float) -> float:
    """Discounted receipts of the window's candidates and referrals, each followed so long."""
    ledger = run.ledger
    row, time = who.people.rows(identity(ledger, "party")), floats(ledger, "time_days")
    start = of_rows(who.start, row)
    age = time - start
    counted = (age >= -SAME_DAY) & (age < follow_days - SAME_DAY) & (start < run.windows.window_days)
    counted &= is_any(ledger, "account", RECEIPTS)
    worth = floats(ledger, "amount")[counted] * discounted(time[counted], run.discount_rate_per_year)
    return float(np.sum(worth))


def spending_within(run: Run, who: Cohort, follow_days: float) -> float:
    """Discounted money of the organisation over window and follow-up, the window's share of it."""
    until = run.windows.window_days + follow_days
    spent = spent_until(run, ("budget", "reserve"), until, run.discount_rate_per_year)
    return spent * ratio(int((who.primary & who.in_window).sum()), int((who.primary & who.in_entry).sum()))
