"""Money per candidate on tables where every amount is known."""

from __future__ import annotations

import math

import pytest
from handmade import Handmade, count_of, value_of

from sim.metrics.value import value
from sim.scenario import Windows
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR, days

ACCOUNTS = ("spend_marketing", "spend_sales")
SPAN = Windows(days(12), days(24), days(24), days(60))


def measured(tables: Handmade):
    return value(tables.run(), acquisition_accounts=ACCOUNTS)


def two_years(discount: float = 0.10) -> Handmade:
    """Four primary candidates of the window, four later ones, one referral; budget 120 a month."""
    tables = Handmade(discount=discount, span=SPAN)
    for customer in range(4):
        tables.customer(customer, candidate_days=days(customer))
        tables.customer(10 + customer, candidate_days=days(13 + customer))
    tables.rows["customers"][0] |= {"won_days": days(1)}
    tables.customer(100, won=days(7), candidate_days=days(6), stream="referral")
    for month in range(60):
        tables.money(days(month), -1, "budget", 120.0)
        tables.money(days(month), -1, "spend_sales", -60.0)
        tables.money(days(month), -1, "spend_product", -30.0)
        tables.money(days(month), -1, "reserve", -30.0)
    return tables


def test_spending_is_budget_minus_reserve_times_the_share_in_the_window() -> None:
    """Four of the eight primary candidates arrive in the window; referrals do not count."""
    frame = measured(two_years())
    paid = sum(90.0 * 1.1 ** (-days(month) / DAYS_PER_YEAR) for month in range(36))
    assert value_of(frame, "spending_per_candidate") == pytest.approx(paid * 0.5 / 4, rel=1e-12)
    assert value_of(frame, "candidates") == 4
    assert value_of(frame, "net_cash_per_candidate") == pytest.approx(-paid / 8, rel=1e-12)


def test_receipts_follow_each_candidate_the_same_time() -> None:
    """Receipts count for 24 months from becoming a candidate; referrals are credited to the window."""
    tables = two_years()
    tables.money(days(23.9), 0, "invoice_regular", 1000.0)
    tables.money(days(24.0), 0, "invoice_regular", 9999.0)
    tables.money(days(29.9), 100, "invoice_usage", 500.0)
    tables.money(days(30.1), 100, "invoice_usage", 9999.0)
    tables.money(days(12), 10, "invoice_regular", 9999.0)
    tables.money(days(2), 0, "discount", 50.0)
    tables.money(days(2), 0, "refund", -20.0)
    tables.money(days(2), 0, "hosting", -70.0)
    frame = measured(tables)

    def worth(month: float) -> float:
        return 1.1 ** (-days(month) / DAYS_PER_YEAR)

    revenue = 1000 * worth(23.9) + 500 * worth(29.9) + 30 * worth(2)
    receipts = revenue - 70 * worth(2)
    assert value_of(frame, "revenue_per_candidate") == pytest.approx(revenue / 4, rel=1e-12)
    assert value_of(frame, "receipts_per_candidate") == pytest.approx(receipts / 4, rel=1e-12)
    assert value_of(frame, "ltv_per_won") == pytest.approx(receipts / 2, rel=1e-12)
    assert count_of(frame, "ltv_per_won") == 2
    spending = value_of(frame, "spending_per_candidate")
    assert value_of(frame, "net_cash_per_candidate") == pytest.approx(receipts / 4 - spending, rel=1e-12)


def test_unspent_budget_is_kept() -> None:
    """Moving 30 a month from the reserve into spending costs exactly that."""
    saver, spender = two_years(0.0), two_years(0.0)
    for row in spender.rows["ledger"]:
        row["amount"] = {"reserve": 0.0, "spend_product": -60.0}.get(row["account"], row["amount"])
    saved = value_of(measured(saver), "net_cash_per_candidate") - value_of(measured(spender), "net_cash_per_candidate")
    assert saved == pytest.approx(30 * 36 * 0.5 / 4, rel=1e-12)


