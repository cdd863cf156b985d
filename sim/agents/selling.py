"""From lead to decision: how it buys, whether it is pursued, the touches of a seller or of the web."""

from __future__ import annotations

from collections.abc import Generator
from math import exp
from typing import TYPE_CHECKING, Any

from sim.agents.buying import chosen_way, refuses_meeting
from sim.agents.clock import CUSTOMER_RANK
from sim.agents.closing import Offer, decide
from sim.agents.reacting import breaks_off
from sim.agents.team import ABANDONED
from sim.policies.views import LeadView, require_view
from sim.rules import attraction, coming
from sim.rules.common import levered, saturate
from sim.rules.effort import treatment
from sim.streams import normal

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.attracting import Ways
    from sim.policies.sales import Approach


def sell(firm: Firm, c: Customer) -> Generator[Any, Any, bool]:
    """The sales cycle of one lead; True if a contract is signed."""
    c.status = "lead"
    firm.world.process.begin(c, firm.clock.now)
    if firm.followers is not None:
        firm.followers.tell_service(c)
    ways, missed = firm.front.ways, 0.0
    if ways is not None:
        by_seller, missed = chosen_way(firm, c, ways)
        if not by_seller:
            return (yield from _let_buy(firm, c, ways))
    approach = _pursued(firm, c)
    if approach is None:
        return False
    return (yield from _persuade(firm, c, approach, missed))


def _persuade(firm: Firm, c: Customer, approach: Approach, missed: float) -> Generator[Any, Any, bool]:
    """A seller sells: several touches, if the lead wants to meet, and the decision."""
    levers, meetings = firm.world.levers, firm.front.meetings
    treated = treatment(approach.effort, approach.warmth, levers.selling, levers.work, firm.climate.courtesy_half)
    if meetings is not None and refuses_meeting(firm, c, meetings, treated.courtesy):
        return False
    usual = firm.market.selling.touches
    touches = max(1, round(usual * levered(approach.touches, 1.0, levers.selling)))
    hours = firm.market.selling.touch_hours * treated.work
    if not (yield from _touches(firm, c, touches, treated.courtesy, hours)):
        return False
    push = 0.0 if meetings is None else coming.persistence(meetings.persistence, touches / usual)
    skill = _skill(firm, treated.task * firm.sales.skill)
    return decide(firm, c, Offer(approach.promise, approach.discount_share, skill, push - missed))


def _let_buy(firm: Firm, c: Customer, ways: Ways) -> Generator[Any, Any, bool]:
    """Web or app sell: nobody waits, nobody is turned away, and what is said there is what sellers would say."""
    approach = _approach(firm, c)[0]
    if not (yield from _touches(firm, c, firm.market.selling.touches, ways.courtesy, 0.0)):
        return False
    return decide(firm, c, Offer(approach.promise, approach.discount_share, ways.skill, 0.0))


def _approach(firm: Firm, c: Customer) -> tuple[Approach, float]:
    """What the policy does with this lead, as far as the world lets it, and the fit that the seller sees."""
    noise = normal(firm.draws.seller_signal(c.traits.customer, 0), 0.0, firm.market.people.fit_signal_sd)
    signal = c.traits.fit + noise
    lead = LeadView(signal, c.account.seats, c.account.list_price_per_month)
    require_view(lead)
    if firm.course:
        lead = firm.course.seen(lead, c.traits.customer, "sales")
    approach, levers = firm.policy.sales.approach(lead), firm.world.levers
    told = approach._replace(
        promise=levered(approach.promise, 0.0, levers.promise),
        discount_share=min(1.0, levered(approach.discount_share, 0.0, levers.promise)),
    )
    return told, signal


def _pursued(firm: Firm, c: Customer) -> Approach | None:
    """How the lead is treated; None if it is dropped. The world lets a share of refusals stand."""
    approach, signal = _approach(firm, c)
    if approach.pursue or firm.draws.pursue(c.traits.customer, 0) >= firm.world.levers.qualification:
        return approach
    c.status = "disqualified"
    firm.record.event(firm.clock.now, "disqualified", c.traits.customer, value=signal)
    return None


def _touches(firm: Firm, c: Customer, touches: int, courtesy: float, hours: float) -> Generator[Any, Any, bool]:
    """Several touches over the cycle, each so many hours of a seller; False if the lead gave up waiting for one or
    broke off."""
    number, selling = c.traits.customer, firm.market.selling
    cycle = selling.cycle_median_days
    if selling.cycle_sigma > 0.0:
        cycle *= _lognormal(firm.draws.cycle(number, 0), selling.cycle_sigma)
    for touch in range(touches):
        yield firm.clock.at(firm.clock.now + cycle / touches, CUSTOMER_RANK, number)
        waited = 0.0
        if hours > 0.0:
            waited = yield firm.sales.request(number, hours, 0.0, c.traits.patience_days)
        if waited == ABANDONED:
            c.status = "lost"
            firm.record.event(firm.clock.now, "lead_abandoned", number, value=c.traits.patience_days)
            return False
        noise = normal(firm.draws.sales_quality(number, touch), 0.0, firm.world.efforts.courtesy_noise_sd)
        felt = firm.world.process.touch(c, firm.clock.now, courtesy, waited, noise)
        firm.record.event(firm.clock.now, "sales_touch", number, occurrence=touch, value=felt)
        reactions = firm.circle.reactions
        if reactions is not None and breaks_off(firm, c, reactions, touch):
            c.status = "lost"
            firm.record.event(firm.clock.now, "broke_off", number, occurrence=touch)
            return False
    return True


def _lognormal(uniform: float, sigma: float) -> float:
    return exp(normal(uniform, 0.0, sigma))


def _skill(firm: Firm, task_effort: float) -> float:
    """Seller skill between weakest link and mean, scaled by the effort put into the matter."""
    selling = firm.market.selling
    weakest = attraction.skill_geometric(selling.seller_skill)
    mean = attraction.skill_additive(selling.seller_skill)
    base = levered(weakest, mean, 1.0 - selling.skill_weakest_link)
    return base * saturate(task_effort, firm.world.efforts.resolution_half)
