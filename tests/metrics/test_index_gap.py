"""Score against truth and revenue over time: gaps, trends, and when the alarm rings."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from handmade import Handmade, count_of, value_of

from sim.metrics.index_gap import index_gap, parted, slope_per_year
from sim.units import DAYS_PER_YEAR, days


def measured(tables: Handmade) -> pd.DataFrame:
    return index_gap(
        tables.run(), from_months=24.0, span_months=1.0, score_points_per_year=1.0, nrr_share_per_year=0.005
    )


def firm(leave_per_year: float, lift_per_wave: float, customers: int = 200, noise: float = 0.0) -> Handmade:
    """Everybody signs at 0 and pays a year ahead; a growing share leaves; answers drift."""
    tables = Handmade(72)
    for customer in range(customers):
        years = next((y for y in range(1, 6) if customer < customers * leave_per_year * y * y / 25), 6)
        end = math.nan if years == 6 else days(12 * years)
        tables.customer(customer, won=0.0, end=end)
        for year in range(years):
            tables.money(days(12 * year), customer, "invoice_regular", 1200.0,
                         covers_from_days=days(12 * year), covers_to_days=days(12 * year + 12))  # fmt: skip
        for wave in range(1, 4 * years + (years < 6)):
            felt = 5.0 + 6.0 * customer / customers + lift_per_wave * wave
            tables.wave(days(3 * wave), customer, occurrence=wave, true_answer=felt,
                        answer=float(round(felt)) + noise, audit_answered=customer % 2 == 0)  # fmt: skip
    return tables


def test_the_alarm_rings_when_the_score_rises_and_revenue_falls() -> None:
    frame = measured(firm(leave_per_year=0.6, lift_per_wave=0.05))
    assert value_of(frame, "score_trend", "respondents") > 1.0
    assert value_of(frame, "nrr_trend") < -0.005
    for view in ("truth", "respondents"):
        assert value_of(frame, "trend_alarm", view) == 1.0
        assert value_of(frame, "trend_alarm", view, "false_comfort") == 1.0
        assert value_of(frame, "trend_alarm", view, "false_alarm") == 0.0


def test_a_quiet_firm_rings_no_alarm() -> None:
    frame = measured(firm(leave_per_year=0.0, lift_per_wave=0.05))
    assert value_of(frame, "nrr_trend") == pytest.approx(0.0, abs=1e-12)
    assert value_of(frame, "trend_alarm") == 0.0
    nrr = frame[frame["metric"] == "nrr_trailing"]
    assert np.allclose(nrr["value"], 1.0)
    assert set(nrr["n"]) == {200}


def test_revenue_of_the_year_before() -> None:
    """Two customers; one leaves at month 36: NRR read at 36 months is a half, a year later 1 of the one left."""
    tables = Handmade(72)
    for customer, years in ((0, 6), (1, 3)):
        tables.customer(customer, won=0.0, end=math.nan if years == 6 else days(36))
        for year in range(years):
            tables.money(days(12 * year), customer, "invoice_regular", 1200.0,
                         covers_from_days=days(12 * year), covers_to_days=days(12 * year + 12))  # fmt: skip
    frame = measured(tables)
    nrr = frame[frame["metric"] == "nrr_trailing"]
    level = dict(zip((nrr["time_days"] / days(12)).round(6), nrr["value"], strict=True))
    assert level[2.0] == pytest.approx(1.0)
    assert level[3.0] == pytest.approx(0.5)
    assert level[4.0] == pytest.approx(1.0)


def test_the_gap_is_reported_minus_true_at_the_same_waves() -> None:
    plain, noisy = (measured(firm(0.0, 0.0, noise=noise)) for noise in (0.0, 2.0))
    assert value_of(noisy, "score_gap", "respondents", "difference") > 30.0
    assert abs(value_of(plain, "score_gap", "respondents", "difference")) < 10.0
    assert count_of(plain, "score_gap", "respondents", "difference") == 100 * 23


def test_slope_and_alarm_by_hand() -> None:
    years = np.array([0.0, 1.0, 2.0, 3.0]) * DAYS_PER_YEAR
    assert slope_per_year(years, np.array([1.0, 3.0, 5.0, 7.0])) == pytest.approx(2.0)
    assert math.isnan(slope_per_year(years[:1], np.ones(1)))
    assert parted(2.0, -0.02, 1.0, 0.005) == (1.0, 0.0)
    assert parted(-2.0, 0.02, 1.0, 0.005) == (0.0, 1.0)
    assert parted(2.0, 0.02, 1.0, 0.005) == parted(0.5, -0.02, 1.0, 0.005) == (0.0, 0.0)
    assert all(math.isnan(x) for x in parted(math.nan, 0.0, 1.0, 0.005))
