"""Tariffs against closed forms: the collar contract, what seats and use cost, equal first years."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from labkit import PLAIN, changed, check_mean, firm_of, person, shipped
from scipy.optimize import brentq
from scipy.special import ndtri

from sim.agents.billing import close_bill, open_bill, refund
from sim.agents.contracting import sign
from sim.agents.discounting import quotable, set_aside
from sim.agents.offering import quote
from sim.checks import InputError
from sim.context.reference import Reference
from sim.pricing.matching import TARGETS, expected_first_year, matched
from sim.pricing.outcome_based import OutcomeBased
from sim.pricing.seat_subscription import SeatSubscription
from sim.pricing.tariff import Period
from sim.pricing.usage_based import UsageBased
from sim.units import days

COLLAR = OutcomeBased(
    name="collar", match="none", level=1.0, billing_months=1, conditions=PLAIN,
    base_share=0.6, gain_share=0.8, baseline=0.0,
    floor_share=0.7, cap_share=1.2, attribution=1.0, noise_sd=0.2, season_sd=0.0, provisional_outcome=0.0,
    lag_days=0.0,
)  # fmt: skip
"""List price 100 and goal 100 a month at outcome .5 with noise .2: fee = clip(60 + .8 Y, 70, 120), Y ~ N(50, 20)."""
SHIPPED = sorted(path.stem for path in (Path(__file__).parents[2] / "configs" / "pricing").glob("*.yaml"))
MEAN_PAY, SD_PAY, FLOOR, CAP = 99.379300, 14.104554, 0.030396, 0.105650


def pay(tariff: OutcomeBased, measured: float) -> float:
    charges = tariff.invoice(Period(1.0, 100.0, 0.0, 100.0 * measured, 100.0))
    return charges.in_advance + charges.usage + charges.outcome


@lru_cache(maxsize=4)
def quantiles(points: int = 200_000) -> np.ndarray:
    return ndtri((np.arange(points) + 0.5) / points)


def test_collar_by_quadrature() -> None:
    """The tariff's own invoices over the quantiles of Y: mean, spread, floor and cap shares."""
    fees = np.array([pay(COLLAR, 0.5 + 0.2 * z) for z in quantiles()])
    assert fees.mean() == pytest.approx(MEAN_PAY, abs=2e-5)
    assert fees.std() == pytest.approx(SD_PAY, abs=2e-4)
    assert (fees <= 70.0 + 1e-9).mean() == pytest.approx(FLOOR, abs=1e-5)
    assert (fees >= 120.0 - 1e-9).mean() == pytest.approx(CAP, abs=1e-5)


def test_break_even_share() -> None:
    """Mean pay equals a fixed fee of 100 at s = .8 without a collar and at .815353 with it."""
    grid = quantiles(20_000)

    def gap(share: float, floor: float, cap: float) -> float:
        tariff = replace(COLLAR, gain_share=share, floor_share=floor, cap_share=cap)
        return float(np.mean([pay(tariff, 0.5 + 0.2 * z) for z in grid])) - 100.0

    assert brentq(lambda s: gap(s, 0.7, 1.2), 0.7, 0.9, xtol=1e-6) == pytest.approx(0.815353, abs=2e-5)
    free = np.mean([60.0 + 0.8 * 100.0 * (0.5 + 0.2 * z) for z in grid])
    assert free == pytest.approx(100.0, abs=1e-6)


def simulated_fees(tariff: OutcomeBased, seed: int, bills: int = 400) -> np.ndarray:
    """Monthly fees in the ledger of one customer whose outcome is .5 all the time, through meter and bills."""
    scenario = changed(shipped("world=no_effect"), {"pricing": tariff, "horizon_months": 240.0})
    firm, c = firm_of(scenario, seed), person(goal_value_per_month=100.0, list_price_per_month=100.0)
    c.account.won_days = 0.0
    for number in range(bills):
        firm.windows = firm.windows._replace(horizon_days=days(bills + 1))
        c.bill = open_bill(firm, c, number)
        c.latent.outcome_days += 0.5 * days(1)
        close_bill(firm, c, c.bill)
    book = firm.record.tables["ledger"].frame(0)
    book = book[book["account"].isin(["invoice_regular", "invoice_outcome"])]
    return book.groupby("covers_from_days")["amount"].sum().to_numpy()


def test_collar_by_simulated_invoices() -> None:
    """400 invoices x 20 replications: mean (detects 1.5), spread, floor and cap shares, 4 SE each."""
    fees = [simulated_fees(COLLAR, seed) for seed in range(20)]
    assert all(len(f) == 400 for f in fees)
    check_mean([f.mean() for f in fees], MEAN_PAY, delta=1.5)
    check_mean([f.var(ddof=1) for f in fees], SD_PAY**2, delta=20.0)
    check_mean([(f <= 70.0 + 1e-9).mean() for f in fees], FLOOR, delta=0.015)
    check_mean([(f >= 120.0 - 1e-9).mean() for f in fees], CAP, delta=0.03)


