"""Who stays and what they pay: Kaplan-Meier by tenure, gross and net revenue retention.

Tenure runs from the signature of a customer's first contract; a relationship that is still open at the
horizon is censored there. Beyond the longest tenure followed a value is "not reached": nan with n = 0.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.facts import SAME_DAY, Flags, Floats, Index, floats, identity, is_only, need, segments
from sim.metrics.long import Measure, Rows, ratio
from sim.metrics.recurring import Billing, billing, change, first_rate
from sim.metrics.survival import kaplan_meier, level_at
from sim.units import DAYS_PER_YEAR, MONTHS_PER_YEAR, days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "logo_retention": Measure(
        "Share of customers still under their first contract at this tenure, all causes of leaving, by "
        "Kaplan-Meier (ends on the anniversary count as left); n is the number at risk there (all, once all have "
        "ended).",
        "share",
        timed=True,
    ),
    "grr": Measure(
        "Gross revenue retention: recurring revenue at this tenure, each customer capped at its own first "
        "revenue, as a share of the first-year recurring revenue of all customers followed that far.",
        "share",
        timed=True,
    ),
    "nrr": Measure(
        "Net revenue retention: recurring revenue at this tenure (expansion included, won-back contracts "
        "not) as a share of the first-year recurring revenue of all customers followed that far.",
        "share",
        timed=True,
    ),
    "logo_churn_per_year": Measure(
        "1 - S(T)^(1/T): yearly share lost that gives the Kaplan-Meier survival at the longest listed "
        "tenure of T years that was reached.",
        "share",
        higher_is_better=False,
    ),
    "involuntary_share": Measure(
        "Share of churned first contracts that ended by a failed payment; cancellations before go-live left out.",
        "share",
        higher_is_better=False,
    ),
}


class Tenure(NamedTuple):
    """First contracts of the won, rows of `customers`."""

    won: Floats
    duration: Floats
    ended: Flags
    signed: Flags


def tenure(run: Run) -> Tenure:
    """Observed duration of every first contract in days; nan where never won."""
    won, end = floats(run.customers, "won_days"), floats(run.customers, "end_days")
    ended = np.isfinite(end)
    last = np.where(ended, end, run.windows.horizon_days)
    return Tenure(won, last - won, ended, np.isfinite(won))


def yearly_retention(life: Tenure, longest_days: float) -> float:
    """Constant yearly retention over the longest whole number of years followed; nan before one year."""
    duration = life.duration[life.signed]
    longest = min(float(duration.max()) if duration.size else 0.0, longest_days)
    years = int((longest + SAME_DAY) / DAYS_PER_YEAR)
    if years < 1:
        return math.nan
    curve = kaplan_meier(duration, life.ended[life.signed])
    return float(level_at(curve, years * DAYS_PER_YEAR + SAME_DAY) ** (1.0 / years))


def _logos(rows: Rows, life: Tenure, who: Flags, months: tuple[float, ...], segment: str) -> None:
    duration = life.duration[who]
    curve = kaplan_meier(duration, life.ended[who])
    yearly = (math.nan, 0)
    for month in months:
        at = days(month)
        level = level_at(curve, at + SAME_DAY)
        # Nobody at risk because all have ended is known (0), not "not reached".
        n = int((duration >= at - SAME_DAY).sum()) if level > 0.0 else duration.size
        rows.add(f"logo_retention_{month:g}", level, n, segment=segment, time_days=at)
        if n:
            yearly = (1.0 - level ** (MONTHS_PER_YEAR / month), int(who.sum()))
    rows.add("logo_churn_per_year", *yearly, segment=segment)


def _revenue(
    rows: Rows,
    bills: Billing,
    life: Tenure,
    who: Flags,
    months: tuple[float, ...],
    spans_months: tuple[float, float],
    horizon: float,
    segment: str,
) -> None:
    for month in months:
        at, base = days(month), first_rate(bills, days(min(spans_months[0], month)))
        sums = change(bills, base, life.won + at, life.won + life.duration, days(spans_months[1]), horizon, who)
        rows.add(f"grr_{month:g}", ratio(sums.kept, sums.base), sums.customers, segment=segment, time_days=at)
        rows.add(f"nrr_{month:g}", ratio(sums.now, sums.base), sums.customers, segment=segment, time_days=at)


def _involuntary(rows: Rows, run: Run) -> None:
    events = run.events
    churned = is_only(events, "event", "churned") & (events["contract"].to_numpy() == 1)
    total = int(churned.sum())
    rows.add("involuntary_share", ratio(int((churned & is_only(events, "detail", "involuntary")).sum()), total), total)


def retention(
    run: Run, *, months: tuple[float, ...] | list[float], base_months: float, rate_months: float
) -> pd.DataFrame:
    """Family `retention` (see MEASURES) at tenures `months`.

    First revenue is the mean over the first `base_months` that are paid for (never beyond the tenure), so
    that the ramp of a tariff by use is not taken for expansion; revenue at a tenure is the mean over
    the `rate_months` after it, and counts only where all its bills would have come.
    """
    need(run.customers, "customers", ("segment", "won_days", "end_days"), "retention")
    need(run.events, "events", ("event", "contract", "detail"), "retention")
    need(run.ledger, "ledger", ("party", "contract", "covers_from_days", "covers_to_days"), "retention")
    rows, life, tenures = Rows(), tenure(run), tuple(float(month) for month in months)
    bills = billing(run.ledger, Index(identity(run.customers)), life.won.size)
    for name, members in segments(run.customers):
        who = np.zeros(life.won.size, dtype=np.bool_)
        who[members] = life.signed[members]
        _logos(rows, life, who, tenures, name)
        _revenue(rows, bills, life, who, tenures, (base_months, rate_months), run.windows.horizon_days, name)
    _involuntary(rows, run)
    return rows.frame()
