"""Customers of old: at time 0 they stand where a customer stands who signed some time ago and was treated as usual."""

from __future__ import annotations

from collections.abc import Generator
from math import floor
from typing import TYPE_CHECKING, Any

from sim.agents.billing import Bill, charged
from sim.agents.clock import CUSTOMER_RANK
from sim.agents.contracting import start_term, win_back
from sim.agents.offering import billing_months, choose, quoted, tariff_of
from sim.agents.paying import live_under
from sim.agents.relationship import live_together
from sim.agents.staking import stake
from sim.agents.trying import set_up
from sim.rules import attraction
from sim.rules.common import NOMINAL_EFFORT, NOMINAL_WARMTH
from sim.streams import normal
from sim.units import days

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm


def life_so_far(firm: Firm, c: Customer, tenure_days: float) -> Generator[Any, Any, None]:
    """From time 0 on like everybody's."""
    yield firm.clock.at(0.0, CUSTOMER_RANK, c.traits.customer)
    stand(firm, c, tenure_days)
    while True:
        yield from live_together(firm, c)
        if not (yield from win_back(firm, c)) or not (yield from set_up(firm, c)):
            return


def stand(firm: Firm, c: Customer, tenure_days: float) -> None:
    """The state of a customer who signed `tenure_days` ago, with a neutral memory and use at its level."""
    number, account, people = c.traits.customer, c.account, firm.market.people
    firm.world.process.begin(c, 0.0)
    signal = c.traits.fit + normal(firm.draws.customer_signal(number, 0), 0.0, people.fit_signal_sd)
    expected = attraction.expected_fit(signal, people.fit_mean, people.reliability(people.fit_signal_sd))
    c.latent.expected_outcome = attraction.outcome_expectation(expected, 0.0)
    choose(firm, c, expected)
    c.status, account.contract, account.opened, account.won_days = "active", 1, 1, -tenure_days
    firm.crowd.customers += 1
    _go_on_using(firm, c)
    _go_on_paying(firm, c, tenure_days)
    firm.record.event(0.0, "present", number, account.contract, account.term, tenure_days)


def _go_on_using(firm: Firm, c: Customer) -> None:
    """Live since the signature, at the depth that nominal work gives, first value long seen."""
    mind = c.latent
    firm.world.process.live(c, firm, NOMINAL_EFFORT * (1.0 - NOMINAL_WARMTH))
    mind.live_days = c.account.go_live_days = c.account.won_days
    mind.adoption, mind.valued = mind.target, True
    firm.world.process.refresh(c, firm)


def _go_on_paying(firm: Firm, c: Customer, tenure_days: float) -> None:
    """In the middle of a term and of a billing period, both paid for before time 0."""
    account, term = c.account, days(firm.market.contract.term_months)
    account.term = floor(tenure_days / term)
    account.term_end_days = account.won_days + account.term * term
    start_term(firm, c)
    period = days(billing_months(firm, c))
    number = floor(tenure_days / period)
    start = account.won_days + number * period
    until = start + period if firm.circle.repurchase is None else account.term_end_days
    bill = c.bill = Bill(number, start, until, c)
    use, outcome = firm.world.process.use(c), firm.world.process.outcome(c, firm)
    bill.use_days += use * start
    bill.outcome_days += outcome * start
    cost = charged(firm, c, bill, use, outcome)
    before = floor((start - account.term_start_days) / period + 0.5)
    c.latent.charged = (before + 1) * cost.in_advance + before * (cost.usage + cost.outcome)
    if firm.charging is not None:
        live_under(firm, c, quoted(firm, c, tariff_of(firm, c), float(billing_months(firm, c))), firm.charging)
    if firm.stakes is not None:
        stake(firm, c, firm.stakes, float(billing_months(firm, c)))
