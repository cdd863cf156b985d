"""What was earned, whenever it was paid: a tariff billed in advance and one in arrears over the same months of service.

Cash within a follow-up counts a year paid in advance on its last day in full, and leaves out the last bill in
arrears. Here every bill is spread evenly over the time it covers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.metrics.facts import SAME_DAY, Floats, discounted, floats, identity, is_any, is_only, need
from sim.metrics.horizon import receipts_within, spending_within
from sim.metrics.long import MONEY_PER_CANDIDATE, Measure, Rows, ratio
from sim.metrics.recurring import PAID, REVENUE, longest_wait
from sim.metrics.surplus import worth_of_outcome
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
        MONEY_PER_CANDIDATE,
        timed=True,
    ),
    "net_earned_by": Measure(
        "Net cash per candidate as it stands after so many months (net_cash_by) with revenue earned in the place of "
        "revenue paid: what a tariff is worth apart from when it is paid.",
        MONEY_PER_CANDIDATE,
        timed=True,
    ),
    "surplus_by": Measure(
        "Goal value times true outcome of the first so many months minus what customers are charged for them, whenever "
        "they pay it, discounted, per primary candidate of the window.",
        MONEY_PER_CANDIDATE,
        timed=True,
    ),
    "paid_ahead_per_candidate": Measure(
        "Revenue paid within those months minus revenue earned in them, both discounted, per primary candidate of the "
        "window: above 0 where customers pay before they are served, below where the bill comes after.",
        MONEY_PER_CANDIDATE,
        timed=True,
    ),
}


class _Bills(NamedTuple):
    """Revenue bookings of candidates, times counted from becoming one; all (m,)."""

    row: NDArray[np.intp]
    """Of `customers`."""
    amount: Floats
    paid: Floats
    start: Floats
    end: Floats
    born: Floats
    """Day of becoming a candidate."""


class Earned(NamedTuple):
    """Discounted revenue per row of `customers` within a span of becoming a candidate."""

    earned: Floats
    paid: Floats


def earned(run: Run, *, months: Sequence[float]) -> pd.DataFrame:
    """Family `earned` (see MEASURES). Reads customers, surveys, events, ledger; n primary candidates, 0 where bills are
    still out."""
    need(run.customers, "customers", ("stream", "candidate_days", "won_days"), "earned")
    who, rows = cohort(run), Rows()
    n = int((who.primary & who.in_window).sum())
    for month in months:
        known = n if all_billed(run, days(month)) else 0
        revenue = revenue_within(run, who, days(month))
        got, paid = (float(per_customer[who.in_window].sum()) for per_customer in revenue)
        net = receipts_within(run, who, days(month)) - paid + got - spending_within(run, who, days(month))
        rows.add(f"earned_per_candidate_{month:g}", ratio(got, n), known, time_days=days(month))
        rows.add(f"net_earned_by_{month:g}", ratio(net, n), known, time_days=days(month))
        charged = revenue_within(run, who, days(month), PAID).earned
        surplus = worth_of_outcome(run, who.people, who.start, days(month)) - charged
        rows.add(f"surplus_by_{month:g}", ratio(float(surplus[who.in_window].sum()), n), known, time_days=days(month))
        rows.add(f"paid_ahead_per_candidate_{month:g}", ratio(paid - got, n), known, time_days=days(month))
    return rows.frame()


def all_billed(run: Run, span_days: float) -> bool:
    """Whether every bill for the first `span_days` of the window's candidates comes before the horizon."""
    last = run.windows.window_days + span_days + longest_wait(run.ledger)
    return bool(last <= run.windows.horizon_days + SAME_DAY)


def revenue_within(run: Run, who: Cohort, span_days: float, accounts: Sequence[str] = REVENUE) -> Earned:
    """What was earned and what was paid within `span_days`, each (customers,), discounted to time 0."""
    bills = _bills(run, who, accounts)
    within = (bills.paid >= -SAME_DAY) & (bills.paid < span_days - SAME_DAY)
    length, low, high = bills.end - bills.start, np.maximum(bills.start, 0.0), np.minimum(bills.end, span_days)
    lasts = length > SAME_DAY
    share = np.where(lasts, np.maximum(high - low, 0.0) / np.maximum(length, SAME_DAY), within)
    middle = np.where(lasts, 0.5 * (low + high), bills.paid)
    rate = run.discount_rate_per_year
    worth = bills.amount * share * discounted(bills.born + middle, rate)
    paid = bills.amount * within * discounted(bills.born + bills.paid, rate)
    size = who.start.size
    return Earned(*(np.bincount(bills.row, weights=one, minlength=size).astype(np.float64) for one in (worth, paid)))


def _bills(run: Run, who: Cohort, accounts: Sequence[str]) -> _Bills:
    ledger = run.ledger
    need(ledger, "ledger", ("party", "account", "amount", "time_days", "covers_from_days", "covers_to_days"), "earned")
    row = who.people.rows(identity(ledger, "party"))
    kept = (row >= 0) & is_any(ledger, "account", accounts)
    row, time, born = row[kept], floats(ledger, "time_days")[kept], who.start[row[kept]]
    start, end = floats(ledger, "covers_from_days")[kept], floats(ledger, "covers_to_days")[kept]
    back = is_only(ledger, "account", "refund")[kept]  # gives back the rest of what its bill covers
    start = np.where(back, np.maximum(start, time), start)
    return _Bills(row, floats(ledger, "amount")[kept], time - born, start - born, end - born, born)
