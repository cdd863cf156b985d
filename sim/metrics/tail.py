"""The value of customers beyond the follow-up time, by constant retention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.facts import SAME_DAY, Floats, Index, discounted, floats, identity, is_any, of_rows
from sim.metrics.lifetime import constant_retention_value
from sim.metrics.retention import tenure, yearly_retention
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from sim.recorder import Run


def tail_per_customer(run: Run, people: Index, start: Floats, accounts: tuple[str, ...]) -> Floats:
    """(customers,) expected receipts after each candidate's follow-up time, discounted to time 0.

    Whoever is still under the first contract then is expected to pay its last year's receipts again at
    each later year it stays; 0 for everybody else, and where no whole year of retention is known.
    """
    life = tenure(run)
    stop = start + run.windows.follow_days
    retention = yearly_retention(life, run.windows.follow_days)
    if not np.isfinite(retention):
        return np.zeros(start.size)
    here = life.signed & (life.won < stop) & (life.won + life.duration > stop + SAME_DAY)
    factor = constant_retention_value(1.0, retention, run.discount_rate_per_year, "renewals")
    worth = np.where(here, discounted(stop, run.discount_rate_per_year), 0.0)
    return _last_year(run, people, stop, accounts) * worth * (factor if np.isfinite(factor) else np.nan)


def _last_year(run: Run, people: Index, stop: Floats, accounts: tuple[str, ...]) -> Floats:
    """(customers,) receipts of the year before `stop`."""
    ledger = run.ledger
    row = people.rows(identity(ledger, "party"))
    age = of_rows(stop, row) - floats(ledger, "time_days")
    chosen = (age > SAME_DAY) & (age <= DAYS_PER_YEAR + SAME_DAY) & is_any(ledger, "account", accounts)
    sums = np.bincount(row[chosen], weights=floats(ledger, "amount")[chosen], minlength=stop.size)
    return sums.astype(np.float64)
