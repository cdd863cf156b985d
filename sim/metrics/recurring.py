"""Recurring revenue at a moment: what invoices say a contract pays per month then."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.metrics.facts import SAME_DAY, Flags, Floats, Index, floats, identity, is_any
from sim.units import DAYS_PER_MONTH

INVOICED = ("invoice_regular", "invoice_usage", "invoice_outcome", "invoice_once", "discount")
"""At list: discounts paid out of the budget are booked to revenue. What is due once covers no period."""
REVENUE = (*INVOICED, "refund")
PAID = tuple(name for name in REVENUE if name != "discount")
"""By customers themselves."""

ARREARS = ("invoice_usage", "invoice_outcome")


def longest_wait(bills: pd.DataFrame) -> float:
    """Days after which the bill for a day in arrears has come, at the longest wait seen."""
    late = is_any(bills, "account", ARREARS)
    wait = (floats(bills, "time_days") - floats(bills, "covers_from_days"))[late]
    return float(wait.max()) if wait.size else 0.0


class Billing(NamedTuple):
    """Invoices of first contracts that cover a period; `row` is the customer's row."""

    row: NDArray[np.intp]
    amount: Floats
    start: Floats
    end: Floats
    customers: int
    lag_days: float
    """How long after a day its last invoice may come: days not older than this are incomplete."""


def billing(ledger: pd.DataFrame, people: Index, customers: int) -> Billing:
    """Invoices of first contracts; one-off amounts (no period) and refunds are no recurring revenue."""
    start, end = floats(ledger, "covers_from_days"), floats(ledger, "covers_to_days")
    row = people.rows(identity(ledger, "party"))
    kept = is_any(ledger, "account", INVOICED) & (end > start) & (ledger["contract"].to_numpy() == 1) & (row >= 0)
    late = is_any(ledger, "account", ARREARS)[kept]
    lag = (floats(ledger, "time_days")[kept] - start[kept])[late]
    amount = floats(ledger, "amount")[kept]
    return Billing(row[kept], amount, start[kept], end[kept], customers, float(lag.max()) if lag.size else 0.0)


def first_covered_day(bills: Billing) -> Floats:
    """(customers,) start of the first paid period; inf when nothing was ever invoiced."""
    first = np.full(bills.customers, np.inf)
    np.minimum.at(first, bills.row, bills.start)
    return first


def first_rate(bills: Billing, span_days: float) -> Floats:
    """(customers,) mean revenue per month over the first `span_days` that are paid for; 0 without invoices.

    A relationship shorter than the span is averaged over the time its invoices cover.
    """
    first, last = first_covered_day(bills), np.full(bills.customers, -np.inf)
    np.maximum.at(last, bills.row, bills.end)
    return np.nan_to_num(rate_per_month(bills, first, np.minimum(first + span_days, last)))


def rate_per_month(bills: Billing, from_days: Floats, to_days: Floats) -> Floats:
    """(customers,) mean revenue per month over each customer's own span of days."""
    low = np.maximum(bills.start, from_days[bills.row])
    high = np.minimum(bills.end, to_days[bills.row])
    share = np.maximum(high - low, 0.0) / (bills.end - bills.start)
    total = np.bincount(bills.row, weights=bills.amount * share, minlength=bills.customers)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate: Floats = total / (to_days - from_days) * DAYS_PER_MONTH
    return rate


class Change(NamedTuple):
    """Sums over customers followed to a tenure."""

    base: float
    kept: float
    """Revenue kept, each customer capped at its base (expansion never covers a loss)."""
    now: float
    customers: int


def change(
    bills: Billing, base: Floats, start: Floats, end: Floats, span_days: float, horizon: float, who: Flags
) -> Change:
    """Recurring revenue in the `span_days` after `start` against `base`; none once the contract has ended."""
    followed = who & (base > 0.0) & (start + span_days + bills.lag_days <= horizon + SAME_DAY)
    alive = end > start + SAME_DAY
    now = (rate_per_month(bills, start, start + span_days) * alive)[followed]
    then = base[followed]
    return Change(float(then.sum()), float(np.minimum(now, then).sum()), float(now.sum()), int(followed.sum()))