def test_a_noisier_meter_would_show() -> None:
    """Negative control: noise .25 instead of .2."""
    fees = [simulated_fees(replace(COLLAR, noise_sd=0.25), seed) for seed in range(20)]
    with pytest.raises(AssertionError, match="is not"):
        check_mean([f.var(ddof=1) for f in fees], SD_PAY**2, delta=1e9)


def test_baseline_and_lost_gain_never_cost_the_provider_the_base() -> None:
    below = COLLAR.invoice(Period(12.0, 100.0, 0.0, 10.0, 100.0))
    tariff = replace(COLLAR, baseline=0.3, floor_share=0.0)
    none = tariff.invoice(Period(12.0, 100.0, 0.0, 10.0, 100.0))
    assert below.in_advance == pytest.approx(720.0)
    assert below.in_advance + below.outcome == pytest.approx(840.0), "the floor holds"
    assert none.outcome == pytest.approx(0.0), "a gain below the baseline is no gain"


def test_seats_and_use() -> None:
    seats = SeatSubscription("seat", "none", 1.1, 0, PLAIN).invoice(Period(3.0, 200.0, 0.9, 1.0, 1.0))
    assert seats == pytest.approx((660.0, 0.0, 0.0, 0.0))
    usage = UsageBased("use", "none", 1.5, 1, PLAIN, 0.2, 0.0).invoice(Period(2.0, 200.0, 0.5, 1.0, 1.0))
    assert usage == pytest.approx((80.0, 300.0, 0.0, 0.0))


@pytest.mark.parametrize("match", ["first_year_price", "revenue_neutral"])
@pytest.mark.parametrize("pricing", SHIPPED)
def test_matched_tariffs_cost_the_same(pricing: str, match: str) -> None:
    """Expected invoices of the reference customers = their list price, for every tariff and both ways (1e-9)."""
    scenario = shipped()
    tariff = matched(replace(shipped(f"pricing={pricing}").pricing, match=match), scenario.market.reference)
    for one in tariff.options.values() or (tariff,):
        assert TARGETS[one.match](one, scenario.market.reference) == pytest.approx(1.0, rel=1e-9)


def test_the_two_ways_of_matching_differ() -> None:
    """The negative control: a licence paid in the first year, matched over four years, costs more in the first."""
    scenario = shipped("pricing=perpetual_licence")
    assert expected_first_year(scenario.pricing, scenario.market.reference) > 2.0


def test_matching_off_leaves_the_tariff_alone() -> None:
    scenario = shipped("pricing=usage_based", "pricing.match=none", "pricing.level=1.0")
    assert scenario.pricing.level == 1.0
    assert expected_first_year(scenario.pricing, scenario.market.reference) != pytest.approx(1.0, abs=0.01)


def test_a_cap_below_the_list_price_cannot_be_matched() -> None:
    reference: Reference = shipped().market.reference
    with pytest.raises(InputError, match="cannot be matched"):
        matched(replace(COLLAR, match="first_year_price", cap_share=0.8), reference)
    with pytest.raises(InputError, match="cannot be matched"):
        matched(replace(COLLAR, match="first_year_price", base_share=1.1), reference)


@pytest.mark.parametrize("pricing", ["seat_subscription", "usage_based", "outcome_based"])
def test_a_quote_is_near_the_list_price(pricing: str) -> None:
    """A customer with the reference's ordinary goal is quoted about what matching equalises (10 %)."""
    scenario = shipped(f"pricing={pricing}")
    goal = float(np.mean(scenario.market.reference.first_year_goal_ratio))
    c = person(goal_value_per_month=100.0 * goal, list_price_per_month=100.0)
    assert quote(firm_of(scenario), c) == pytest.approx(1200.0, rel=0.1)


def test_a_refund_returns_what_was_paid_for_the_rest() -> None:
    """Half of the year unused: half of the payment after the discount, not of the list price."""
    scenario = shipped("world=both_matter")
    firm, c = firm_of(scenario), person()
    firm.purse.fill(1e6)
    set_aside(firm, c, quotable(firm, c, 0.25))
    sign(firm, c)
    refund(firm, c, c.bill, days(6))
    book = firm.record.tables["ledger"].frame(0).groupby("account", observed=True)["amount"].sum()
    assert book["invoice_regular"] + book["discount"] == pytest.approx(1200.0), "revenue stays at list"
    assert book["refund"] == pytest.approx(-450.0)
