"""Cost of acquiring a customer, and the months that repay it: whose spending, over whose customers, from when."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.defined.definition import OWN, Definition, Metric
from sim.metrics.facts import SAME_DAY, Flags, Floats, floats, identity, is_any, of_rows
from sim.metrics.lifetime import payback_months
from sim.metrics.long import Rows, ratio
from sim.metrics.value import RECEIPTS, Cohort, cohort, first_year, spent_until
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from sim.recorder import Run

METRICKIT = "MetricKit, CAC guide"

CAC: Final = Metric(
    "cac",
    "Cost of acquiring a customer, undiscounted.",
    "money per customer",
    False,
    (
        Definition("candidate_cohort", "marketing and sales spending of the entry phase / customers won, whenever, "
                   "among those who became candidates in it", OWN),
        Definition("same_months", "marketing and sales spending of the entry phase / customers won in those months",
                   "Gradient Works glossary, CAC", "candidate_cohort",
                   "customers are counted when they sign, though the money for them was spent earlier"),
        Definition("lagged", "marketing and sales spending of the entry phase / customers won in as many months that "
                   "begin one median sales cycle later", "Alta, CAC over time; SaaSGrid documentation, CAC Payback",
                   "same_months", "the months of the customers are moved by the sales cycle"),
        Definition("marketing_only", "marketing spending of the entry phase / customers won among its candidates",
                   f"{METRICKIT} (paid CAC leaves out people)", "candidate_cohort", "sellers cost nothing"),
        Definition("with_onboarding", "marketing, sales, onboarding and discount spending of the entry phase / "
                   "customers won among its candidates", "Brilliaz, True cost of customer acquisition",
                   "candidate_cohort", "getting started and the discounts that won the customer are acquisition too"),
        Definition("without_referrals", "marketing and sales spending of the entry phase / customers won among its "
                   "primary candidates", f"{METRICKIT} (blended against paid)", "candidate_cohort",
                   "customers who came by referral are not counted"),
    ),
)  # fmt: skip
PAYBACK: Final = Metric(
    "payback",
    "Months until a customer has repaid what it cost to acquire.",
    "months",
    False,
    (
        Definition("on_margin", "(CAC (candidate_cohort) - margin of what is paid once at the signature) / (first-year "
                   "revenue a month x margin after hosting)", OWN),
        Definition("on_revenue", "(CAC (candidate_cohort) - what is paid once) / first-year revenue a month",
                   "HiveMetric, CAC payback and recovery period", "on_margin", "hosting is not taken off"),
        Definition("same_months_on_margin", "(CAC (same_months) - margin of what is paid once) / (first-year revenue a "
                   "month x margin after hosting)",
                   "Gradient Works glossary, CAC", "on_margin", "customers are counted in the months of the spending"),
        Definition("cash_back", "first month of tenure by whose end the mean cash received from all won, leavers "
                   "included, reaches CAC (candidate_cohort)", "Skok, SaaS Metrics 2.0 (cash flow trough)", "on_margin",
                   "cash when it comes in, so prepaid years count at once and leavers pay nothing more"),
    ),
    attained=True,
)  # fmt: skip
METRICS: Final = (CAC, PAYBACK)


class Spending(NamedTuple):
    """Accounts of each notion of acquisition."""

    acquisition: tuple[str, ...]
    marketing: tuple[str, ...]
    loaded: tuple[str, ...]


def cac(rows: Rows, run: Run, accounts: Spending) -> None:
    """Every definition of CAC and of payback."""
    who, entry = cohort(run), run.windows.counted_days

    def money(of: tuple[str, ...]) -> float:
        return -spent_until(run, of, entry, 0.0)

    def add(name: str, cost: float, customers: Flags) -> float:
        n = int(customers.sum())
        rows.add(CAC.row_name, ratio(cost, n), n, view=name)
        return ratio(cost, n)

    cost, own = money(accounts.acquisition), who.won & who.in_entry
    by_cohort = add("candidate_cohort", cost, own)
    same = add("same_months", cost, _won_between(run, 0.0, entry))
    lag = _cycle_days(run, who)
    known = math.isfinite(lag) and lag + entry <= run.windows.horizon_days + SAME_DAY
    add("lagged", cost, _won_between(run, lag, lag + entry) if known else own & False)
    add("marketing_only", money(accounts.marketing), own)
    add("with_onboarding", money(accounts.loaded), own)
    add("without_referrals", cost, own & who.primary)
    _payback(rows, run, who, {"on_margin": by_cohort, "same_months_on_margin": same})


def _won_between(run: Run, low: float, high: float) -> Flags:
    won = floats(run.customers, "won_days")
    return (won >= low - SAME_DAY) & (won < high - SAME_DAY)


def _cycle_days(run: Run, who: Cohort) -> float:
    """Median days from becoming a candidate to the signature, of those who signed."""
    cycle = (floats(run.customers, "won_days") - who.start)[who.won]
    return float(np.median(cycle)) if cycle.size else math.nan


def _payback(rows: Rows, run: Run, who: Cohort, costs: dict[str, float]) -> None:
    year, n = first_year(run, who), int((who.won & who.in_entry).sum())
    for name, cost in costs.items():
        rows.add(PAYBACK.row_name, payback_months(cost, *year) if n else math.nan, n, view=name)
    revenue = payback_months(costs["on_margin"], year.revenue_per_month, 1.0, year.once) if n else math.nan
    rows.add(PAYBACK.row_name, revenue, n, view="on_revenue")
    back = np.flatnonzero(_cash_by_tenure(run, who) >= costs["on_margin"] - SAME_DAY)
    rows.add(PAYBACK.row_name, float(back[0]) + 1.0 if back.size else math.nan, n, view="cash_back")


def _cash_by_tenure(run: Run, who: Cohort) -> Floats:
    """(months,) mean cash received by the end of each month of tenure; each month over those followed through it."""
    won, ledger = floats(run.customers, "won_days"), run.ledger
    followed = np.where(who.won, np.floor((run.windows.horizon_days - won + SAME_DAY) / DAYS_PER_MONTH), 0.0)
    row = who.people.rows(identity(ledger, "party"))
    age = np.floor((floats(ledger, "time_days") - of_rows(won, row) + SAME_DAY) / DAYS_PER_MONTH)
    kept = is_any(ledger, "account", RECEIPTS) & (age >= 0.0) & (age < of_rows(followed, row))
    sums = np.bincount(age[kept].astype(np.int64), weights=floats(ledger, "amount")[kept]).astype(np.float64)
    at_risk = np.array([(followed > month).sum() for month in range(sums.size)], dtype=np.float64)
    per_month: Floats = sums / np.maximum(at_risk, 1.0)
    return np.cumsum(per_month)
