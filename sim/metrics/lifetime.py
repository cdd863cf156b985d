"""Closed forms of customer value: lifetime value, payback, a year of monthly movements.

Formulas: constant retention r, discount d per period, margin m per period (Fader & Hardie 2012,
"Reconciling and clarifying CLV formulas"). All rates are per period of the payments.
"""

from __future__ import annotations

import math
from typing import Literal

from sim.units import MONTHS_PER_YEAR

Timing = Literal["now", "renewals", "arrears"]


def constant_retention_value(
    margin: float, retention: float, discount: float, timing: Timing, growth: float = 0.0
) -> float:
    """Expected discounted margin; `timing` says which payment comes first.

    `now`: paid at t=0 and at each renewal; `renewals`: the payment at t=0 is not counted; `arrears`:
    each period is paid at its end if the customer was there at its start. inf when it diverges.
    """
    shrink = 1.0 + discount - retention * (1.0 + growth)
    if shrink <= 0.0:
        return math.inf
    first = {"now": 1.0 + discount, "renewals": retention * (1.0 + growth), "arrears": 1.0}[timing]
    return margin * first / shrink


def payback_months(cost: float, revenue_per_month: float, margin_share: float, once: float = 0.0) -> float:
    """Months of gross margin that repay the cost of acquisition; nan when margin never does.

    `once`: revenue at the signature and not again; its margin repays at once.
    """
    gain, left = revenue_per_month * margin_share, max(cost - once * margin_share, 0.0)
    if left == 0.0 and once > 0.0:
        return 0.0
    return left / gain if gain > 0.0 else math.nan


def annual_net_retention(churn: float, contraction: float, expansion: float) -> float:
    """NRR after a year of monthly shares lost and gained."""
    return (1.0 - churn - contraction + expansion) ** MONTHS_PER_YEAR


def annual_gross_retention(churn: float, contraction: float) -> float:
    """GRR after a year of monthly shares lost; expansion never makes up for a loss."""
    return (1.0 - churn - contraction) ** MONTHS_PER_YEAR
