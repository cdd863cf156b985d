"""The reference plan: a fluid recursion of the market's nominal rates, month by month.

It gives the money each use needs under the reference bundle, and so the budget path that is the
same for every arm, world and replication. No simulation enters it.
"""

from __future__ import annotations

from itertools import pairwise
from math import ceil, erf, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from sim.units import DAYS_PER_MONTH, MONTHS_PER_YEAR, WORK_HOURS_PER_DAY

if TYPE_CHECKING:
    from sim.context.market import Market
    from sim.scenario import Windows

FLOOR_SHARE = 0.05
"""A team keeps at least this share of its largest planned need (nobody is let go to the last person)."""


class Need(NamedTuple):
    """Planned money of one month, by use."""

    marketing: float
    sales: float
    onboarding: float
    support: float
    success: float
    product: float
    listening: float

    @property
    def total(self) -> float:
        """The month's budget."""
        return sum(self)


def reference_plan(market: Market, windows: Windows, installed: int = 0) -> tuple[Need, ...]:
    """Needs of every month of the horizon (the last one may be a part of a month).

    Leads arrive evenly in the entry phase; touches and decisions spread over the lognormal cycle,
    tasks over the implementation; customers leave at the nominal churn rate, `installed` of them there from the start.
    """
    months = ceil(windows.horizon_days / DAYS_PER_MONTH - 1e-9)
    leads = _leads(market, windows, months)
    touches = _spread(leads, _touch_ages(market, months))
    wins = [market.nominal.win_rate * x for x in _spread(leads, _decision_ages(market, months))]
    tasks = _spread(wins, _task_ages(market, months))
    base = _active(wins, market.nominal.logo_churn_per_year, float(installed))
    rows = [_need(market, *row) for row in zip(leads, touches, tasks, base, strict=True)]
    peaks = [FLOOR_SHARE * max(column) for column in zip(*rows, strict=True)]
    return tuple(Need(*(max(x, low) for x, low in zip(row, peaks, strict=True))) for row in rows)


def _leads(market: Market, windows: Windows, months: int) -> list[float]:
    """Expected leads of each month."""
    entry_months = windows.entry_days / DAYS_PER_MONTH
    rate = market.arrival.candidates_per_month * market.arrival.lead_share
    return [rate * min(1.0, max(0.0, entry_months - m)) for m in range(months)]


def _cycle_done(market: Market, days: float) -> float:
    """Share of sales cycles shorter than `days` (lognormal)."""
    if days <= 0.0:
        return 0.0
    if market.selling.cycle_sigma == 0.0:
        return float(days >= market.selling.cycle_median_days)
    z = log(days / market.selling.cycle_median_days) / market.selling.cycle_sigma
    return 0.5 * (1.0 + erf(z / sqrt(2.0)))


def _decision_ages(market: Market, months: int, fraction: float = 1.0) -> list[float]:
    """Share of leads whose point `fraction` of the cycle falls in month 0, 1, ... of their age."""
    reached = [_cycle_done(market, m * DAYS_PER_MONTH / fraction) for m in range(months + 1)]
    return [b - a for a, b in pairwise(reached)]


def _touch_ages(market: Market, months: int) -> list[float]:
    """Expected touches of a lead in month 0, 1, ... of its age."""
    n = market.selling.touches
    by_touch = [_decision_ages(market, months, (i + 1) / n) for i in range(n)]
    return [sum(column) for column in zip(*by_touch, strict=True)]


def _task_ages(market: Market, months: int) -> list[float]:
    """Expected onboarding tasks of a win in month 0, 1, ... of its age; it may fall anywhere in its month.

    A task takes its working time divided by the plan's idle share, the time in a single-server queue.
    """
    work, ages = market.onboarding, [0.0] * (months + 1)
    idle = max(1.0 - market.costs.hours_utilised, FLOOR_SHARE)
    each = work.task_hours / WORK_HOURS_PER_DAY / idle
    for task in range(work.tasks):
        month, part = divmod((work.lag_days + task * each) / DAYS_PER_MONTH, 1.0)
        if month < months:
            ages[int(month)] += 1.0 - part
            ages[int(month) + 1] += part
    return ages[:months]


def _spread(arrivals: list[float], ages: list[float]) -> list[float]:
    """Convolution: what arrivals cause later, cut at the horizon."""
    return [sum(arrivals[m - a] * ages[a] for a in range(m + 1)) for m in range(len(arrivals))]


def _active(wins: list[float], churn_per_year: float, at_start: float) -> list[float]:
    """Expected customers in each month."""
    keep = (1.0 - churn_per_year) ** (1.0 / MONTHS_PER_YEAR)
    base, now = [], at_start
    for won in wins:
        now = now * keep + won
        base.append(now)
    return base


def _need(market: Market, leads: float, touches: float, tasks: float, active: float) -> Need:
    """Money that the work of one month costs at the utilisation of the plan."""
    c = market.costs
    per_hour = 1.0 / (c.hours_utilised * WORK_HOURS_PER_DAY * DAYS_PER_MONTH)
    contacts = active * market.nominal.tickets_per_month * market.nominal.contacts_per_ticket
    return Need(
        marketing=leads * c.marketing_per_lead,
        sales=touches * market.selling.touch_hours * per_hour * c.sales_per_month,
        onboarding=tasks * market.onboarding.task_hours * per_hour * c.onboarding_per_month,
        support=contacts * market.tickets.handling_hours * per_hour * c.support_per_month,
        success=active * c.success_hours_per_month * per_hour * c.success_per_month,
        product=active * c.product_per_customer_month,
        listening=active * c.listening_per_customer_month,
    )
