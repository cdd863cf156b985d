"""Published ranges beside which results are shown; context for the reader, never a target of the program.

Grades: A peer-reviewed, B primary industry survey, C secondary source (order of magnitude; sources
conflict by a factor of two and more). Nothing here is a fact about a user's company.
"""

from __future__ import annotations

from typing import NamedTuple


class Published(NamedTuple):
    """A published range of a metric, in the metric's own unit; `market` empty means any."""

    metric: str
    low: float
    high: float
    grade: str
    source: str
    market: str = ""


RANGES = (
    Published("logo_churn_per_year", 0.30, 0.45, "C", "conflicting secondary sources", "smb"),
    Published("logo_churn_per_year", 0.07, 0.13, "C", "conflicting secondary sources", "mid_market"),
    Published("logo_churn_per_year", 0.05, 0.07, "C", "conflicting secondary sources", "enterprise"),
    Published("involuntary_share", 0.20, 0.40, "C", "secondary sources", "smb"),
    Published("grr_12", 0.88, 0.93, "B", "SaaS Capital brief 28 (2023); Benchmarkit 2024"),
    Published("nrr_12", 1.00, 1.10, "B", "SaaS Capital brief 28 (2023)"),
    Published("win_rate", 0.15, 0.45, "C", "secondary sources, qualified leads"),
    Published("cycle_median_days", 30, 30, "C", "Optifai 2025", "smb"),
    Published("cycle_median_days", 84, 84, "C", "Optifai 2025", "mid_market"),
    Published("cycle_median_days", 180, 365, "C", "Optifai 2025", "enterprise"),
    Published("ttv_median_days", 18, 24, "C", "secondary sources, definitions differ", "mid_market"),
    Published("ttv_median_days", 120, 120, "C", "secondary sources, definitions differ", "enterprise"),
    Published("tickets_per_customer_month", 0.5, 1.0, "C", "secondary sources"),
    Published("ttr_median_hours", 8, 24, "B", "Zendesk 2020"),
    Published("nps", 31, 41, "C", "secondary sources, software"),
    Published("response_rate", 0.15, 0.33, "B", "CustomerGauge, relationship surveys"),
    Published("csat", 0.75, 0.80, "C", "secondary sources"),
    Published("corr_nps_renewal", 0.05, 0.35, "A", "de Haan et al. 2015, varies by industry"),
    Published("payback_months", 12, 18, "C", "secondary sources", "mid_market"),
    Published("payback_months", 24, 24, "C", "secondary sources", "enterprise"),
    Published("ltv_to_cac", 3, 3, "C", "secondary sources, median"),
)


def published(market: str) -> list[Published]:
    """Ranges that apply to a market by its name."""
    return [one for one in RANGES if one.market in ("", market)]
