"""A plan without a price: taken without a seller, set up alone, used within its limits, then paid for, kept or left.

Nobody is a customer before the first payment: what is free happens under contract 0, nothing is invoiced and no survey
is sent. Paying is the decision a lead takes, on the same draw, with what the product is known to do in the place of
what a seller says it does.
"""

from __future__ import annotations

from collections.abc import Generator
from math import inf
from typing import TYPE_CHECKING, Any

from sim.agents.billing import open_free_period
from sim.agents.caring import speak
from sim.agents.closing import expected_fit, lost_to_price, reputation_of, win
from sim.agents.contracting import end_free
from sim.agents.customer import FREE
from sim.agents.implementing import go_live, implement
from sim.agents.mind import share_now, value_now, value_of, weighed
from sim.agents.offering import quote
from sim.rules import attraction, trying
from sim.rules.common import NOMINAL_EFFORT, NOMINAL_WARMTH, logistic
from sim.rules.renewal import price_burden

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.pricing.tariff import Free


def sign_up(firm: Firm, c: Customer, free: Free) -> None:
    """A lead takes the plan without a price; every lead does, for there is nothing to decide."""
    account, mind, now, process = c.account, c.latent, firm.clock.now, firm.world.process
    process.begin(c, now)
    if firm.followers is not None:
        firm.followers.tell_service(c)
    c.status = FREE
    account.won_days = account.go_live_days = now
    account.term_end_days = inf
    firm.crowd.customers += 1
    mind.covered = mind.restraint = trying.covered(free.seats, free.functions, account.seats, c.traits.breadth)
    mind.expected_outcome = mind.covered * _expected_outcome(firm, c)
    firm.record.event(now, "signed_up_free", c.traits.customer, value=mind.covered)
    process.live(c, firm, _depth_alone(firm))
    c.bill = open_free_period(firm, c, free, 0)


def set_up(firm: Firm, c: Customer) -> Generator[Any, Any, bool]:
    """From a signature to use, with the help of specialists or, where nothing is sold by sellers, alone."""
    if firm.free is None:
        return (yield from implement(firm, c))
    firm.world.process.live(c, firm, _depth_alone(firm))
    go_live(firm, c)
    return True


def meet_free_wave(firm: Firm, c: Customer, wave: int) -> None:
    """A calendar wave of somebody who pays nothing: word of mouth, and nothing else; the state must have been
    advanced."""
    firm.world.process.wave(c, firm, wave)
    firm.world.process.refresh(c, firm)
    speak(firm, c, wave)
    c.account.tickets_this_quarter = 0


def consider_paying(firm: Firm, c: Customer) -> bool:
    """A period of the free plan ends: pay, stop, or go on; True while the product is used. The state must have been
    advanced."""
    assert firm.free is not None
    firm.world.process.refresh(c, firm)
    if firm.draws.win(c.traits.customer, 0) < paying_probability(firm, c):
        _convert(firm, c)
    elif firm.draws.renew(c.traits.customer, c.bill.number) >= _keeping_probability(firm, c, firm.free.period_months):
        end_free(firm, c)
        return False
    else:
        c.bill = open_free_period(firm, c, firm.free, c.bill.number + 1)
    return True


def paying_probability(firm: Firm, c: Customer) -> float:
    """The decision of a lead on its own draw: what paying adds to V takes the place of the fit a lead hopes for; nobody
    promises or sells; the whole price is more than nothing."""
    d, share, (z_experience, z_outcome) = firm.world.deciding, share_now(c, firm), weighed(c, firm)
    more = weighed(c, firm, unlimited=True)[1]
    gain = value_of(firm, share, z_experience, more) - value_of(firm, share, z_experience, z_outcome)
    nothing = d.win_price * price_burden(c.traits.price_sensitivity, 0.0, 1.0)
    price = lost_to_price(firm, c, quote(firm, c)) - nothing
    intercept = d.win_intercept + firm.market.selling.win_logit - firm.world.trying.zero_price
    return attraction.win_probability(intercept, 0.0, 0.0, gain, d.win_reputation * reputation_of(firm), price)


def _keeping_probability(firm: Firm, c: Customer, months: int) -> float:
    """The decision of a renewal at no price, for this part of a term; who decides is who uses, so no champion can
    leave."""
    d, sensitivity = firm.world.deciding, c.traits.price_sensitivity
    price = d.renew_price * price_burden(sensitivity, 0.0, 1.0)
    pull = d.competitor + firm.climate.entrant
    term = logistic(c.traits.frailty + d.switching_cost + value_now(c, firm) - price - pull)
    return trying.kept(term, months, firm.market.contract.term_months)


def _convert(firm: Firm, c: Customer) -> None:
    """Use goes on without its limits, and from now on it is paid for; what is expected is what a lead expects."""
    now, account, mind = firm.clock.now, c.account, c.latent
    firm.record.event(now, "converted", c.traits.customer, value=now - account.won_days)
    firm.crowd.customers -= 1
    mind.covered = mind.restraint = 1.0
    mind.expected_outcome, mind.valued = _expected_outcome(firm, c), False
    if firm.followers is not None:
        mind.note(told_outcome=0.0)
        firm.followers.tell_outcome(c)
    account.billed_list_price = 0.0
    win(firm, c, 0.0, "")
    account.opened = 0
    go_live(firm, c)


def _expected_outcome(firm: Firm, c: Customer) -> float:
    """Outcome that somebody to whom nothing is promised expects of the whole product."""
    return attraction.outcome_expectation(expected_fit(firm, c), 0.0)


def _depth_alone(firm: Firm) -> float:
    """Task effort of an implementation without specialists: the more work it takes, the less of it is done."""
    setup = firm.market.onboarding
    done = trying.alone(firm.world.trying.own_hours, setup.tasks * setup.task_hours)
    return NOMINAL_EFFORT * (1.0 - NOMINAL_WARMTH) * done
