"""Published ranges that results are shown beside and shipped markets held against, each with its reading.

Grades: A peer-reviewed, B primary industry survey, C secondary source (order of magnitude). Sources
conflict by a factor of two and more; a point value is widened to a range of a fifth either way.
"""

from __future__ import annotations

import math
from typing import NamedTuple

MARKETS = ("mid_market", "smb", "enterprise", "consumer")
POINT = 0.2
"""Relative width either way that a single published number is given."""


class Benchmark(NamedTuple):
    """One published range of one reading in some markets."""

    quantity: str
    reading: str
    """metric/view of the long table"""
    low: float
    high: float
    grade: str
    source: str
    markets: tuple[str, ...] = MARKETS
    percent: bool = False
    """shown in per cent"""

    @property
    def metric(self) -> str:
        """Of the reading."""
        return self.reading.partition("/")[0]

    @property
    def view(self) -> str:
        """Of the reading."""
        return self.reading.partition("/")[2]


def _point(
    quantity: str, reading: str, value: float, grade: str, source: str, markets: tuple[str, ...], percent: bool = False
) -> Benchmark:
    return Benchmark(quantity, reading, value * (1 - POINT), value * (1 + POINT), grade, source, markets, percent)


MID, SMB, LARGE, CONSUMER = (("mid_market",), ("smb",), ("enterprise",), ("consumer",))
YEARLY, BUSINESS = ("mid_market", "enterprise"), ("mid_market", "smb", "enterprise")
SAAS, KBCM, OPTIFAI = "SaaS Capital brief 28 (2023)", "KBCM 2019/2021", "Optifai 2025"
SECONDARY = "secondary sources"

BENCHMARKS = (
    Benchmark("GRR, first year", "grr_12/truth", 0.90, 0.93, "B", SAAS, YEARLY, True),
    Benchmark("NRR, first year", "nrr_12/truth", 1.00, 1.10, "B", SAAS, MID, True),
    Benchmark("NRR, first year", "nrr_12/truth", 1.05, 1.15, "B", f"{SAAS}, rising above 250k", LARGE, True),
    Benchmark("logo churn per year", "logo_churn_per_year/truth", 0.07, 0.13, "C", "conflicting", MID, True),
    Benchmark("logo churn, first year", "logo_churn_12/truth", 0.30, 0.45, "C", "conflicting", SMB, True),
    Benchmark("logo churn per year", "logo_churn_per_year/truth", 0.05, 0.07, "C", "conflicting", LARGE, True),
    _point("logo churn, first year", "logo_churn_12/truth", 0.427, "data",
           "fictional IBM telco sample, month-to-month", CONSUMER, True),
    Benchmark("involuntary share of churn", "involuntary_share/truth", 0.20, 0.40, "C", SECONDARY, SMB, True),
    _point("first contract value, median", "first_contract_value/truth", 3_000, "B", KBCM, SMB),
    _point("first contract value, median", "first_contract_value/truth", 28_000, "B", KBCM, MID),
    _point("first contract value, median", "first_contract_value/truth", 150_000, "B", KBCM, LARGE),
    _point("sales cycle, median days", "cycle_median_days/truth", 30, "C", OPTIFAI, SMB),
    _point("sales cycle, median days", "cycle_median_days/truth", 84, "C", OPTIFAI, MID),
    Benchmark("sales cycle, median days", "cycle_median_days/truth", 180, 365, "C", OPTIFAI, LARGE),
    Benchmark("win rate, qualified", "win_rate/truth", 0.15, 0.45, "C", f"{SECONDARY}; SMB 35, mid 25, enterprise 18 %",
              BUSINESS, True),
    Benchmark("trial without card to paid", "win_rate/truth", 0.08, 0.15, "B", SECONDARY, CONSUMER, True),
    _point("sales and marketing per 1 of new ARR", "acquisition_per_new_revenue/truth", 0.6, "B", "KBCM 2019", SMB),
    _point("sales and marketing per 1 of new ARR", "acquisition_per_new_revenue/truth", 1.14, "B", "KBCM 2019", MID),
    _point("sales and marketing per 1 of new ARR", "acquisition_per_new_revenue/truth", 1.3, "B", "KBCM 2019", LARGE),
    Benchmark("CAC payback, months", "payback_months/truth", 12, 18, "C", SECONDARY, ("mid_market", "smb", "consumer")),
    _point("CAC payback, months", "payback_months/truth", 24, "C", SECONDARY, LARGE),
    _point("LTV : CAC", "ltv_to_cac/truth", 3, "C", f"{SECONDARY}, median", MARKETS),
    Benchmark("gross margin", "gross_margin/truth", 0.70, 0.85, "C", SECONDARY, MARKETS, True),
    Benchmark("time to value, median days", "ttv_median_days/truth", 18, 24, "C", "definitions differ tenfold", MID),
    _point("time to value, median days", "ttv_median_days/truth", 120, "C", "definitions differ tenfold", LARGE),
    Benchmark("time to value, median days", "ttv_median_days/truth", 1.5, 24, "C", "definitions differ tenfold",
              ("smb", "consumer")),
    Benchmark("tickets per customer-month", "tickets_per_customer_month/truth", 0.5, 1.0, "C", SECONDARY, MID),
    _point("tickets per customer-month", "tickets_per_customer_month/truth", 0.4, "C", SECONDARY, SMB),
    _point("tickets per customer-month", "tickets_per_customer_month/truth", 2.0, "C", SECONDARY, LARGE),
    Benchmark("resolution, median calendar hours", "ttr_median_hours/calendar", 8, 24, "B", "Zendesk 2020"),
    Benchmark("accounts per success manager", "accounts_per_manager/truth", 20, 75, "C", SECONDARY, MID),
    Benchmark("accounts per success manager", "accounts_per_manager/truth", 100, 500, "C", SECONDARY, SMB),
    Benchmark("accounts per success manager", "accounts_per_manager/truth", 5, 15, "C", SECONDARY, LARGE),
    Benchmark("support and success cost of revenue", "care_of_revenue/truth", 0.07, 0.08, "C", SECONDARY, BUSINESS,
              True),
    Benchmark("NPS, respondents", "nps/respondents", 31, 41, "C", SECONDARY),
    Benchmark("response, relationship survey", "response_rate/respondents", 0.15, 0.33, "B", "CustomerGauge", MARKETS,
              True),
    Benchmark("CSAT, respondents", "csat/respondents", 0.75, 0.80, "C", SECONDARY, MARKETS, True),
    Benchmark("corr(NPS, staying 12 months), everybody's answer", "corr_nps_stays_12/surveyed", 0.05, 0.35, "A",
              "de Haan et al. 2015", YEARLY),
    Benchmark("corr(NPS, next renewal), respondents", "corr_nps_renewal/respondents", 0.05, 0.35, "A",
              "de Haan et al. 2015", YEARLY),
)  # fmt: skip


