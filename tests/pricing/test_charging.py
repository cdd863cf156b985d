"""How customers answer bills: each habit alone, its null, and its negative control."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from labkit import PLAIN, changed, crowd_at_once, firm_of, person, shipped

from sim.agents.billing import close_bill, open_bill
from sim.agents.contracting import sign
from sim.agents.customer import Customer
from sim.agents.firm import Firm
from sim.agents.offering import quote
from sim.agents.paying import seats_kept
from sim.pricing.usage_based import UsageBased
from sim.rules import charging as rules
from sim.scenario import Scenario
from sim.simulation import simulate
from sim.units import days

CROWD = {**crowd_at_once(40), "world.deciding.win_intercept": 20.0, "world.capacity_unlimited": True}
ABSENT = shipped().world.charging


def under(pricing: str, **habits: float) -> Scenario:
    """A tariff in a world with these habits."""
    base = shipped(f"pricing={pricing}", "world=both_matter")
    return changed(base, {"world.charging": replace(ABSENT, **habits)})


def signed(scenario: Scenario, **traits: Any) -> tuple[Firm, Customer]:
    """A customer on the day of the signature."""
    firm, c = firm_of(scenario), person(goal_value_per_month=400.0, list_price_per_month=100.0, **traits)
    sign(firm, c)
    return firm, c


def happened(firm: Firm, kind: str) -> int:
    return int((firm.record.tables["events"].frame(0)["event"] == kind).sum())


def month(firm: Firm, c: Customer, use: float) -> None:
    """One billed month of this use."""
    c.latent.use_days += use * days(1)
    close_bill(firm, c, c.bill)
    c.bill = open_bill(firm, c, c.bill.number + 1)


@pytest.mark.parametrize("pricing", ["two_part", "outcome_based", "seat_subscription"])
def test_where_nobody_answers_a_bill_the_other_numbers_are_idle(pricing: str) -> None:
    base = changed(shipped(f"pricing={pricing}", "world=both_matter"), {**CROWD, "horizon_months": 30.0})
    idle = {"surprise_tolerance": 0.0, "dispute_settled": 1.0, "dispute_days": 5.0, "dispute_quality": -1.0}
    plain = simulate(base, 11)
    same = simulate(changed(base, {"world.charging": replace(ABSENT, **idle)}), 11)
    for name, table in plain.tables.items():
        pd.testing.assert_frame_equal(table, same.tables[name])
    watchful = replace(shipped("world/charging=watchful").world.charging)
    other = simulate(changed(base, {"world.charging": watchful}), 11)
    assert not plain.ledger.equals(other.ledger), "the negative control: habits move money"


def test_policies_stay_without_effect_where_they_have_none() -> None:
    """`no_effect` with watchful customers and alerts: customers bit-identical under two policies."""
    common = ("world=no_effect", "world/charging=watchful", "pricing=two_part", "pricing/conditions=alerting")
    tables = [
        simulate(changed(shipped(*common, f"policy={policy}"), {**crowd_at_once(40), "horizon_months": 30.0}), 12)
        for policy in ("traditional", "outcome_focused")
    ]
    pd.testing.assert_frame_equal(tables[0].customers, tables[1].customers)
    assert len(tables[0].customers)


def test_a_bill_far_above_the_quote_is_felt_and_a_warning_prevents_it() -> None:
    calm, shocked = under("usage_based"), under("usage_based", surprise_weight=0.5)
    warned = changed(shocked, {"pricing.conditions.alerts": True})
    felt = {}
    for name, scenario, shocks in (("calm", calm, 0), ("shocked", shocked, 1), ("warned", warned, 0)):
        firm, c = signed(scenario)
        month(firm, c, 0.7)
        month(firm, c, 1.0)
        month(firm, c, 1.0)
        assert happened(firm, "bill_shock") == 0 if shocks == 0 else happened(firm, "bill_shock") >= 1, name
        felt[name] = c.latent.experience
    assert felt["shocked"] < felt["calm"] == felt["warned"]


def test_a_bill_within_tolerance_is_taken() -> None:
    assert rules.surprise(124.0, 100.0, 0.25) == 0.0
    assert rules.surprise(150.0, 100.0, 0.25) == pytest.approx(0.25)
    assert rules.surprise(150.0, 0.0, 0.25) == 0.0, "nothing was expected, so nothing is exceeded"


def test_a_fee_no_quote_mentioned() -> None:
    """It is billed, not quoted, and felt at the first bill; within the tolerance it is not."""
    scenario = under("seat_subscription", surprise_weight=0.5, surprise_tolerance=0.05)
    hidden = changed(scenario, {"pricing.conditions.hidden_fee_share": 0.2})
    (plain, a), (feed, b) = signed(scenario), signed(hidden)
    assert quote(plain, a) == quote(feed, b)
    assert b.bill.paid == pytest.approx(1.2 * a.bill.paid)
    assert happened(plain, "bill_shock") == 0 and happened(feed, "bill_shock") == 1
    tolerant = changed(hidden, {"world.charging.surprise_tolerance": 0.3})
    assert happened(signed(tolerant)[0], "bill_shock") == 0


def test_prices_rise_by_the_year() -> None:
    firm, c = signed(changed(under("seat_subscription"), {"pricing.conditions.rise_per_year": 0.1}))
    paid = [c.bill.paid] + [open_bill(firm, c, year).paid for year in (1, 2)]
    assert paid == pytest.approx([1200.0, 1320.0, 1452.0])


def test_use_is_held_back_where_it_costs() -> None:
    """Restraint 1 / (1 + r s p) of a customer of sensitivity s at price p; none where use is free."""
    usage = under("usage_based", restraint=0.2)
    price = usage.pricing.incentives.price_of_use
    _, c = signed(usage, price_sensitivity=2.0)
    assert c.latent.restraint == pytest.approx(1.0 / (1.0 + 0.2 * 2.0 * price))
    assert signed(under("seat_subscription", restraint=0.2))[1].latent.restraint == 1.0
    assert signed(under("two_part", fixed_fee_restraint=0.387))[1].latent.restraint == pytest.approx(0.613)
    assert signed(under("usage_based", fixed_fee_restraint=0.387))[1].latent.restraint == 1.0


def followed(pricing: UsageBased, aversion: float) -> tuple[float, float]:
    """(mean use billed, share of the ends of terms that were renewals) of a crowd under a tariff."""
    habits = replace(ABSENT, fixed_fee_restraint=aversion)
    world = {"pricing": pricing, "world.charging": habits, "world.share_experience": 0.0, "horizon_months": 40.0}
    run = simulate(changed(shipped(), {**CROWD, **world}), 13)
    bills = run.ledger[run.ledger["account"] == "invoice_usage"]
    listed = bills["party"].map(run.customers.set_index("customer")["list_price_per_month"])
    ends = run.events[run.events["event"].isin(["renewed", "churned"])]["event"]
    return float((bills["amount"] / listed).mean()), float((ends == "renewed").mean())


def test_a_fee_beside_the_price_of_use_lowers_use_and_retention() -> None:
    """The direction of Iyengar et al. 2011, in the preset that cites them: less use and fewer renewals under two parts
    than under pay-per-use; without the aversion the same people do the same under both."""
    cited = shipped("world/charging=two_part_aversion").world.charging.fixed_fee_restraint
    single = UsageBased("single", "none", 1.0, 1, PLAIN, 0.0, 0.0)
    two = replace(single, platform_share=1e-9, allowance=1e-9)  # the same bills, so that only the form differs
    averse = [followed(tariff, cited) for tariff in (single, two)]
    assert averse[1][0] == pytest.approx((1.0 - cited) * averse[0][0], rel=0.1)
    assert averse[1][1] < averse[0][1]
    assert followed(two, 0.0) == pytest.approx(followed(single, 0.0), rel=1e-6)


def test_seats_nobody_uses_are_given_back_once() -> None:
    """Half the use, half of the unused given back: a quarter; of the rest less next time; only where seats cost."""
    habits = replace(ABSENT, trimming=0.5)
    firm, c = signed(under("seat_subscription", trimming=0.5))
    c.latent.adoption = 0.5
    assert seats_kept(firm, c, habits) == pytest.approx(0.75)
    assert seats_kept(firm, c, habits) == pytest.approx(1.0 - 0.5 * (1.0 - 0.5 / 0.75))
    other, d = signed(under("usage_based", trimming=0.5))
    d.latent.adoption = 0.5
    assert seats_kept(other, d, habits) == 1.0


def test_what_is_hidden_is_not_billed() -> None:
    """A tenth of the use hidden: a tenth less is billed for it; an outcome hidden where seats cost changes nothing."""
    bills = {}
    for hiding in (0.0, 0.1):
        firm, c = signed(under("usage_based", hiding=hiding, trimming=0.1))
        month(firm, c, 0.8)
        book = firm.record.tables["ledger"].frame(0)
        bills[hiding] = float(book[book["account"] == "invoice_usage"]["amount"].sum())
    assert bills[0.1] == pytest.approx(0.9 * bills[0.0])


def disputes(weight: float, noise: float, years: int = 300) -> tuple[int, float]:
    """(disputes, mean yearly outcome charge) of one customer whose outcome is .5 all the time."""
    scenario = changed(under("outcome_based", dispute_weight=weight, dispute_settled=1.0), {"pricing.noise_sd": noise})
    firm, c = signed(changed(scenario, {"horizon_months": 240.0}))
    firm.windows = firm.windows._replace(horizon_days=days(12.0 * (years + 2)))
    for number in range(years):
        c.bill = open_bill(firm, c, number)
        c.latent.outcome_days += 0.5 * days(12)
        close_bill(firm, c, c.bill)
    book = firm.record.tables["ledger"].frame(0)
    return happened(firm, "disputed"), float(book[book["account"] == "invoice_outcome"]["amount"].sum()) / years


def test_disputes_come_from_noise_and_cost_what_it_overcharged() -> None:
    """No noise, no dispute. Every overcharge disputed and given up: the mean charge falls below the true one."""
    assert disputes(1e6, 0.0)[0] == 0
    none, usual = disputes(0.0, 0.1), disputes(1e6, 0.1)
    assert none[0] == 0 and 100 < usual[0] < 200, "about every second measurement is too high"
    assert usual[1] < disputes(0.0, 0.0)[1] <= none[1] * 1.05
