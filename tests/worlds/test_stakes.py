"""Who works for what: the linear contract by simulated invoices, what spurs people on, what it costs, and its nulls."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from labkit import PLAIN, REPLICATIONS, changed, check_mean, crowd_at_once, firm_of, person, shipped
from test_no_effect import decided

from sim.agents.billing import close_bill, open_bill
from sim.agents.contracting import sign
from sim.agents.customer import Customer
from sim.agents.firm import Firm
from sim.agents.staking import spur
from sim.pricing.marginal import marginal
from sim.pricing.outcome_based import OutcomeBased
from sim.pricing.tariff import Period, Tariff
from sim.pricing.usage_based import UsageBased
from sim.recorder import Run
from sim.rules import stakes as rules
from sim.scenario import Scenario
from sim.simulation import simulate
from sim.units import days

BASE = shipped()
ABSENT = BASE.world.stakes
FELT = shipped("pricing=outcome_based", "world/stakes=felt")
CROWD = {
    **crowd_at_once(40), "world.deciding.win_intercept": 20.0, "world.capacity_unlimited": True, "horizon_months": 30.0,
}  # fmt: skip
LINEAR = OutcomeBased(
    name="linear", match="none", level=1.0, billing_months=1, conditions=PLAIN, base_share=0.0, gain_share=1.0,
    baseline=0.0, floor_share=0.0, cap_share=100.0, attribution=1.0, noise_sd=0.05, season_sd=0.0,
    provisional_outcome=0.0, lag_days=0.0,
)  # fmt: skip
"""At list price 100 and goal 100 a month: a fee of 100 x share x measured outcome."""
CURVATURE, AVERSION = 2.0, 200.0
"""With noise .05: 1 / (1 + 200 x 2 x .0025) = a half."""


def under(tariff: Tariff, **numbers: float) -> Scenario:
    """A tariff where the provider's people work for what is at stake."""
    stakes = replace(ABSENT, **{"provider": 1.0, **numbers})
    return changed(BASE, {"pricing": tariff, "world.stakes": stakes})


def signed(scenario: Scenario, seed: int = 0) -> tuple[Firm, Customer]:
    """A customer on the day of the signature, list price and goal 100 a month."""
    firm, c = firm_of(scenario, seed), person(goal_value_per_month=100.0, list_price_per_month=100.0)
    firm.windows = firm.windows._replace(horizon_days=1e6)
    sign(firm, c)
    return firm, c


def welfare(share: float, tariff: OutcomeBased, seed: int, months: int = 150) -> float:
    """What customer and provider have together per month, in list prices, out of simulated invoices.

    The provider's effort follows the share and raises the outcome; it minds cost c a^2 / 2 and risk r / 2 of the
    variance of what it is paid.
    """
    effort = rules.effort(share, CURVATURE)
    firm, c = signed(changed(BASE, {"pricing": replace(tariff, gain_share=share)}), seed)
    for number in range(months):
        c.bill = open_bill(firm, c, number)
        c.latent.outcome_days += (0.25 + effort) * days(1)
        close_bill(firm, c, c.bill)
    book = firm.record.tables["ledger"].frame(0)
    pay = book[book["account"] == "invoice_outcome"]["amount"].to_numpy() / 100.0
    customer, cost = 0.25 + effort - pay.mean(), CURVATURE * effort**2 / 2.0
    return float(customer + pay.mean() - cost - AVERSION / 2.0 * pay.var(ddof=1))


def best_share(tariff: OutcomeBased, seed: int) -> float:
    """Top of the parabola through the welfare at three shares (it is one, at a given luck)."""
    shares = (0.2, 0.5, 0.8)
    a, b, _ = np.polyfit(shares, [welfare(share, tariff, seed) for share in shares], 2)
    return float(-b / (2.0 * a))


def test_the_optimal_linear_share_out_of_simulated_invoices() -> None:
    """1 / (1 + r c sigma^2) = .5 by meter, tariff and bills (detects .05); twice the noise gives .2, not .5."""
    exact = rules.passed_on(1.0, 0.05, CURVATURE, AVERSION)
    assert exact == pytest.approx(0.5, rel=1e-12)
    check_mean([best_share(LINEAR, seed) for seed in range(REPLICATIONS)], exact, delta=0.05)
    noisier = replace(LINEAR, noise_sd=0.1)
    with pytest.raises(AssertionError, match="is not"):
        check_mean([best_share(noisier, seed) for seed in range(REPLICATIONS)], exact, delta=1.0)


def test_what_a_unit_more_brings_is_read_off_the_tariff() -> None:
    """Seats bring nothing, use its price, an outcome its share; nothing beyond the cap or below the baseline."""
    period = Period(12.0, 100.0, 0.5, 0.0, 400.0, 10.0)
    assert marginal(BASE.pricing, period, 0.5) == (0.0, 0.0)
    usage = UsageBased("use", "none", 1.3, 1, PLAIN, 0.2, 0.0)
    assert marginal(usage, period, 0.5) == pytest.approx((0.0, 1.3))
    plain = replace(LINEAR, base_share=0.5, gain_share=0.3, baseline=0.1, attribution=0.9, noise_sd=0.0)
    slope = 0.3 * 0.9 * 400.0 / 100.0
    assert marginal(plain, period, 0.5) == pytest.approx((slope, 0.0), rel=1e-9)
    assert marginal(replace(plain, baseline=0.6), period, 0.5).by_outcome == 0.0
    capped = replace(plain, cap_share=0.8)
    assert marginal(capped, period, 0.5).by_outcome == 0.0
    assert 0.0 < marginal(capped, period, 0.5, extra_noise_sd=0.3).by_outcome < slope, "luck may undershoot a cap"


