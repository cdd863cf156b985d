"""Earned and paid on a ledger written by hand: the same service, paid ahead, as it runs, and behind."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from handmade import Handmade, count_of, value_of
from labkit import shipped

from sim import simulate
from sim.metrics.earned import earned
from sim.metrics.options import options
from sim.metrics.value import value
from sim.scenario import Windows
from sim.units import days

YEAR = days(12)
SPAN = Windows(days(12), days(12), days(48), days(60))


def family(tables: Handmade, *months: float) -> pd.DataFrame:
    return earned(tables.run(), months=months)


def one(discount: float = 0.0) -> Handmade:
    tables = Handmade(60, discount, SPAN)
    tables.customer(1, won=days(3), candidate_days=days(3))
    return tables


def test_a_year_in_advance_is_earned_by_the_day() -> None:
    tables = one()
    for year in range(3):
        tables.money(days(3) + year * YEAR, 1, "invoice_regular", 1200.0, covers_to_days=days(3) + (year + 1) * YEAR)
    found = family(tables, 6, 18, 36)
    for month, got, paid in ((6, 600.0, 1200.0), (18, 1800.0, 2400.0), (36, 3600.0, 3600.0)):
        assert value_of(found, f"earned_per_candidate_{month}") == pytest.approx(got)
        assert value_of(found, f"paid_ahead_per_candidate_{month}") == pytest.approx(paid - got)


def test_the_same_service_billed_behind_earns_the_same_and_is_paid_less() -> None:
    tables = one()
    for year in range(3):
        start = days(3) + year * YEAR
        tables.money(start + YEAR, 1, "invoice_outcome", 1200.0, covers_from_days=start, covers_to_days=start + YEAR)
    found = family(tables, 6, 18)
    assert value_of(found, "earned_per_candidate_18") == pytest.approx(1800.0)
    assert value_of(found, "paid_ahead_per_candidate_18") == pytest.approx(-600.0)
    assert value_of(found, "paid_ahead_per_candidate_6") == pytest.approx(-600.0)


def test_bills_that_may_still_be_out_leave_it_undefined() -> None:
    tables = one()
    tables.money(days(3) + YEAR, 1, "invoice_outcome", 1200.0, covers_from_days=days(3), covers_to_days=days(3) + YEAR)
    found = family(tables, 36, 37)
    assert count_of(found, "earned_per_candidate_36") == 1
    assert count_of(found, "earned_per_candidate_37") == 0 and math.isnan(value_of(found, "earned_per_candidate_37"))


def test_a_refund_gives_back_what_was_not_served() -> None:
    tables = one()
    tables.money(days(3), 1, "invoice_regular", 1200.0, covers_to_days=days(15))
    tables.money(days(9), 1, "refund", -600.0, covers_from_days=days(3), covers_to_days=days(15))
    found = family(tables, 6, 12)
    assert value_of(found, "earned_per_candidate_6") == pytest.approx(600.0)
    assert value_of(found, "earned_per_candidate_12") == pytest.approx(600.0)
    assert value_of(found, "paid_ahead_per_candidate_12") == pytest.approx(0.0)


def test_money_is_discounted_in_the_middle_of_what_it_pays_for() -> None:
    tables = one(discount=0.1)
    tables.money(days(3), 1, "invoice_regular", 1200.0, covers_to_days=days(15))
    assert value_of(family(tables, 12), "earned_per_candidate_12") == pytest.approx(1200.0 * 1.1 ** -(9 / 12))


def test_who_pays_at_once_and_those_of_other_years_do_not_count() -> None:
    tables = one()
    tables.customer(2, won=days(13), candidate_days=days(13))
    tables.money(days(4), 1, "invoice_once", 50.0)
    tables.money(days(14), 2, "invoice_once", 70.0)
    found = family(tables, 12)
    assert value_of(found, "earned_per_candidate_12") == pytest.approx(50.0)
    assert value_of(found, "paid_ahead_per_candidate_12") == pytest.approx(0.0)


def test_what_is_left_to_customers_does_not_hang_on_when_they_pay() -> None:
    """Outcome .5 of a goal of 200 a month, from signature on (0) to the first wave (.5), charged 100 a month."""
    left = {}
    for name, when in (("ahead", days(3)), ("behind", days(15))):
        tables = Handmade(60, 0.0, SPAN)
        tables.customer(1, won=days(3), candidate_days=days(3), goal_value_per_month=200.0, outcome=0.5)
        tables.event(days(3), "won", 1)
        tables.wave(days(4), 1, outcome=0.5)
        tables.money(when, 1, "invoice_regular", 1200.0, covers_from_days=days(3), covers_to_days=days(15))
        left[name] = value_of(family(tables, 6), "surplus_by_6")
    assert left["ahead"] == left["behind"] == pytest.approx(200.0 * 0.5 * 5.5 - 600.0)


def test_options_of_a_menu_by_what_they_earn_not_by_when_they_are_paid() -> None:
    tables = one()
    tables.customer(2, won=days(3), candidate_days=days(3))
    for customer, name in ((1, "fixed"), (2, "at_risk")):
        tables.event(days(3), "won", customer, detail=name)
    tables.money(days(3), 1, "invoice_regular", 1200.0, covers_to_days=days(15))
    tables.money(days(15), 2, "invoice_outcome", 1200.0, covers_from_days=days(3), covers_to_days=days(15))
    found = options(tables.run(), earned_months=6.0)
    for name in ("fixed", "at_risk", "all"):
        assert value_of(found, "earned_of_option", segment=name) == pytest.approx(600.0)
    late = options(tables.run(), earned_months=40.0)
    assert count_of(late, "earned_of_option") == 0 and count_of(late, "kept_of_option") == 2


def test_on_the_simulator_all_that_is_paid_is_earned_or_ahead() -> None:
    run = simulate(shipped("candidates_share=0.1", "metrics=[]"), seed=1)
    found = earned(run, months=(12.0, 36.0))
    whole = value_of(value(run, acquisition_accounts=("spend_sales",)), "revenue_per_candidate")
    for month in (12, 36):
        got, ahead = (value_of(found, f"{name}_per_candidate_{month}") for name in ("earned", "paid_ahead"))
        assert 0.0 < got + ahead < whole
    assert value_of(found, "paid_ahead_per_candidate_12") > 0.0, "seats are billed in advance"