def test_cac_payback_and_ltv_to_cac() -> None:
    """CAC 12,000 (sales only), 1,000 a month, margin .8: payback 15.0 months."""
    tables = Handmade(span=SPAN)
    tables.customer(1, won=0.0)
    for month in range(24):
        tables.money(days(month), -1, "spend_sales", -500.0)
        start, end = days(month), days(month + 1)
        tables.money(start, 1, "invoice_regular", 1000.0, covers_from_days=start, covers_to_days=end)
        tables.money(start, 1, "hosting", -200.0, covers_from_days=start, covers_to_days=end)
    tables.money(days(30), -1, "spend_sales", -1e6)
    frame = measured(tables)
    assert value_of(frame, "cac") == pytest.approx(12_000, rel=1e-12)
    assert value_of(frame, "payback_months") == pytest.approx(15.0, rel=1e-9)
    assert value_of(frame, "ltv_to_cac") == pytest.approx(24 * 800 / 12_000, rel=1e-12)


def test_tail_is_the_constant_retention_formula() -> None:
    """Ten customers of 100 a year, one leaves at 12 months and one at 24: r = .8^(1/2), eight are left."""
    tables = Handmade(discount=0.10, span=SPAN)
    for customer in range(10):
        end = {0: days(12), 1: days(24)}.get(customer, math.nan)
        tables.customer(customer, won=0.0, end=end)
        tables.money(0.0, customer, "invoice_regular", 100.0)
        if customer != 0:
            tables.money(days(12), customer, "invoice_regular", 100.0)
    frame = measured(tables)
    r = 0.8**0.5
    tail = 8 / 10 * 100 * r / (1.1 - r) / 1.1**2
    assert value_of(frame, "ltv_per_won") == pytest.approx(100 + 90 / 1.1)
    assert value_of(frame, "ltv_with_tail_per_won") == pytest.approx(100 + 90 / 1.1 + tail)


def test_customer_surplus_integrates_outcome_between_readings() -> None:
    """Outcome rises from 0 at signing to .5 at month 6 and stays: area .25*6 + .5*18 = 10.5 months."""
    tables = Handmade(span=SPAN)
    tables.customer(1, won=0.0, goal_value_per_month=100.0, outcome=0.5)
    tables.event(0.0, "won", 1)
    tables.wave(days(6), 1, outcome=0.5)
    tables.wave(days(12), 1, outcome=0.5)
    tables.wave(days(12), 1, "csat", outcome=0.5)
    tables.wave(days(9), 1, trigger="pre_renewal", outcome=0.9)
    tables.money(0.0, 1, "invoice_regular", 400.0)
    assert value_of(measured(tables), "customer_surplus_per_candidate") == pytest.approx(1050 - 400, rel=1e-9)


def test_nobody_won_leaves_ratios_undefined() -> None:
    tables = Handmade(span=SPAN)
    tables.customer(1)
    tables.money(days(1), -1, "spend_sales", -10.0)
    frame = measured(tables)
    for metric in ("cac", "payback_months", "ltv_per_won", "ltv_to_cac"):
        assert math.isnan(value_of(frame, metric))
        assert count_of(frame, metric) == 0
    assert value_of(frame, "won_share") == 0.0


def test_segments_add_up() -> None:
    tables = two_years()
    for row in tables.rows["customers"]:
        row["segment"] = "large" if row["customer"] % 2 else "small"
    tables.money(days(3), 0, "invoice_regular", 100.0)
    tables.money(days(3), 1, "invoice_regular", 300.0)
    frame = measured(tables)
    parts = sum(
        value_of(frame, "receipts_per_candidate", segment=name) * value_of(frame, "candidates", segment=name)
        for name in ("small", "large")
    )
    assert parts == pytest.approx(4 * value_of(frame, "receipts_per_candidate"), rel=1e-12)


def test_month_is_the_same_everywhere() -> None:
    assert pytest.approx(DAYS_PER_YEAR) == 12 * DAYS_PER_MONTH
