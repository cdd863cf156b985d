"""The books by month: recurring revenue of every contract at each month's start, and the years that are read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.checks import InputError
from sim.metrics.facts import SAME_DAY, Flags, Floats, Index, floats, identity, is_any
from sim.metrics.recurring import INVOICED, longest_wait
from sim.metrics.upcoming import contract_of
from sim.units import DAYS_PER_MONTH, MONTHS_PER_YEAR, days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

Rows = NDArray[np.intp]


class Contracts(NamedTuple):
    """Every contract signed, first ones and those after a win-back; arrays share their length."""

    owner: Rows
    """Row of `customers`."""
    number: NDArray[np.int64]
    start: Floats
    end: Floats
    """inf while open"""


class Books(NamedTuple):
    """What contracts pay a month."""

    contracts: Contracts
    revenue: Floats
    """(contracts, months) at the start of each month, up to the last year end that is read"""
    customers: int
    ends: tuple[int, ...]
    """Months at which a trailing year is read: all its bills have come."""

    @property
    def by_customer(self) -> Floats:
        """(customers, months) revenue whatever contract it is paid under."""
        total = np.zeros((self.customers, self.revenue.shape[1]))
        np.add.at(total, self.contracts.owner, self.revenue)
        return total


def contracts(run: Run) -> Contracts:
    """First contracts out of `customers`, later ones out of `events`."""
    people, events = run.customers, run.events
    index = Index(identity(people))
    won, end = floats(people, "won_days"), floats(people, "end_days")
    first = np.flatnonzero(np.isfinite(won))
    again = events[is_any(events, "event", ("won_back",))]
    over = events[is_any(events, "event", ("churned", "implementation_cancelled"))]
    at = Index(contract_of(over)).rows(contract_of(again))
    later_end = np.r_[floats(over, "time_days"), np.inf][at]
    return Contracts(
        np.r_[first, index.rows(identity(again))],
        np.r_[np.ones(first.size, np.int64), again["contract"].to_numpy(dtype=np.int64)],
        np.r_[won[first], floats(again, "time_days")],
        np.r_[np.where(np.isfinite(end[first]), end[first], np.inf), later_end],
    )


def books(run: Run, year_ends: Sequence[float]) -> Books:
    """Revenue that invoices say is paid for each month's start; none once its contract has ended."""
    signed, ledger = contracts(run), run.ledger
    bills = ledger[is_any(ledger, "account", INVOICED)]
    place = _bill_places(run, signed, bills)
    ends = _readable(bills, year_ends, run.windows.horizon_days)
    last = max(ends, default=0)
    revenue = np.zeros((signed.owner.size, last + 1))
    start, end = floats(bills, "covers_from_days"), floats(bills, "covers_to_days")
    kept = (place >= 0) & (end > start)
    place, start, end = place[kept], start[kept], end[kept]
    rate = floats(bills, "amount")[kept] / (end - start) * DAYS_PER_MONTH
    covered = np.minimum(end, signed.end[place])
    low = np.clip(np.ceil((start - SAME_DAY) / DAYS_PER_MONTH), 0, last + 1).astype(np.int64)
    high = np.clip(np.ceil((covered - SAME_DAY) / DAYS_PER_MONTH), 0, last + 1).astype(np.int64)
    count = np.maximum(high - low, 0)
    month = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count - low, count)
    np.add.at(revenue, (np.repeat(place, count), month), np.repeat(rate, count))
    return Books(signed, revenue, len(run.customers), ends)


def _bill_places(run: Run, signed: Contracts, bills: pd.DataFrame) -> Rows:
    """(bills,) row of the contract each bill is for; -1 where it is unknown."""
    owner = Index(identity(run.customers)).rows(identity(bills, "party"))
    keys = signed.owner.astype(np.int64) * 1024 + signed.number
    wanted = owner.astype(np.int64) * 1024 + bills["contract"].to_numpy(dtype=np.int64)
    return np.where(owner >= 0, Index(keys).rows(wanted), -1)


def _readable(bills: pd.DataFrame, year_ends: Sequence[float], horizon_days: float) -> tuple[int, ...]:
    """Year ends by whose last bill, at the longest wait seen, the horizon has not come."""
    longest = longest_wait(bills)
    return tuple(month for month in _whole(year_ends) if days(month) + longest <= horizon_days + SAME_DAY)


def _whole(year_ends: Sequence[float]) -> tuple[int, ...]:
    """Months as whole numbers; a trailing year needs twelve."""
    for month in year_ends:
        if isinstance(month, bool) or not math.isfinite(month) or month != int(month) or month < MONTHS_PER_YEAR:
            raise InputError(f"metrics.definitions.year_ends must be whole months from 12 on, got {month!r}")
    return tuple(sorted({int(month) for month in year_ends}))


def open_at(made: Contracts, time_days: float) -> Flags:
    """(contracts,) which are open just after a moment."""
    return (made.start <= time_days + SAME_DAY) & (made.end > time_days + SAME_DAY)
