"""GRR, NRR and churn under every definition, on ledgers whose every movement is known."""

from __future__ import annotations

import math

import pytest
from handmade import Handmade, count_of
from numbers_of_definitions import defined, measured

from sim.checks import InputError
from sim.units import days


def paid(tables: Handmade, customer: int, rates: dict[int, float], contract: int = 1, months: int = 1) -> None:
    """Bills of `months` each from the stated months on, `rates` a month."""
    for start, rate in rates.items():
        covers = {"covers_from_days": days(start), "covers_to_days": days(start + months), "contract": contract}
        tables.money(days(start), customer, "invoice_regular", rate * months, **covers)


def a_year_of_movements(churn: float = 0.01, contraction: float = 0.002, expansion: float = 0.008) -> Handmade:
    """Each month these shares of revenue move, each under a customer of its own; monthly bills from month 12 on."""
    tables, level = Handmade(60), [100_000.0]
    for _ in range(12):
        level.append(level[-1] * (1.0 - churn - contraction + expansion))
    for month in range(12):
        lost = churn * level[month]
        tables.customer(month, won=0.0, end=days(13 + month))
        paid(tables, month, {12 + m: lost for m in range(month + 1)})
    shrinks = [50_000.0 - contraction * sum(level[:m]) for m in range(13)]
    leavers = [sum(churn * level[k] for k in range(m, 12)) for m in range(13)]
    for customer, rates in ((20, shrinks), (21, [level[m] - shrinks[m] - leavers[m] for m in range(13)])):
        tables.customer(customer, won=0.0)
        paid(tables, customer, {12 + m: rate for m, rate in enumerate(rates)})
    return tables


def test_monthly_movements_give_the_closed_form() -> None:
    frame = measured(a_year_of_movements(), year_ends=[24])
    assert defined(frame, "nrr", "monthly_movements") == pytest.approx(0.953042, abs=5e-7)
    assert defined(frame, "grr", "monthly_movements") == pytest.approx(0.865134, abs=5e-7)
    assert defined(frame, "nrr", "year_ago_base") == pytest.approx(0.953042, abs=5e-7), "nobody joined in between"


def test_other_movements_give_another_year() -> None:
    """Negative control: contraction and expansion exchanged."""
    frame = measured(a_year_of_movements(contraction=0.008, expansion=0.002), year_ends=[24])
    assert defined(frame, "nrr", "monthly_movements") == pytest.approx((1 - 0.016) ** 12, abs=1e-9)
    assert defined(frame, "grr", "monthly_movements") == pytest.approx((1 - 0.018) ** 12, abs=1e-9)


def test_who_joins_within_the_year_is_in_the_monthly_base_only() -> None:
    """One of two leaves at month 18; ten join at month 15 and stay."""
    tables = Handmade(60)
    for customer in range(12):
        start, last = (0, 18 if customer == 0 else 48) if customer < 2 else (15, 48)
        tables.customer(customer, won=days(start), end=days(18) if customer == 0 else math.nan)
        paid(tables, customer, dict.fromkeys(range(start, last), 100.0))
    frame = measured(tables, year_ends=[24])
    assert defined(frame, "nrr", "year_ago_base") == pytest.approx(0.5)
    at_risk = 2 * 3 + 12 * 3 + 11 * 6
    assert defined(frame, "nrr", "monthly_movements") == pytest.approx((1 - 1 / at_risk) ** 12)
    assert count_of(frame, "nrr_defined", "monthly_movements") == at_risk
    again, once = (defined(frame, "nrr", name) for name in ("with_reactivation", "monthly_movements"))
    assert again == once, "who joins for the first time has not come back"
    assert defined(frame, "churn", "start_base") == pytest.approx(1 / 2)
    assert defined(frame, "churn", "average_base") == pytest.approx(1 / 6.5)
    lived = (6 + 12 + 10 * 9) / 12
    assert defined(frame, "churn", "customer_years") == pytest.approx(1 / lived)
    assert defined(frame, "churn", "monthly_compounded") == pytest.approx(1 - (1 - 1 / at_risk) ** 12)
    assert defined(frame, "churn", "monthly_times_12") == pytest.approx(12 / at_risk)


