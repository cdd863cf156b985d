"""Gross and net revenue retention over a year: whose revenue, against which base, month by month or end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.defined.books import Books
from sim.metrics.defined.definition import OWN, Definition, Metric
from sim.metrics.facts import Floats, Index, identity
from sim.metrics.lifetime import annual_gross_retention, annual_net_retention
from sim.metrics.long import Rows, ratio
from sim.metrics.recurring import billing, change, first_rate
from sim.metrics.retention import tenure
from sim.units import MONTHS_PER_YEAR, days

if TYPE_CHECKING:
    from sim.recorder import Run

FILINGS = "annual reports of Confluent and GitLab, in Virtua Research, How top tech companies measure NDR"
LATER_BASE = "SaaSGrid documentation, Cohort Retention Baseline"
MOVEMENTS = "ChartMogul help centre, Net MRR Churn Rate (standard formula), twelve months compounded"
GROSS_MOVEMENTS = "ChartMogul help centre, MRR Churn Rate (gross, standard formula), twelve months compounded"

_FIRST_YEAR = "revenue in the month after 12 months of tenure / mean monthly revenue of the first year, first contracts"
_FIRST_MONTH = "revenue in the month after 12 months of tenure / revenue of the first month, first contracts"
_YEAR_AGO = "monthly revenue at a year's end of the contracts that paid a year before / what they paid then"
_CUSTOMERS = "monthly revenue at a year's end of the customers who paid a year before / what they paid then"

NRR: Final = Metric(
    "nrr",
    "Net revenue retention over a year.",
    "share",
    True,
    (
        Definition("first_year_base", _FIRST_YEAR, OWN),
        Definition("first_month_base", _FIRST_MONTH, LATER_BASE, "first_year_base",
                   "the first month is the base instead of the first year's mean"),
        Definition("year_ago_base", _YEAR_AGO, FILINGS, "first_year_base",
                   "all contracts of a date, not those of one tenure; the base is their revenue on that date"),
        Definition("with_win_backs", _CUSTOMERS, FILINGS, "year_ago_base",
                   "who left and came back within the year counts as kept"),
        Definition("monthly_movements", "(1 - churned - contracted + expanded)^12, monthly shares of revenue at the "
                   "month's start", MOVEMENTS, "year_ago_base",
                   "customers who joined within the year are in the base too, and months are compounded"),
        Definition("with_reactivation", "(1 - churned - contracted + expanded + reactivated)^12", MOVEMENTS,
                   "monthly_movements", "revenue of returning customers is added in the month they return"),
    ),
)  # fmt: skip
GRR: Final = Metric(
    "grr",
    "Gross revenue retention over a year: expansion never covers a loss.",
    "share",
    True,
    (
        Definition("first_year_base", _FIRST_YEAR + ", each customer capped at its base", OWN),
        Definition("first_month_base", _FIRST_MONTH + ", each customer capped at its base", LATER_BASE,
                   "first_year_base", "the first month is the base instead of the first year's mean"),
        Definition("year_ago_base", _YEAR_AGO + ", each contract capped at that", "Klipfolio, GRR vs NRR",
                   "first_year_base",
                   "all contracts of a date, not those of one tenure; the base is their revenue on that date"),
        Definition("with_win_backs", _CUSTOMERS + ", each customer capped at that", "Klipfolio, GRR vs NRR",
                   "year_ago_base", "who left and came back within the year counts as kept"),
        Definition("churn_only", "1 - revenue of contracts lost / revenue a year before",
                   "some issuers in KBCM, SaaS Company Reporting Metrics", "year_ago_base",
                   "contraction is no loss"),
        Definition("monthly_movements", "(1 - churned - contracted)^12, monthly shares of revenue at the month's start",
                   GROSS_MOVEMENTS, "year_ago_base",
                   "customers who joined within the year are in the base too, months are compounded, and a later "
                   "expansion of the same customer makes up for nothing"),
    ),
)  # fmt: skip
METRICS: Final = (NRR, GRR)


class YearAgo(NamedTuple):
    """Trailing years pooled: sums over everybody who paid a year before."""

    base: float
    now: float
    capped: float
    """each at most at its base"""
    lost: float
    """base of those who pay nothing now"""
    paying: int


def year_ago(revenue: Floats, ends: tuple[int, ...]) -> YearAgo:
    """Sums over the trailing years of `ends`; rows of `revenue` are contracts or customers."""
    now = revenue[:, list(ends)]
    base = revenue[:, [end - MONTHS_PER_YEAR for end in ends]]
    paid = base > 0.0
    capped = np.minimum(now, base)
    return YearAgo(
        float(base[paid].sum()),
        float(now[paid].sum()),
        float(capped[paid].sum()),
        float(base[paid & (now <= 0.0)].sum()),
        int(paid.sum()),
    )


class Movements(NamedTuple):
    """Monthly shares of the revenue at the month's start, pooled over the months of the trailing years."""

    churned: float
    contracted: float
    expanded: float
    reactivated: float
    at_risk: int
    """customer-months"""


