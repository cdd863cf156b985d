"""Net cash per candidate (the default decision metric) as it grows, month by month: its last value is the metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.facts import SAME_DAY, Codes, Flags, Floats, discounted, floats, identity, is_any, of_rows
from sim.metrics.value import RECEIPTS, Cohort, cohort
from sim.tables import replications_of
from sim.units import DAYS_PER_MONTH, months

if TYPE_CHECKING:
    from sim.recorder import Run

BUDGET = ("budget", "reserve")


def net_cash_by_month(run: Run) -> tuple[Codes, Floats]:
    """Replication numbers (r,) and discounted net cash per primary candidate of the window (r, months + 1).

    Row of month m: all that is booked before the end of month m; reads `customers` and `ledger`. A month's
    budget is booked at its start; nan where nobody came.
    """
    who, numbers = cohort(run), replications_of(run)
    last = round(months(run.windows.horizon_days))
    time, ledger = floats(run.ledger, "time_days"), run.ledger
    worth = floats(ledger, "amount") * discounted(time, run.discount_rate_per_year)
    place = np.searchsorted(numbers, ledger["replication"].to_numpy(dtype=np.int64))
    month = np.minimum(np.floor((time + SAME_DAY) / DAYS_PER_MONTH).astype(np.int64) + 1, last)

    def sums(chosen: Flags) -> Floats:
        cell = place[chosen] * (last + 1) + month[chosen]
        flat = np.bincount(cell, weights=worth[chosen], minlength=numbers.size * (last + 1))
        total: Floats = flat.reshape(numbers.size, last + 1).cumsum(axis=1)
        return total

    people = np.searchsorted(numbers, run.customers["replication"].to_numpy(dtype=np.int64))
    window, entry = (_count(people, who.primary & part, numbers.size) for part in (who.in_window, who.in_entry))
    receipts, budget = sums(_counted(run, who, time)), sums(_charged(run, time))
    with np.errstate(invalid="ignore", divide="ignore"):
        return numbers, (receipts - budget * (window / entry)[:, None]) / window[:, None]


def _counted(run: Run, who: Cohort, time: Floats) -> Flags:
    """Ledger rows that are receipts from the window's candidates within their follow-up time."""
    row = who.people.rows(identity(run.ledger, "party"))
    start = of_rows(who.start, row)
    age = time - start
    inside: Flags = (age >= -SAME_DAY) & (age < run.windows.follow_days - SAME_DAY) & (start < run.windows.window_days)
    return inside & is_any(run.ledger, "account", RECEIPTS)


def _charged(run: Run, time: Floats) -> Flags:
    """Budget and reserve of window and follow-up, the horizon's closing included."""
    until = run.windows.window_days + run.windows.follow_days
    return is_any(run.ledger, "account", BUDGET) & (
        time < (np.inf if until >= run.windows.horizon_days - SAME_DAY else until - SAME_DAY)
    )


def _count(people: Codes, members: Flags, size: int) -> Floats:
    return np.bincount(people[members], minlength=size).astype(np.float64)
