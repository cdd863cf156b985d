"""How a firm grows: recurring revenue at the end of each year against a year earlier."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import SAME_DAY, Floats, floats, is_any, need
from sim.metrics.long import Measure, Rows
from sim.metrics.recurring import INVOICED
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

EVERYBODY: Final = True
"""Of the firm as it stands, customers of old included."""
MEASURES: Final = {
    "recurring_revenue": Measure(
        "Money per month that invoices say is paid for the stated day (every contract, at list), or for the last "
        "whole year's end.",
        "money",
    ),
    "revenue_growth": Measure(
        "Recurring revenue at the stated year's end over that of a year earlier, minus one; without a stated time "
        "the growth per year from the first year's end to the last. New customers stop coming after the entry phase.",
        "share",
    ),
}


def recurring_revenue(ledger: pd.DataFrame, at_days: Floats) -> tuple[Floats, Floats]:
    """Money per month covering each moment of `at_days` (m,), and the number of invoices behind it."""
    start, end = floats(ledger, "covers_from_days"), floats(ledger, "covers_to_days")
    kept = is_any(ledger, "account", INVOICED) & (end > start)
    start, end, amount = start[kept], end[kept], floats(ledger, "amount")[kept]
    rate, moments = amount / (end - start) * DAYS_PER_MONTH, at_days + SAME_DAY
    begun, over = _passed(start, rate, moments), _passed(end, rate, moments)
    return begun[0] - over[0], begun[1] - over[1]


def _passed(times: Floats, weights: Floats, moments: Floats) -> tuple[Floats, Floats]:
    """(sum of the weights, number) of the `times` at or before each moment."""
    order = np.argsort(times, kind="stable")
    place = np.searchsorted(times[order], moments, side="right")
    return np.r_[0.0, np.cumsum(weights[order])][place], place.astype(np.float64)


def growth(run: Run) -> pd.DataFrame:
    """Family `growth` (see MEASURES). Reads ledger; n invoices that cover the (earlier) day."""
    need(run.ledger, "ledger", ("account", "amount", "covers_from_days", "covers_to_days"), "growth")
    years = np.arange(1.0, math.floor((run.windows.horizon_days - SAME_DAY) / DAYS_PER_YEAR) + 1.0)
    level, count = recurring_revenue(run.ledger, DAYS_PER_YEAR * years)
    rows = Rows()
    last = (level[-1], count[-1]) if years.size else (math.nan, 0.0)
    rows.add("recurring_revenue", float(last[0]), float(last[1]))
    span = years.size - 1
    both = level[0] > 0.0 if years.size else False
    compound = float((level[-1] / level[0]) ** (1.0 / span) - 1.0) if span > 0 and both else math.nan
    rows.add("revenue_growth", compound, float(count[0]) if span > 0 and both else 0.0)
    for year, now, n in zip(years, level, count, strict=True):
        rows.add("recurring_revenue", float(now), float(n), time_days=DAYS_PER_YEAR * year)
    for year, before, now, n in zip(years[1:], level[:-1], level[1:], count[:-1], strict=True):
        rows.add("revenue_growth", now / before - 1.0 if before > 0.0 else math.nan, n, time_days=DAYS_PER_YEAR * year)
    return rows.frame()