def movements(revenue: Floats, ends: tuple[int, ...]) -> Movements:
    """What moved revenue from month to month; a first-time customer moves nothing that was there before."""
    months = np.array(sorted({m for end in ends for m in range(end - MONTHS_PER_YEAR, end)}), dtype=np.intp)
    before, after = revenue[:, months], revenue[:, months + 1]
    known = np.cumsum(revenue, axis=1)[:, months] > 0.0
    here, whole, move = before > 0.0, float(before.sum()), after - before
    return Movements(
        ratio(float(before[here & (after <= 0.0)].sum()), whole),
        -ratio(float(move[here & (after > 0.0) & (move < 0.0)].sum()), whole),
        ratio(float(move[here & (move > 0.0)].sum()), whole),
        ratio(float(after[~here & known].sum()), whole),
        int(here.sum()),
    )


def retained(rows: Rows, run: Run, kept: Books, *, base_months: float, rate_months: float) -> None:
    """Every definition of NRR and GRR."""
    _by_tenure(rows, run, base_months, rate_months)
    for name, revenue in (("year_ago_base", kept.revenue), ("with_win_backs", kept.by_customer)):
        sums = year_ago(revenue, kept.ends)
        rows.add(NRR.row_name, ratio(sums.now, sums.base), sums.paying, view=name)
        rows.add(GRR.row_name, ratio(sums.capped, sums.base), sums.paying, view=name)
        if name == "year_ago_base":
            rows.add(GRR.row_name, 1.0 - ratio(sums.lost, sums.base), sums.paying, view="churn_only")
    moved = movements(kept.by_customer, kept.ends)
    net = annual_net_retention(moved.churned, moved.contracted, moved.expanded)
    again = annual_net_retention(moved.churned, moved.contracted, moved.expanded + moved.reactivated)
    rows.add(NRR.row_name, net, moved.at_risk, view="monthly_movements")
    rows.add(NRR.row_name, again, moved.at_risk, view="with_reactivation")
    gross = annual_gross_retention(moved.churned, moved.contracted)
    rows.add(GRR.row_name, gross, moved.at_risk, view="monthly_movements")


def _by_tenure(rows: Rows, run: Run, base_months: float, rate_months: float) -> None:
    """The readings of the family `retention` at 12 months, and the same against the first month."""
    life = tenure(run)
    bills = billing(run.ledger, Index(identity(run.customers)), life.won.size)
    at, end, span = life.won + days(MONTHS_PER_YEAR), life.won + life.duration, days(rate_months)
    for name, months in (("first_year_base", min(base_months, MONTHS_PER_YEAR)), ("first_month_base", 1.0)):
        base = first_rate(bills, days(months))
        sums = change(bills, base, at, end, span, run.windows.horizon_days, life.signed)
        rows.add(NRR.row_name, ratio(sums.now, sums.base), sums.customers, view=name)
        rows.add(GRR.row_name, ratio(sums.kept, sums.base), sums.customers, view=name)