def test_people_follow_what_the_firm_passes_on() -> None:
    """Effort after the signature: nature + stake / (1 + r c sigma^2) / c, less for pay that comes late."""
    own = {"paid_anyway": 0.4, "cost_curvature": 2.0, "risk_aversion": 10.0, "impatience_per_year": 0.0}
    _, c = signed(under(LINEAR, **own))
    assert c.account.zeal == pytest.approx(0.4 + 1.0 / (1.0 + 10.0 * 2.0 * 0.05**2) / 2.0, rel=1e-9)
    noisy = changed(under(LINEAR, **own), {"world.charging.meter_noise_sd": 0.2})
    late = changed(under(LINEAR, **own), {"world.stakes.impatience_per_year": 0.5, "pricing.lag_days": 365.25})
    for other in (noisy, late):
        assert 0.4 < signed(other)[1].account.zeal < c.account.zeal
    assert signed(under(BASE.pricing, **own))[1].account.zeal == pytest.approx(0.4)


def test_nobody_works_for_what_lies_beyond_the_cap() -> None:
    """Exactly measured: a bill at the cap leaves nothing to gain, a bill below it something."""
    capped = replace(LINEAR, noise_sd=0.0, cap_share=0.6)
    for outcome, spurred in ((0.4, True), (0.9, False)):
        firm, c = signed(under(capped, paid_anyway=0.5))
        c.latent.outcome_days += outcome * days(1)
        close_bill(firm, c, c.bill)
        assert (c.account.zeal > 0.5) == spurred


def test_effort_for_the_outcome_takes_hours_or_courtesy() -> None:
    """A half more on the matter: a quarter more work at warmth .5, or that quarter out of courtesy; less, less work."""
    c = person()
    c.account.zeal = 1.5
    assert spur(c, FELT.world.stakes, 1.0, 0.5) == pytest.approx((1.25, 0.4))
    assert spur(c, replace(FELT.world.stakes, displacement=1.0), 1.0, 0.5) == pytest.approx((1.0, 0.25))
    assert spur(c, replace(FELT.world.stakes, displacement=1.0), 1.0, 0.1) == pytest.approx((1.35, 0.0)), (
        "no courtesy below none"
    )
    c.account.zeal = 0.6
    assert spur(c, FELT.world.stakes, 1.0, 0.5) == pytest.approx((0.8, 0.625))
    c.account.zeal = 1.0
    assert spur(c, FELT.world.stakes, 1.7, 0.3) == pytest.approx((1.7, 0.3), rel=1e-12)


def test_customers_lean_back_by_what_they_pay_away() -> None:
    """A third of all gains paid away, three tenths of own effort lost per unit: use heads for nine tenths."""
    third = replace(LINEAR, gain_share=1.0 / 3.0, noise_sd=0.0)
    firm, c = signed(under(third, provider=0.0, customer=0.3))
    free, d = signed(under(third, provider=1.0, customer=0.0))
    assert c.account.zeal == 1.0 and c.latent.diligence == pytest.approx(0.9)
    assert d.latent.diligence == 1.0
    firm.world.process.live(c, firm, 1.0)
    free.world.process.live(d, free, 1.0)
    assert c.latent.target == pytest.approx(0.9 * d.latent.target)


def run_of(scenario: Scenario, **numbers: float) -> Run:
    """A crowd that buys at once, with these numbers of `world.stakes`."""
    return simulate(changed(scenario, {**CROWD, **{f"world.stakes.{name}": x for name, x in numbers.items()}}), 41)


def test_where_nobody_follows_the_stakes_the_other_numbers_are_idle() -> None:
    nulls = {"provider": 0.0, "customer": 0.0}
    plain = run_of(FELT, **nulls)
    others = {"paid_anyway": 0.1, "cost_curvature": 9.0, "risk_aversion": 0.0, "impatience_per_year": 2.0}
    idle = run_of(FELT, **nulls, **others, displacement=1.0, most=1.0)
    for name, table in plain.tables.items():
        pd.testing.assert_frame_equal(table, idle.tables[name])
    for only in ({"provider": 0.0}, {"customer": 0.0}):
        other = run_of(FELT, **only)
        assert not plain.ledger.equals(other.ledger), "the negative control: each of the two moves money"
        assert (other.events["event"] == "staked").sum() >= 40


def test_in_no_effect_no_policy_gains_by_the_stakes() -> None:
    one = shipped("world=no_effect", "world/stakes=felt", "pricing=outcome_based", "policy=outcome_focused")
    tables = [run_of(scenario) for scenario in (one, changed(one, {"policy": BASE.policy}))]
    pd.testing.assert_frame_equal(tables[0].customers, tables[1].customers, check_exact=True)
    pd.testing.assert_frame_equal(decided(tables[0]), decided(tables[1]), check_exact=True)
    assert len(decided(tables[0])) > 100


def test_who_is_paid_anyway_works_less_and_achieves_less() -> None:
    """Seats, half of the effort for the outcome: fewer hours of implementation, shallower use, of the same people."""
    found = {share: run_of(BASE, provider=1.0, paid_anyway=share) for share in (1.0, 0.5)}
    busy = {share: run.resources[run.resources["team"] == "onboarding"]["busy"].sum() for share, run in found.items()}
    outcome = {share: run.customers["outcome"].mean() for share, run in found.items()}
    assert busy[0.5] == pytest.approx(0.75 * busy[1.0], rel=0.1), "half of half of the effort"
    assert outcome[0.5] < 0.95 * outcome[1.0]
