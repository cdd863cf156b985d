"""Improve, customer by customer: an upgrade offered in the middle of a term, taken by those who are content."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.agents.billing import surcharge
from sim.agents.mind import value_now
from sim.agents.renewing import term_place
from sim.agents.sight import account_view
from sim.agents.team import ABANDONED
from sim.policies.views import require_view
from sim.rules.common import logistic
from sim.streams import exponential
from sim.units import days

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.policies.upgrade import Upgrade


def offer_upgrade(firm: Firm, c: Customer, upgrade: Upgrade, wave: int) -> None:
    """Ask for a talk with success management, once a term at most; usage is a metric, so the hold-out is left alone."""
    number, account, place = c.traits.customer, c.account, term_place(c)
    if c.traits.hold_out or account.offered == place:
        return
    view = account_view(account, firm.clock.now, firm.draws.lot(number, wave))
    require_view(view)
    if firm.course:
        view = firm.course.seen(view, number, "upgrade")
    offer = upgrade.offer(view)
    if offer.effort <= 0.0:
        return
    account.offered = place
    mean_hours = firm.market.costs.success_hours_per_month * firm.programme.wave_months
    hours = exponential(firm.draws.upgrade_work(number, wave), mean_hours) * offer.effort
    job = firm.success.request(number, hours, 0.0, days(firm.programme.wave_months))
    job.then(partial(_decide, firm, c, place))


def _decide(firm: Firm, c: Customer, place: int, waited: float) -> None:
    """Taken with a chance that grows with V, unless the talk never came or the term is over."""
    process, world, lever = firm.world.process, firm.world.upgrading, min(1.0, firm.world.levers.contact)
    if waited == ABANDONED or c.status != "active" or term_place(c) != place or lever * world.step <= 0.0:
        return
    process.advance(c, firm)
    process.refresh(c, firm)
    chance = lever * logistic(world.intercept + value_now(c, firm))
    if firm.draws.upgrade(c.traits.customer, place) >= chance:
        return
    factor = 1.0 + world.step
    firm.record.event(firm.clock.now, "upgraded", c.traits.customer, c.account.contract, c.account.term, factor)
    surcharge(firm, c, factor)
    c.account.list_price_per_month *= factor
    process.deliver(c, firm, world.fit_share)
