"""Before anybody is a lead: research, the gate before content, and calls to people who have not asked."""

from __future__ import annotations

from collections.abc import Generator
from math import exp
from typing import TYPE_CHECKING, Any

from sim.agents.clock import CUSTOMER_RANK
from sim.agents.life import life
from sim.rules import coming
from sim.streams import normal
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm

CONTACT, COLD = "contact", "cold"
"""Why somebody is called who has not asked: left an address, or nothing."""


def asks_days(firm: Firm, c: Customer) -> float:
    """When a candidate has looked round and asks, or not."""
    research, started = firm.world.attracting.research, c.traits.candidate_days
    if research.days == 0.0:
        return started
    return started + research.days * exp(normal(firm.draws.research(c.traits.customer, 0), 0.0, research.sigma))


def ask_for_more(firm: Firm, c: Customer) -> None:
    """Somebody who would become a lead today meets a gate, or none: goes elsewhere, comes later, or comes."""
    gate, met = firm.world.attracting.gate, firm.presence.gated
    luck = firm.draws.gate(c.traits.customer, 0)
    if luck < met * gate.avoiding:
        firm.record.event(firm.clock.now, "put_off", c.traits.customer)
        return
    firm.clock.process(_come(firm, c, gate.delay_days if luck < met else 0.0))


def seek(firm: Firm, c: Customer) -> None:
    """Somebody who has not asked may leave an address at the gate, or be called out of the blue."""
    number, presence, gate = c.traits.customer, firm.presence, firm.world.attracting.gate
    if firm.draws.gate(number, 0) < presence.gated * gate.captured:
        firm.record.event(firm.clock.now, "address_left", number)
        firm.clock.process(_call(firm, c, gate.delay_days, CONTACT))
    elif firm.draws.called(number, 0) < presence.cold:
        firm.clock.process(_call(firm, c, 0.0, COLD))


def _come(firm: Firm, c: Customer, wait_days: float) -> Generator[Any, Any, None]:
    """Become a lead after a while."""
    yield firm.clock.at(firm.clock.now + wait_days, CUSTOMER_RANK, c.traits.customer)
    become_lead(firm, c, c.traits.stream)


def _call(firm: Firm, c: Customer, wait_days: float, why: str) -> Generator[Any, Any, None]:
    """A seller finds the time and calls; some become leads."""
    number, calling = c.traits.customer, firm.world.attracting.calling
    yield firm.clock.at(firm.clock.now + wait_days, CUSTOMER_RANK, number)
    yield firm.sales.request(number, calling.hours * firm.market.selling.touch_hours)
    now = firm.clock.now
    chance = calling.contacts
    if why == COLD:
        chance = coming.response(calling.cold, calling.decline_per_year, now / DAYS_PER_YEAR)
    agrees = firm.draws.agrees(number, 0) < min(1.0, firm.world.levers.selling) * chance
    firm.record.event(now, "called", number, value=float(agrees), detail=why)
    if agrees:
        become_lead(firm, c, why)


def become_lead(firm: Firm, c: Customer, source: str, referrer: int = 0) -> None:
    """From now on sellers know of it."""
    firm.record.event(firm.clock.now, "lead", c.traits.customer, value=float(referrer), detail=source)
    firm.clock.process(life(firm, c))
