"""What was earned, whenever it was paid: a tariff billed in advance and one in arrears over the same months of service.

Cash within a follow-up counts a year paid in advance on its last day in full, and leaves out the last bill in
arrears. Here every bill is spread evenly over the time it covers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.facts import SAME_DAY, Flags, Floats, discounted, floats, identity, is_any, is_only, need
from sim.metrics.horizon import receipts_within, spending_within
from sim.metrics.long import Measure, Rows, ratio
from sim.metrics.recurring import REVENUE, longest_wait
from sim.metrics.value import Cohort, cohort
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "earned_per_candidate": Measure(
        "Revenue earned within so many months from becoming a candidate, per primary candidate of the window, with "
        "referrals: bills, discounts and refunds spread evenly over the time they cover, what covers none when it is "
        "booked, discounted in the middle; undefined where bills in arrears may come after the horizon.",
        "money",
        timed=True,
    ),
    "net_earned_by": Measure(
        "Net cash per candidate as it stands after so many months (net_cash_by) with revenue earned in the place of "
        "revenue paid: what a tariff is worth apart from when it is paid.",
        "money",
        timed=True,
    ),
    "paid_ahead_per_candidate": Measure(
        "Revenue paid within those months minus revenue earned in them, both discounted, per primary candidate of the "
        "window: above 0 where customers pay before they are served, below where the bill comes after.",
        "money",
        timed=True,
    ),
}


class _Bills(NamedTuple):
    """Revenue bookings of the window's candidates, times counted from becoming one; all (m,)."""

    amount: Floats
    paid: Floats
    start: Floats
    end: Floats
    born: Floats
    """Day of becoming a candidate."""


def earned(run: Run, *, months: Sequence[float]) -> pd.DataFrame:
    """Family `earned` (see MEASURES). Reads customers, ledger; n primary candidates, 0 where bills are still out."""
    need(run.customers, "customers", ("stream", "candidate_days", "won_days"), "earned")
    need(
        run.ledger,
        "ledger",
        ("party", "account", "amount", "time_days", "covers_from_days", "covers_to_days"),
        "earned",
    )
    who, rows = cohort(run), Rows()
    n = int((who.primary & who.in_window).sum())
    bills, wait = _bills(run, who), longest_wait(run.ledger)
    for month in months:
        complete = run.windows.window_days + days(month) + wait <= run.windows.horizon_days + SAME_DAY
        known = n if complete else 0
        got, paid = _until(bills, days(month), run.discount_rate_per_year)
        net = receipts_within(run, who, days(month)) - paid + got - spending_within(run, who, days(month))
        rows.add(f"earned_per_candidate_{month:g}", ratio(got, n), known, time_days=days(month))
        rows.add(f"net_earned_by_{month:g}", ratio(net, n), known, time_days=days(month))
        rows.add(f"paid_ahead_per_candidate_{month:g}", ratio(paid - got, n), known, time_days=days(month))
    return rows.frame()


def _bills(run: Run, who: Cohort) -> _Bills:
    ledger = run.ledger
    row, time = who.people.rows(identity(ledger, "party")), floats(ledger, "time_days")
    kept: Flags = (row >= 0) & is_any(ledger, "account", REVENUE)
    kept &= np.append(who.in_window, False)[row]
    born = np.append(who.start, math.nan)[row][kept]
    start, end = floats(ledger, "covers_from_days")[kept], floats(ledger, "covers_to_days")[kept]
    back = is_only(ledger, "account", "refund")[kept]  # gives back the rest of what its bill covers
    start = np.where(back, np.maximum(start, time[kept]), start)
    return _Bills(floats(ledger, "amount")[kept], time[kept] - born, start - born, end - born, born)


def _until(bills: _Bills, span_days: float, rate_per_year: float) -> tuple[float, float]:
    """Discounted money earned and paid within `span_days`."""
    within = (bills.paid >= -SAME_DAY) & (bills.paid < span_days - SAME_DAY)
    paid = bills.amount * discounted(bills.born + bills.paid, rate_per_year) * within
    low, high = np.maximum(bills.start, 0.0), np.minimum(bills.end, span_days)
    length = bills.end - bills.start
    share = np.where(length > SAME_DAY, np.maximum(high - low, 0.0) / np.maximum(length, SAME_DAY), within)
    middle = np.where(length > SAME_DAY, 0.5 * (low + high), bills.paid)
    worth = bills.amount * share * discounted(bills.born + middle, rate_per_year)
    return float(worth.sum()), float(paid.sum())
