"""Engage: the product speaks to its users in proportion to use; they feel it and notice sooner."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest
from labkit import changed, firm_of, person, shipped

from sim.agents.customer import Customer
from sim.agents.engaging import engage
from sim.agents.firm import Firm
from sim.events import CUSTOMER_DECIDED
from sim.recorder import Run
from sim.simulation import simulate

SMALL = ("candidates_share=0.15", "horizon_months=30")
FELT = "world/engaging=at_every_use"
SPEAKS = "policy/engagement=in_product"
WAVE_DAYS = 3 * 365.25 / 12


def user(firm: Firm, adoption: float, expected: float = 0.4) -> Customer:
    """A customer who has been live for a year at this use of a product that fits by .7."""
    c = person()
    firm.world.process.live(c, firm, 1.0)
    c.account.go_live_days = c.latent.live_days = firm.clock.now - 365.0
    c.latent.adoption = adoption
    c.latent.expected_outcome = expected
    return c


def speaking(money: float = 1e6, **changes: Any) -> Firm:
    firm = firm_of(changed(shipped(FELT, SPEAKS), changes))
    firm.purse.fill(money)
    return firm


def spoken(firm: Firm, c: Customer) -> Customer:
    assert firm.engagement is not None
    engage(firm, c, firm.engagement, 5)
    return c


@pytest.mark.parametrize("use", [0.0, 0.3, 1.0])
def test_outcomes_are_noticed_sooner_in_proportion_to_use(use: float) -> None:
    """A quarter at full use and half of the effort on results: 2 x .5 / (.5 + .5) x quarter."""
    c = spoken(speaking(), user(speaking(), use))
    assert c.latent.noticed_days == pytest.approx(use * 2.0 * 0.5 * WAVE_DAYS)


def test_noticing_cuts_both_ways() -> None:
    """awareness = 1 - .7 exp(-(tenure + noticed) / 365) of a gap that may be good or bad."""
    for expected in (0.2, 0.8):
        firm = speaking()
        silent, told = user(firm, 0.8, expected), spoken(firm, user(firm, 0.8, expected))
        gap = firm.world.process.outcome(silent, firm) - expected
        perceived = [firm.world.process.perceived(c, firm) for c in (silent, told)]
        assert perceived[0] == pytest.approx(gap * (1 - 0.7 * exp(-1.0)))
        assert perceived[1] == pytest.approx(gap * (1 - 0.7 * exp(-1.0 - 0.8 * WAVE_DAYS / 365.0)))
        assert (perceived[1] > perceived[0]) == (gap > 0.0)


def test_the_touch_is_as_strong_as_use_and_world_say() -> None:
    firm = speaking(**{"world.efforts.courtesy_noise_sd": 0.0})
    full, half, unused = (spoken(firm, user(firm, use)).latent.memory for use in (1.0, 0.5, 0.0))
    assert full != 0.0
    assert half == pytest.approx(full / 2)
    assert unused == 0.0
    assert spoken(speaking(**{"world.engaging.touch": 0.0}), user(firm, 1.0)).latent.memory == 0.0


def test_it_is_paid_for_and_stops_with_the_money() -> None:
    firm = speaking()
    price = firm.market.costs.usage_reading_per_month * 3.0
    spoken(firm, user(firm, 1.0))
    assert firm.purse.balance == pytest.approx(1e6 - price)
    poor = speaking(money=0.9 * price)
    assert spoken(poor, user(poor, 1.0)).latent.noticed_days == 0.0
    assert poor.purse.balance == pytest.approx(0.9 * price)


def test_what_nobody_says_has_no_effect_whatever_it_would_do() -> None:
    plain = simulate(shipped(*SMALL), 17)
    for name, table in simulate(shipped(*SMALL, FELT), 17).tables.items():
        assert plain.tables[name].equals(table)
    spoken_to = simulate(shipped(*SMALL, FELT, SPEAKS), 17)
    assert not spoken_to.customers.equals(plain.customers)
    assert (spoken_to.ledger["account"] == "spend_engagement").any()
    unmoved = simulate(shipped(*SMALL, SPEAKS), 17)
    assert (unmoved.events["event"] == "engaged").any()
    assert decided(unmoved).equals(decided(plain))


def decided(run: Run) -> Any:
    return run.events[run.events["event"].isin(list(CUSTOMER_DECIDED))].reset_index(drop=True).astype(str)


@pytest.mark.parametrize("lever", [0.0, 0.1])
def test_no_effect_holds_and_its_lever_is_the_one_for_contacts(lever: float) -> None:
    """Where contacts act, the same two policies part (negative control)."""
    groups = (*SMALL, "world=no_effect", FELT, "policy/success=nobody")
    arms = [changed(shipped(*groups, *more), {"world.levers.contact": lever}) for more in ((), (SPEAKS,))]
    silent, told = (simulate(arm, 17) for arm in arms)
    assert (told.events["event"] == "engaged").any()
    assert (silent.customers.equals(told.customers) and decided(silent).equals(decided(told))) == (lever == 0.0)
