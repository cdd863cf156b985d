"""Lifetime value of a won customer: realised, or by constant retention under the formulas in print."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sim.metrics.defined.definition import COMPARED, OWN, Definition, Metric
from sim.metrics.lifetime import Timing, constant_retention_value
from sim.metrics.long import Rows, ratio
from sim.metrics.retention import tenure, yearly_retention
from sim.metrics.tail import tail_per_customer
from sim.metrics.value import RECEIPTS, cash, cohort, first_year
from sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from sim.recorder import Run

THREE = "Fader & Hardie 2012, Reconciling and Clarifying CLV Formulas"
_SYMBOLS = "m first-year revenue a year less hosting, r yearly retention, d discount rate"
_ONCE = "margin of what is paid once"

LTV: Final = Metric(
    "ltv",
    "Lifetime value of a customer won among the window's candidates.",
    "money per customer",
    True,
    (
        Definition("realised", "receipts within the follow-up time, discounted to time 0 / customers won",
                   "this project; Fader & Hardie 2014, What's Wrong With This CLV Formula? (truncated value)"),
        Definition("undiscounted", "receipts within the follow-up time / customers won",
                   COMPARED, "realised", "nothing is discounted"),
        Definition("with_tail", "realised + m r/(1 + d - r) for those still there, m their last year's receipts", OWN,
                   "realised", "what is to be expected after the follow-up time is added"),
        Definition("paid_now", f"m (1 + d)/(1 + d - r) + {_ONCE}; {_SYMBOLS}", f"{THREE}, equation 1", "with_tail",
                   "one margin and one retention for all years, discounted to signature instead of time 0"),
        Definition("renewals_only", f"m r/(1 + d - r); {_SYMBOLS}", f"{THREE}, equation 2; Gupta & Lehmann 2003",
                   "paid_now", "the payment at signature is not counted"),
        Definition("in_arrears", f"m/(1 + d - r) + {_ONCE}; {_SYMBOLS}", f"{THREE}, equation 3", "paid_now",
                   "each year is paid at its end"),
        Definition("margin_over_churn", f"m/(1 - r) + {_ONCE}; {_SYMBOLS}",
                   "Skok, SaaS Metrics 2.0; Finmark help centre", "in_arrears", "nothing is discounted"),
        Definition("revenue_over_churn", "first-year revenue a year/(1 - r) + what is paid once",
                   "Insivia, Customer lifetime value", "margin_over_churn", "hosting is not taken off"),
    ),
)  # fmt: skip
METRICS: Final = (LTV,)
_TIMINGS: Final[dict[str, Timing]] = {"paid_now": "now", "renewals_only": "renewals", "in_arrears": "arrears"}


def ltv(rows: Rows, run: Run) -> None:
    """Every definition of LTV; n customers won in the window, or in the whole run where a law stands for all."""
    who = cohort(run)
    inside = who.in_window & who.won
    n = int(inside.sum())
    flat = replace(run, discount_rate_per_year=0.0)
    realised = float(cash(run, who).receipts[inside].sum())
    tail = float(tail_per_customer(run, who.people, who.start, RECEIPTS)[inside].sum())
    found = {
        "realised": realised,
        "undiscounted": float(cash(flat, who).receipts[inside].sum()),
        "with_tail": realised + tail,
    }
    for name, total in found.items():
        rows.add(LTV.row_name, ratio(total, n), n, view=name)
    _constant(rows, run)


def _constant(rows: Rows, run: Run) -> None:
    """One margin and one retention for everybody who signed; undefined where nobody leaves for ever. What is paid once
    is no yearly margin and counts once, unless payments at the signature are left out."""
    who, life, d = cohort(run), tenure(run), run.discount_rate_per_year
    year, retention = first_year(run, who), yearly_retention(life, run.windows.follow_days)
    n, revenue = int(life.signed.sum()), MONTHS_PER_YEAR * year.revenue_per_month
    margin, once = revenue * year.margin_share, year.once * year.margin_share

    def add(name: str, value: float) -> None:
        rows.add(LTV.row_name, value if math.isfinite(value) else math.nan, n, view=name)

    for name, timing in _TIMINGS.items():
        first = 0.0 if timing == "renewals" else once
        add(name, constant_retention_value(margin, retention, d, timing) + first)
    add("margin_over_churn", constant_retention_value(margin, retention, 0.0, "arrears") + once)
    add("revenue_over_churn", constant_retention_value(revenue, retention, 0.0, "arrears") + year.once)
