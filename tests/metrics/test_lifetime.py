"""Closed forms of value against the printed examples (relative 1e-9 or half of the last digit)."""

from __future__ import annotations

import math

import pytest

from sim.metrics.lifetime import (
    Timing,
    annual_gross_retention,
    annual_net_retention,
    constant_retention_value,
    payback_months,
)


@pytest.mark.parametrize(
    ("margin", "retention", "discount", "timing", "growth", "exact"),
    [
        (100, 0.80, 0.10, "now", 0.0, 366.666667),
        (100, 0.80, 0.10, "renewals", 0.0, 266.666667),
        (100, 0.80, 0.10, "arrears", 0.0, 333.333333),
        (1000, 0.72, 0.15, "now", 0.0, 2674.418605),
        (1000, 0.72, 0.15, "renewals", 0.0, 1674.418605),
        (1000, 0.72, 0.15, "arrears", 0.0, 2325.581395),
        (100, 0.9, 0.1, "now", 0.05, 709.677419),
    ],
)
def test_three_conventions(
    margin: float, retention: float, discount: float, timing: Timing, growth: float, exact: float
) -> None:
    assert constant_retention_value(margin, retention, discount, timing, growth) == pytest.approx(exact, abs=5e-7)


def test_growth_faster_than_discount_has_no_value() -> None:
    assert constant_retention_value(100, 1.0, 0.05, "now", 0.06) == math.inf


def test_a_year_of_monthly_movements() -> None:
    assert annual_net_retention(0.01, 0.002, 0.008) == pytest.approx(0.953042, abs=5e-7)
    assert annual_gross_retention(0.01, 0.002) == pytest.approx(0.865134, abs=5e-7)


def test_payback() -> None:
    assert payback_months(12000, 1000, 0.8) == pytest.approx(15.0, rel=1e-12)
    assert math.isnan(payback_months(12000, 1000, -0.1))
