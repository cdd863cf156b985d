"""Reminders, alerts and farewells: what a firm does for a customer before being asked, and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.sight import survey_view
from sim.policies.views import require_view
from sim.rules.common import saturate
from sim.streams import normal

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.policies.attention import Notice


def attended(firm: Firm, c: Customer) -> Notice:
    """What the policy does for this customer."""
    view = survey_view(c.account, firm.clock.now)
    require_view(view)
    if firm.course:
        view = firm.course.seen(view, c.traits.customer, "attention")
    return firm.policy.attention.attend(view)


def notify(firm: Firm) -> bool:
    """Send a notice while the purse lasts; say whether it was sent."""
    cost = firm.world.service.notices.cost * firm.market.costs.survey_invitation
    return firm.purse.pay("spend_notices", cost)


def misses(firm: Firm, c: Customer, occurrence: int) -> bool:
    """Whether the customer forgets the appointment of this task; a reminder prevents some of it."""
    notices = firm.world.service.notices
    chance = notices.missed
    if attended(firm, c).reminder and notify(firm):
        chance *= 1.0 - min(1.0, firm.world.levers.depth) * notices.reminded
    return firm.draws.missed(c.traits.customer, occurrence) < chance


def see_off(firm: Firm, c: Customer) -> bool:
    """The last contact with somebody who leaves takes support work and is felt before the exit survey; False if
    the policy makes none."""
    effort = attended(firm, c).farewell
    if effort <= 0.0:
        return False
    number, now, process, levers = c.traits.customer, firm.clock.now, firm.world.process, firm.world.levers
    firm.support.request(number, firm.market.tickets.handling_hours * effort)
    strength = min(1.0, levers.handling * firm.world.service.farewell.strength)
    if strength > 0.0:
        noise = normal(firm.draws.farewell(number, c.account.contract), 0.0, firm.world.efforts.courtesy_noise_sd)
        process.advance(c, firm)
        process.touch(c, now, saturate(effort, firm.climate.courtesy_half), 0.0, noise, strength)
        process.refresh(c, firm)
    firm.record.event(now, "seen_off", number, c.account.contract, value=effort)
    return True
