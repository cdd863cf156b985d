"""LTV, CAC and payback under every definition, against the printed examples."""

from __future__ import annotations

import math

import pytest
from handmade import Handmade
from numbers_of_definitions import defined, measured

from sim.scenario import Windows
from sim.units import days

SPAN = Windows(days(1), days(2), days(13), days(18))


def ten_customers(leave: int, yearly: float, discount: float, hosting: float = 0.0) -> Handmade:
    """`leave` of ten go after a year; everybody pays a year ahead; followed for one whole year."""
    tables = Handmade(discount=discount, span=SPAN)
    for customer in range(10):
        tables.customer(customer, won=0.0, end=days(12) if customer < leave else math.nan)
        for year in range(1 if customer < leave else 2):
            covers = {"covers_from_days": days(12 * year), "covers_to_days": days(12 * year + 12)}
            tables.money(days(12 * year), customer, "invoice_regular", yearly, **covers)
            tables.money(days(12 * year), customer, "hosting", -hosting, **covers)
    return tables


def test_three_conventions_out_of_tables() -> None:
    frame = measured(ten_customers(2, 100.0, 0.10))
    exact = {"paid_now": 366.666667, "renewals_only": 266.666667, "in_arrears": 333.333333}
    for name, value in exact.items():
        assert defined(frame, "ltv", name) == pytest.approx(value, abs=5e-7), name
    assert defined(frame, "ltv", "margin_over_churn") == pytest.approx(500.0)


def test_margin_discount_and_realised() -> None:
    """1000 a year of which 200 are hosting; one of ten leaves; the second bill falls within 13 months."""
    frame = measured(ten_customers(1, 1000.0, 0.15, 200.0))
    assert defined(frame, "ltv", "revenue_over_churn") == pytest.approx(10_000.0)
    assert defined(frame, "ltv", "margin_over_churn") == pytest.approx(8_000.0)
    assert defined(frame, "ltv", "in_arrears") == pytest.approx(800 / 0.25)
    assert defined(frame, "ltv", "undiscounted") == pytest.approx(800 + 0.9 * 800)
    assert defined(frame, "ltv", "realised") == pytest.approx(800 + 0.9 * 800 / 1.15)
    tail = 0.9 * 800 * (0.9 / 0.25) * 1.15 ** (-13 / 12)
    assert defined(frame, "ltv", "with_tail") == pytest.approx(800 + 0.9 * 800 / 1.15 + tail)


def test_a_firm_that_nobody_leaves_has_no_value_without_discount() -> None:
    frame = measured(ten_customers(0, 100.0, 0.10))
    assert math.isnan(defined(frame, "ltv", "margin_over_churn"))
    assert defined(frame, "ltv", "paid_now") == pytest.approx(1100.0)


def test_payback() -> None:
    """CAC 12000, 1000 a month, margin .8: 15 months; billed a year ahead, the second bill repays it."""
    tables = Handmade(span=Windows(days(12), days(24), days(24), days(60)))
    tables.customer(1, won=0.0)
    tables.money(0.0, -1, "spend_sales", -12_000.0)
    for year in range(3):
        covers = {"covers_from_days": days(12 * year), "covers_to_days": days(12 * year + 12)}
        tables.money(days(12 * year), 1, "invoice_regular", 12_000.0, **covers)
        tables.money(days(12 * year), 1, "hosting", -2_400.0, **covers)
    frame = measured(tables)
    assert defined(frame, "payback", "on_margin") == pytest.approx(15.0)
    assert defined(frame, "payback", "on_revenue") == pytest.approx(12.0)
    assert defined(frame, "payback", "cash_back") == 13.0


def test_what_is_paid_once_pays_back_at_once_and_is_worth_that_once() -> None:
    """CAC 12,000: a licence of 5,000 and 1,000 a month at a margin of .8 leave 8,000 to repay by 800 a month; a dearer
    one repays it on the day. Seats added in a later year count neither way. Negative control: no licence, 15 months."""
    for licence, months in ((0.0, 15.0), (5_000.0, 10.0), (20_000.0, 0.0)):
        tables = Handmade(span=Windows(days(12), days(24), days(24), days(60)))
        tables.customer(1, won=0.0)
        tables.money(0.0, -1, "spend_sales", -12_000.0)
        tables.money(0.0, 1, "invoice_once", licence)
        tables.money(0.0, 1, "hosting", -0.2 * licence)
        for month in range(60):
            covers = {"covers_from_days": days(month), "covers_to_days": days(month + 1)}
            tables.money(days(month), 1, "invoice_regular", 1_000.0, **covers)
            tables.money(days(month), 1, "hosting", -200.0, **covers)
        frame = measured(tables)
        assert defined(frame, "payback", "on_margin") == pytest.approx(months)
        tables.money(days(30), 1, "invoice_once", 9_999.0)
        tables.money(days(30), 1, "hosting", -0.2 * 9_999.0)
        assert defined(measured(tables), "payback", "on_margin") == pytest.approx(months)


