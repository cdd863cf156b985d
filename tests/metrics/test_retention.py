"""Retention by tenure on known lives and invoices, and against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from handmade import Handmade, count_of, endless, value_of

from sim.metrics.lifetime import annual_gross_retention, annual_net_retention
from sim.metrics.retention import retention
from sim.scenario import Windows
from sim.units import days

MONTHS = (12, 24, 36, 60)


def measured(tables: Handmade, months: tuple[float, ...] = MONTHS):
    return retention(tables.run(), months=months, base_months=1, rate_months=1)


def test_an_end_on_the_anniversary_counts_as_left() -> None:
    """Ten yearly contracts, one ends at 12 months, two at 24; floating error on the day changes nothing."""
    tables = Handmade(60)
    for customer in range(10):
        won = 0.1 * customer
        last = {0: 12, 1: 24, 2: 24}.get(customer)
        tables.customer(customer, won=won, end=won + days(last) if last else math.nan)
    frame = measured(tables)
    assert value_of(frame, "logo_retention_12") == pytest.approx(0.9)
    assert count_of(frame, "logo_retention_12") == 10
    assert value_of(frame, "logo_retention_24") == pytest.approx(0.7)
    assert count_of(frame, "logo_retention_24") == 9
    assert value_of(frame, "logo_churn_per_year") == pytest.approx(1 - 0.7 ** (1 / 3))


def test_beyond_what_was_followed_is_not_reached() -> None:
    tables = Handmade(30)
    tables.customer(1, won=days(1))
    frame = measured(tables)
    assert value_of(frame, "logo_retention_24") == 1.0
    assert math.isnan(value_of(frame, "logo_retention_36"))
    assert count_of(frame, "logo_retention_36") == 0


def test_geometric_retention_in_spite_of_censoring() -> None:
    """Monthly churn .02, arrivals over the whole horizon: S(24) = .98^24, at 4 SE across 20 replications.

    The control counts only the churned, as the naive share of lost customers would.
    """
    horizon, estimates, naive = 36, [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        tables = Handmade(horizon)
        start, length = rng.uniform(0, horizon, 400), rng.geometric(0.02, 400)
        for customer, (won, lived) in enumerate(zip(start, length, strict=True)):
            end = days(float(won + lived))
            tables.customer(customer, won=days(float(won)), end=end if end < days(horizon) else math.nan)
        estimates.append(value_of(measured(tables), "logo_retention_24"))
        naive.append(float(np.mean(start + length >= horizon)))
    exact, error = 0.98**24, np.std(estimates, ddof=1) / math.sqrt(20)
    assert abs(np.mean(estimates) - exact) <= 4 * error
    assert 5 * error < 0.05, "detects a bias of 5 points"
    assert abs(np.mean(naive) - exact) > 0.08


def test_monthly_movements_over_a_year() -> None:
    """Churn 1 %, contraction .2 %, expansion .8 % a month on 10,000 equal seats, movements in whole seats."""
    tables = Handmade(span=Windows(days(2), days(4), days(18), days(18)))
    base, lost, shrunk = 10_000.0, 0.99**12, annual_gross_retention(0.01, 0.002)
    grown = annual_net_retention(0.01, 0.002, 0.008) - shrunk
    # Three customers carry the churned, the contracted and the expanded part of the annual movement.
    rates = {1: (base * (1 - shrunk), 0.0), 2: (base * shrunk, base * shrunk), 3: (1.0, 1.0 + base * grown)}
    for customer, (first, later) in rates.items():
        tables.customer(customer, won=0.0)
        for start, rate in ((0, first), (12, later)):
            covers = {"covers_from_days": days(start), "covers_to_days": days(start + 12)}
            tables.money(days(start), customer, "invoice_regular", 12 * rate, **covers)
    frame = measured(tables, (12,))
    assert lost > shrunk
    assert value_of(frame, "nrr_12") == pytest.approx((0.953042 * base + 1) / (base + 1), abs=5e-7)
    assert value_of(frame, "grr_12") == pytest.approx((0.865134 * base + 1) / (base + 1), abs=5e-7)


def yearly(
    tables: Handmade, customer: int, rates: list[float], account: str = "invoice_regular", late: int = 0
) -> None:
    for year, rate in enumerate(rates):
        covers = {"covers_from_days": days(12 * year), "covers_to_days": days(12 * year + 12)}
        tables.money(days(12 * (year + late)), customer, account, 12 * rate, **covers)


def test_expansion_never_covers_a_loss_in_grr() -> None:
    tables = Handmade(60)
    for customer, rates in {1: [100.0, 150.0], 2: [100.0, 80.0], 3: [100.0]}.items():
        tables.customer(customer, won=0.0, end=days(12) if customer == 3 else math.nan)
        yearly(tables, customer, rates)
    frame = measured(tables)
    assert value_of(frame, "nrr_12") == pytest.approx(230 / 300)
    assert value_of(frame, "grr_12") == pytest.approx(180 / 300)
    assert count_of(frame, "nrr_12") == 3


def test_arrears_wait_until_the_bill_is_complete() -> None:
    """Use of a year billed at its end: month 36 to 37 is billed at month 48, so month 48 is not known at 54."""
    tables = Handmade(54)
    tables.customer(1, won=0.0)
    yearly(tables, 1, [10.0, 20.0, 30.0, 40.0], "invoice_usage", late=1)
    frame = measured(tables, (12, 36, 48))
    assert value_of(frame, "nrr_12") == pytest.approx(2.0)
    assert value_of(frame, "nrr_36") == pytest.approx(4.0)
    assert count_of(frame, "nrr_48") == 0


def test_involuntary_share_counts_churn_not_cancellation() -> None:
    tables = Handmade(span=endless())
    for customer, (kind, detail) in enumerate(
        [
            ("churned", "involuntary"),
            ("churned", "price"),
            ("churned", "chance"),
            ("implementation_cancelled", "decided"),
        ]
    ):
        tables.customer(customer, won=0.0, end=5.0)
        tables.event(5.0, kind, customer, detail=detail)
    tables.event(9.0, "churned", 0, contract=2, detail="involuntary")
    assert value_of(measured(tables), "involuntary_share") == pytest.approx(1 / 3)


def test_segments_have_their_own_curve() -> None:
    tables = Handmade(30)
    tables.customer(1, won=0.0, end=days(6), segment="small")
    tables.customer(2, won=0.0, segment="large")
    frame = measured(tables)
    assert value_of(frame, "logo_retention_12", segment="small") == 0.0
    assert value_of(frame, "logo_retention_12", segment="large") == 1.0
    assert value_of(frame, "logo_retention_12") == 0.5