def published(market: str) -> list[Benchmark]:
    """Ranges that apply to a market by its name; to one that is not shipped, those that apply to all."""
    return [one for one in BENCHMARKS if market in one.markets or one.markets == MARKETS]


class Emergent(NamedTuple):
    """Something the model must show by itself; nothing is fitted to it."""

    claim: str
    reading: str
    low: float
    """the claim is that the reading lies between low and high; from -inf to inf it is shown and claims nothing"""
    high: float
    source: str
    markets: tuple[str, ...] = MARKETS


EMERGENT = (
    Emergent("NPS foretells staying no better than satisfaction does, give or take .05: corr(NPS) - corr(CSAT)",
             "nps_over_csat/surveyed", -math.inf, 0.05, "A: Morgan & Rego 2006; Keiningham et al. 2007"),
    Emergent("the survey at purchase foretells the first renewal worse than the one after onboarding: AUC difference",
             "onboarding_over_purchase/surveyed", 0.0, math.inf, "argument of the model", YEARLY),
    Emergent("slow starters leave more often: retention at the first decision, quickest third - slowest third",
             "ttv_gradient/truth", 0.0, math.inf, "confounded with fit and skill", YEARLY),
    Emergent("the same among customers of like fit (mean over thirds of fit)", "ttv_gradient_same_fit/truth",
             -math.inf, math.inf, "what remains of the gradient"),
)  # fmt: skip

SET = (
    _point("transactional minus relational NPS, points", "transactional_nps/surveyed", 15, "C", SECONDARY, MARKETS),
)  # fmt: skip
"""What an input sets, here the halo of survey moments (`survey.halo`): no evidence of anything."""
