"""The last day of a sale: the customer decides, perhaps sees a hidden charge, and signs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sim.agents.contracting import sign
from sim.agents.discounting import off_first_year, quotable, set_aside
from sim.agents.offering import choose, due, quote
from sim.agents.reacting import breaks_off
from sim.agents.surveying import ask
from sim.rules import attraction
from sim.rules.renewal import price_burden
from sim.streams import normal
from sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.attracting import Checkout


class Offer(NamedTuple):
    """What a lead has been told, and by whom."""

    promise: float
    discount_share: float
    skill: float
    """skill of whoever sells"""
    push: float
    """win logit besides promise, skill, fit, reputation and price"""


Chance = Callable[[float], float]
"""Logit lost to the price -> win probability."""


def decide(firm: Firm, c: Customer, offer: Offer) -> bool:
    """The lead's decision; True if a contract is signed."""
    number, d = c.traits.customer, firm.world.deciding
    expected = expected_fit(firm, c)
    option = choose(firm, c, expected)
    chance = partial(
        attraction.win_probability,
        d.win_intercept + firm.market.selling.win_logit + offer.push,
        d.win_promise * min(offer.promise, d.promise_believed),
        d.win_skill * offer.skill,
        d.win_fit * expected,
        d.win_reputation * reputation_of(firm),
    )
    discount = quotable(firm, c, offer.discount_share)
    off = off_first_year(firm, discount)
    probability = chance(lost_to_price(firm, c, quote(firm, c) - off))
    luck = firm.draws.win(number, 0)
    if luck >= probability:
        c.status = "lost"
        firm.record.event(firm.clock.now, "lost", number, value=probability)
        return False
    checkout = firm.front.checkout
    if checkout is not None and _leaves(firm, c, checkout, chance, off, luck):
        return False
    c.latent.expected_outcome = attraction.outcome_expectation(expected, offer.promise)
    if firm.followers is not None:
        firm.followers.tell_outcome(c)
    set_aside(firm, c, discount)
    win(firm, c, offer.promise, option)
    return True


def reputation_of(firm: Firm) -> float:
    """What is said about the firm today."""
    crowd, prior = firm.crowd, firm.world.word_of_mouth.reputation_prior
    return attraction.reputation(crowd.advocates, crowd.detractors, crowd.customers, prior)


def expected_fit(firm: Firm, c: Customer) -> float:
    """The fit that a customer expects by its own signal; good information takes noise out of it."""
    people = firm.market.people
    noise_sd = people.fit_signal_sd * (1.0 - firm.clarity)
    signal = c.traits.fit + normal(firm.draws.customer_signal(c.traits.customer, 0), 0.0, noise_sd)
    return attraction.expected_fit(signal, people.fit_mean, people.reliability(noise_sd))


def lost_to_price(firm: Firm, c: Customer, charged: float) -> float:
    """Win logit lost to what a year costs, to a tight budget and to a rival."""
    listed, climate, sensitivity = c.account.list_price_per_month, firm.climate, c.traits.price_sensitivity
    burden = price_burden(sensitivity, charged, listed * MONTHS_PER_YEAR)
    return firm.world.deciding.win_price * burden + climate.squeeze * sensitivity + climate.entrant


def _leaves(firm: Firm, c: Customer, checkout: Checkout, chance: Chance, off: float, luck: float) -> bool:
    """Whether a buyer who would have signed sees what no quote has mentioned, and leaves on the same luck."""
    number = c.traits.customer
    full = due(firm, c)
    if full <= quote(firm, c) or firm.draws.checkout(number, 0) >= checkout.seen:
        return False
    probability = chance(lost_to_price(firm, c, full - off) + checkout.surprise)
    if luck < probability:
        return False
    c.status = "lost"
    firm.record.event(firm.clock.now, "checkout_abandoned", number, value=probability)
    firm.world.process.touch(c, firm.clock.now, checkout.quality, 0.0, 0.0)
    if firm.circle.reactions is not None:
        breaks_off(firm, c, firm.circle.reactions, CHECKOUT)
    return True


CHECKOUT = 1 << 10
"""Number of the touch at the checkout, behind every touch of a seller."""


def win(firm: Firm, c: Customer, promise: float, option: str) -> None:
    """Somebody who has never paid signs the first contract."""
    account, now = c.account, firm.clock.now
    account.promise = promise
    c.first_won_days = now
    firm.crowd.buyers += 1
    sign(firm, c)
    firm.record.event(now, "won", c.traits.customer, account.contract, value=promise, detail=option)
    firm.world.process.refresh(c, firm)
    ask(firm, c, "at_purchase", account.contract)