def test_ltv_by_formula_counts_a_licence_once() -> None:
    """As without it, plus its margin; renewals alone hold none of it."""
    plain, sold = (measured(_licensed(price)) for price in (0.0, 500.0))
    once = {"paid_now": 400.0, "in_arrears": 400.0, "margin_over_churn": 400.0, "revenue_over_churn": 500.0}
    for name, more in (once | {"renewals_only": 0.0}).items():
        assert defined(sold, "ltv", name) == pytest.approx(defined(plain, "ltv", name) + more), name


def _licensed(price: float) -> Handmade:
    tables = ten_customers(1, 1000.0, 0.15, 200.0)
    for customer in range(10):
        tables.money(0.0, customer, "invoice_once", price)
        tables.money(0.0, customer, "hosting", -0.2 * price)
    return tables


def test_who_leaves_early_pays_back_no_more_cash() -> None:
    """Two customers at 100 a month cost 250 each; one stays, one leaves after two months: 2 + 4 more at half."""
    tables = Handmade(span=Windows(days(12), days(24), days(24), days(36)))
    tables.money(0.0, -1, "spend_sales", -500.0)
    for customer, last in ((1, 2), (2, 36)):
        tables.customer(customer, won=0.0, end=days(last) if last < 36 else math.nan)
        for month in range(last):
            covers = {"covers_from_days": days(month), "covers_to_days": days(month + 1)}
            tables.money(days(month), customer, "invoice_regular", 100.0, **covers)
    frame = measured(tables)
    assert defined(frame, "payback", "on_revenue") == pytest.approx(2.5), "revenue under contract knows no leavers"
    assert defined(frame, "payback", "cash_back") == 3.0
    assert defined(measured(later(tables)), "payback", "cash_back") == 4.0


def test_an_unfinished_month_tells_nothing_of_the_first() -> None:
    """Ten months at 100 repay 1000; who signs half a month before the end and pays 9999 has no whole month yet."""
    tables = Handmade(span=Windows(days(12), days(24), days(24), days(36)))
    tables.money(0.0, -1, "spend_sales", -1000.0)
    tables.customer(1, won=0.0)
    for month in range(36):
        tables.money(days(month), 1, "invoice_regular", 100.0, covers_to_days=days(month + 1))
    tables.customer(2, won=days(35.5), candidate_days=days(30))
    tables.money(days(35.5), 2, "invoice_regular", 9999.0)
    assert defined(measured(tables), "payback", "cash_back") == 10.0


def later(tables: Handmade) -> Handmade:
    """The same with costs of 300 each."""
    tables.rows["ledger"][0]["amount"] = -600.0
    return tables


def test_whose_customers_and_whose_money() -> None:
    """Three candidates of the entry phase sign: two within it, one later; one of them was referred.

    The median cycle is 4.5 months (3, 6, 8, 3), so that the lagged months hold the second customer only.
    """
    tables = Handmade(span=Windows(days(12), days(24), days(24), days(60)))
    for customer, (arrived, won) in enumerate([(0, 3), (10, 16), (22, 30), (30, 33)]):
        stream = "referral" if customer == 1 else "primary"
        tables.customer(customer, won=days(won), candidate_days=days(arrived), stream=stream)
    for account, amount in (("spend_marketing", -60.0), ("spend_sales", -30.0), ("spend_onboarding", -12.0)):
        tables.money(days(5), -1, account, amount)
        tables.money(days(24), -1, account, -9999.0)
    tables.money(days(5), -1, "spend_discounts", -3.0)
    frame = measured(tables)
    expected = {
        "candidate_cohort": 90 / 3, "same_months": 90 / 2, "marketing_only": 60 / 3, "with_onboarding": 105 / 3,
        "without_referrals": 90 / 2, "lagged": 90 / 1,
    }  # fmt: skip
    for name, value in expected.items():
        assert defined(frame, "cac", name) == pytest.approx(value), name


def test_the_lag_is_the_median_sales_cycle() -> None:
    """Everybody takes 6 months: months 6 to 30 hold all customers of candidates of months 0 to 24."""
    tables = Handmade(span=Windows(days(12), days(24), days(24), days(60)))
    for month in range(24):
        tables.customer(month, won=days(month + 6), candidate_days=days(month))
    tables.money(0.0, -1, "spend_sales", -480.0)
    frame = measured(tables)
    assert defined(frame, "cac", "lagged") == pytest.approx(defined(frame, "cac", "candidate_cohort")) == 20.0
    assert defined(frame, "cac", "same_months") == pytest.approx(480 / 18)
