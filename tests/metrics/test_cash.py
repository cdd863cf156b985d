"""The cash view on a ledger written by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from handmade import Handmade, value_of

from sim.metrics.cash import cash
from sim.recorder import Run
from sim.units import DAYS_PER_MONTH, days


def family(run: Run, opening_months: float = 2.0) -> pd.DataFrame:
    return cash(run, opening_months=opening_months, months=(6.0, 12.0), acquisition_accounts=("spend_sales",))


def ledger() -> Handmade:
    """Three months of spending 100, two customers: 90 at once for a year, 40 a month in arrears."""
    tables = Handmade(12)
    for month in range(3):
        tables.money(days(month), -1, "budget", 120.0)
        tables.money(days(month), -1, "spend_sales", -100.0)
        tables.money(days(month), -1, "reserve", -20.0)
    for customer in (1, 2):
        tables.customer(customer, won=0.0, candidate_days=0.0)
    tables.money(0.0, 1, "invoice_regular", 90.0, covers_to_days=days(12))
    for month in range(1, 9):
        tables.money(days(month), 2, "invoice_usage", 40.0, covers_from_days=days(month - 1))
    return tables


def test_the_course_of_cash() -> None:
    """-10, -70, -130, then 40 a month: deepest 130, above the start from month 7 on; 50 in the bank last a month."""
    found = family(ledger().run())
    assert value_of(found, "funding_need") == pytest.approx(130.0)
    assert value_of(found, "break_even_month") == 7.0
    assert value_of(family(ledger().run(), opening_months=0.5), "runway_months") == 1.0
    assert value_of(family(ledger().run(), opening_months=12.0), "runway_months") == 12.0


def test_money_that_never_comes_back() -> None:
    tables = Handmade(12)
    tables.money(0.0, -1, "budget", 50.0)
    found = family(tables.run())
    assert value_of(found, "break_even_month") == 13.0, "later than any month of the year that is seen"
    assert value_of(found, "funding_need") == 50.0
    assert math.isnan(value_of(found, "revenue_of_top_tenth"))


def test_when_money_is_paid() -> None:
    """90 half a year ahead, 8 x 40 half a month behind."""
    wanted = (90.0 * -6.0 + 320.0 * 0.5) / 410.0 * DAYS_PER_MONTH
    assert value_of(family(ledger().run()), "days_to_payment") == pytest.approx(wanted)


def test_who_has_paid_back() -> None:
    """300 for two customers: 150 each. After six months 90 and 200 (five bills), after twelve 90 and 320."""
    found = family(ledger().run())
    assert [value_of(found, f"paid_back_share_{month}") for month in (6, 12)] == [0.5, 0.5]
    dear = ledger()
    dear.money(days(1), -1, "spend_sales", -200.0)
    found = family(dear.run())
    assert [value_of(found, f"paid_back_share_{month}") for month in (6, 12)] == [0.0, 0.5]


def test_concentration_and_tail() -> None:
    """Ten equal payers and one who pays ten times as much: half the revenue, 20^2 / (10 + 100) equal customers."""
    tables = Handmade(12)
    for customer in range(1, 12):
        tables.customer(customer, won=0.0)
        tables.money(0.0, customer, "invoice_regular", 10.0 if customer == 11 else 1.0, covers_to_days=days(12))
    found = family(tables.run())
    assert value_of(found, "revenue_of_top_tenth") == pytest.approx(0.5)
    assert value_of(found, "effective_customers") == pytest.approx(400.0 / 110.0)
    assert value_of(found, "worst_tenth_of_fees") == pytest.approx(1.0 / (20.0 / 11.0))


def test_failed_payments_among_terms_that_ended() -> None:
    tables = Handmade(24)
    tables.event(days(12), "renewed", 1)
    tables.event(days(12), "churned", 2, detail="involuntary")
    tables.event(days(12), "churned", 3, detail="price")
    assert value_of(family(tables.run()), "failed_payment_share") == pytest.approx(1.0 / 3.0)
