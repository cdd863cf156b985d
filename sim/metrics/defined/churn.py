"""Churn a year: logos or revenue, whose loss counts, and what it is divided by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.defined.books import Books, Contracts, open_at
from sim.metrics.defined.definition import OWN, Definition, Metric
from sim.metrics.defined.retained import year_ago
from sim.metrics.facts import SAME_DAY, Flags, Floats, identity, is_only
from sim.metrics.long import Rows, ratio
from sim.metrics.retention import tenure, yearly_retention
from sim.metrics.survival import kaplan_meier, level_at
from sim.units import DAYS_PER_YEAR, MONTHS_PER_YEAR, days

if TYPE_CHECKING:
    from sim.recorder import Run

NOBLE = "Noble 2011, Defining churn rate (Shopify)"
KBCM = "some issuers in KBCM, SaaS Company Reporting Metrics"

CHURN: Final = Metric(
    "churn",
    "Share lost in a year.",
    "share",
    False,
    (
        Definition("first_year", "1 - S(12 months), Kaplan-Meier over first contracts from their signature",
                   "Kaplan & Meier 1958"),
        Definition("constant_yearly", "1 - S(T)^(1/T), T the longest whole number of years followed", OWN, "first_year",
                   "all years followed, as if their rates were one"),
        Definition("start_base", "first contracts open at a year's start and ended within it / open at its start",
                   NOBLE, "first_year", "calendar years of everybody there, not the first year of each"),
        Definition("average_base", "all ends of first contracts within the year / mean of those open at its two ends",
                   "Croll & Yoskovitz 2013, Lean Analytics", "start_base",
                   "losses among those who joined within the year count, against the average base"),
        Definition("customer_years", "all ends of first contracts within the year / years lived under them in it",
                   NOBLE, "average_base", "the base is counted day by day instead of at two ends"),
        Definition("monthly_compounded", "1 - (1 - m)^12, m the share of those open at a month's start lost in it",
                   "Optifai, Monthly vs annual churn", "customer_years", "a monthly rate, compounded"),
        Definition("monthly_times_12", "12 m", "named and advised against by Optifai, Monthly vs annual churn",
                   "monthly_compounded", "multiplied instead of compounded"),
        Definition("voluntary", "as start_base; ends by failed payment and before go-live are no losses",
                   "Recurly documentation, Involuntary churn", "start_base",
                   "failed payments and cancelled implementations are left out of the losses"),
        Definition("net_of_win_backs", "as start_base; who is a customer again at the year's end is not lost",
                   "ChartMogul help centre, MRR movements (reactivation)", "start_base",
                   "who has returned is not lost"),
        Definition("revenue_lost", "revenue of the contracts lost / revenue a year before", KBCM, "start_base",
                   "each contract counts by what it paid"),
        Definition("revenue_gross", "revenue lost and contracted / revenue a year before",
                   "ChartMogul help centre, MRR Churn Rate (gross)", "revenue_lost", "contraction is a loss too"),
        Definition("revenue_net", "(revenue lost and contracted - expanded) / revenue a year before",
                   "ChartMogul help centre, MRR Churn Rate (net)", "revenue_gross", "expansion makes up for losses"),
    ),
)  # fmt: skip
METRICS: Final = (CHURN,)


class Lives(NamedTuple):
    """First contracts."""

    start: Floats
    end: Floats
    chosen: Flags
    """The customer itself decided to leave a running service."""


def churn(rows: Rows, run: Run, kept: Books) -> None:
    """Every definition of churn."""
    life = tenure(run)
    curve, n = kaplan_meier(life.duration[life.signed], life.ended[life.signed]), int(life.signed.sum())
    first = level_at(curve, DAYS_PER_YEAR + SAME_DAY)
    reached = int((life.duration[life.signed] >= DAYS_PER_YEAR - SAME_DAY).sum()) if first > 0.0 else n
    rows.add(CHURN.row_name, 1.0 - first, reached, view="first_year")
    rows.add(CHURN.row_name, 1.0 - yearly_retention(life, run.windows.follow_days), n, view="constant_yearly")
    _logos(rows, _lives(run, kept.contracts), kept)
    sums = year_ago(kept.revenue, kept.ends)
    rows.add(CHURN.row_name, ratio(sums.lost, sums.base), sums.paying, view="revenue_lost")
    rows.add(CHURN.row_name, 1.0 - ratio(sums.capped, sums.base), sums.paying, view="revenue_gross")
    rows.add(CHURN.row_name, 1.0 - ratio(sums.now, sums.base), sums.paying, view="revenue_net")


def _lives(run: Run, signed: Contracts) -> Lives:
    """First contracts in the order of `signed`."""
    first = signed.number == 1
    events = run.events
    by_itself = is_only(events, "event", "churned") & ~is_only(events, "detail", "involuntary")
    decided = identity(events[by_itself & (events["contract"].to_numpy() == 1)])
    chosen = np.isin(identity(run.customers)[signed.owner[first]], decided)
    return Lives(signed.start[first], signed.end[first], chosen)


def _logos(rows: Rows, lives: Lives, kept: Books) -> None:
    """Definitions that count customers over calendar years."""
    sums = np.sum([_year(lives, kept, end) for end in kept.ends] or [np.zeros(7)], axis=0)
    start, left, chosen, returned, ended, average, lived = sums.tolist()
    monthly = _monthly(lives, kept.ends)
    found = {
        "start_base": ratio(left, start),
        "average_base": ratio(ended, average),
        "customer_years": ratio(ended, lived),
        "monthly_compounded": 1.0 - (1.0 - monthly) ** MONTHS_PER_YEAR,
        "monthly_times_12": MONTHS_PER_YEAR * monthly,
        "voluntary": ratio(chosen, start),
        "net_of_win_backs": ratio(left - returned, start),
    }
    for name, value in found.items():
        rows.add(CHURN.row_name, value, start, view=name)


def _year(lives: Lives, kept: Books, end: int) -> Floats:
    """Open at its start, of these: gone at its end, by choice, returned; all ends in it, mean base, years lived."""
    low, high, signed = days(end - MONTHS_PER_YEAR), days(end), kept.contracts
    here, there = _open(lives, low), _open(lives, high)
    left = here & ~there
    back = np.isin(signed.owner[signed.number == 1], signed.owner[open_at(signed, high)])
    lived = np.maximum(np.minimum(lives.end, high) - np.maximum(lives.start, low), 0.0).sum() / DAYS_PER_YEAR
    counts = [here, left, left & lives.chosen, left & back, _ended(lives, low, high)]
    return np.array([*(float(flags.sum()) for flags in counts), (here.sum() + there.sum()) / 2.0, lived])


def _monthly(lives: Lives, ends: tuple[int, ...]) -> float:
    """Share of those open at a month's start that is lost in it, all months of the years pooled."""
    at_risk = gone = 0
    for month in sorted({m for end in ends for m in range(end - MONTHS_PER_YEAR, end)}):
        here = _open(lives, days(month))
        at_risk += int(here.sum())
        gone += int((here & _ended(lives, days(month), days(month + 1))).sum())
    return ratio(gone, at_risk)


def _open(lives: Lives, at: float) -> Flags:
    return (lives.start <= at + SAME_DAY) & (lives.end > at + SAME_DAY)


def _ended(lives: Lives, low: float, high: float) -> Flags:
    return (lives.end > low + SAME_DAY) & (lives.end <= high + SAME_DAY)