def came_back() -> Handmade:
    """Ten pay 100 a month; one leaves at month 14 and returns at month 20 for 80, one shrinks to 60 at month 18."""
    tables = Handmade(60)
    for customer in range(10):
        tables.customer(customer, won=0.0, end=days(14) if customer == 0 else math.nan)
        last = 14 if customer == 0 else 36
        rates = {month: 60.0 if customer == 1 and month >= 18 else 100.0 for month in range(last)}
        paid(tables, customer, rates)
    tables.event(days(14), "churned", 0, detail="chance")
    tables.event(days(20), "won_back", 0, contract=2)
    paid(tables, 0, dict.fromkeys(range(20, 36), 80.0), contract=2)
    return tables


def test_win_backs_count_where_customers_are_followed_and_not_where_contracts_are() -> None:
    frame = measured(came_back(), year_ends=[24])
    assert defined(frame, "nrr", "year_ago_base") == pytest.approx(0.86)
    assert defined(frame, "nrr", "with_win_backs") == pytest.approx(0.94)
    assert defined(frame, "grr", "year_ago_base") == pytest.approx(0.86)
    assert defined(frame, "grr", "churn_only") == pytest.approx(0.90)
    lost, shrunk, back = 100.0, 40.0, 80.0
    whole = 2 * 1000 + 4 * 900 + 2 * 860 + 4 * 940
    assert defined(frame, "nrr", "monthly_movements") == pytest.approx((1 - (lost + shrunk) / whole) ** 12)
    assert defined(frame, "nrr", "with_reactivation") == pytest.approx((1 - (lost + shrunk - back) / whole) ** 12)


def test_churn_by_logo_revenue_choice_and_return() -> None:
    frame = measured(came_back(), year_ends=[24])
    expected = {
        "start_base": 0.1, "net_of_win_backs": 0.0, "voluntary": 0.1, "revenue_lost": 0.1,
        "revenue_gross": 0.14, "revenue_net": 0.14,
    }  # fmt: skip
    for name, value in expected.items():
        assert defined(frame, "churn", name) == pytest.approx(value, abs=1e-12), name
    tables = came_back()
    tables.rows["events"][0]["detail"] = "involuntary"
    assert defined(measured(tables, year_ends=[24]), "churn", "voluntary") == 0.0


def test_a_ramp_is_expansion_against_the_first_month_only() -> None:
    tables = Handmade(60)
    tables.customer(1, won=0.0)
    paid(tables, 1, {0: 50.0, **dict.fromkeys(range(1, 12), 100.0), **dict.fromkeys(range(12, 24), 95.0)})
    frame = measured(tables)
    assert defined(frame, "nrr", "first_month_base") == pytest.approx(95 / 50)
    assert defined(frame, "nrr", "first_year_base") == pytest.approx(95 / (1150 / 12))
    assert defined(frame, "grr", "first_month_base") == 1.0


def test_a_bill_paid_ahead_earns_nothing_after_the_contract_has_ended() -> None:
    """Cancelled at month 15 with a bill to month 24; a year's end is read only where arrears have come."""
    tables = Handmade(60)
    for customer in range(2):
        tables.customer(customer, won=0.0, end=days(15) if customer else math.nan)
        paid(tables, customer, {0: 10.0, 12: 10.0, 24: 10.0}, months=12)
    assert defined(measured(tables, year_ends=[24]), "nrr", "year_ago_base") == pytest.approx(0.5)
    covers = {"covers_from_days": days(0), "covers_to_days": days(24)}
    tables.money(days(40), 0, "invoice_usage", 24.0, **covers)
    assert count_of(measured(tables, year_ends=[24]), "nrr_defined", "year_ago_base") == 0
    assert count_of(measured(tables, year_ends=[12]), "nrr_defined", "year_ago_base") == 2


@pytest.mark.parametrize("year_ends", [[6], [24.5], [math.nan], [True]])
def test_year_ends_are_whole_months(year_ends: list[float]) -> None:
    with pytest.raises(InputError, match="year_ends must be whole months from 12 on"):
        measured(Handmade(60), year_ends=year_ends)
