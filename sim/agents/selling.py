"""From candidate to signature."""

from __future__ import annotations

from collections.abc import Generator
from math import exp
from typing import TYPE_CHECKING, Any

from sim.agents.clock import CUSTOMER_RANK
from sim.agents.contracting import sign
from sim.agents.offering import choose, quote
from sim.agents.reacting import breaks_off
from sim.agents.surveying import ask
from sim.agents.team import ABANDONED
from sim.policies.views import LeadView, require_view
from sim.rules import attraction
from sim.rules.common import levered, saturate
from sim.rules.effort import Treatment, treatment
from sim.rules.renewal import price_burden
from sim.streams import normal

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.policies.sales import Approach



def sell(firm: Firm, c: Customer) -> Generator[Any, Any, bool]:
    """The sales cycle of one lead; True if a contract is signed."""
    c.status = "lead"
    firm.world.process.begin(c, firm.clock.now)
    if firm.followers is not None:
        firm.followers.tell_service(c)
    approach = _approach(firm, c)
    if not approach.pursue:
        return False
    levers = firm.world.levers
    half = firm.climate.courtesy_half
    treated = treatment(approach.effort, approach.warmth, levers.selling, levers.work, half)
    if not (yield from _touches(firm, c, treated)):
        return False
    return _decide(firm, c, approach, treated)


def _approach(firm: Firm, c: Customer) -> Approach:
    """What the policy does with this lead; the world lets a share of refusals stand."""
    noise = normal(firm.draws.seller_signal(c.traits.customer, 0), 0.0, firm.market.people.fit_signal_sd)
    signal = c.traits.fit + noise
    lead = LeadView(signal, c.account.seats, c.account.list_price_per_month)
    require_view(lead)
    if firm.course:
        lead = firm.course.seen(lead, c.traits.customer, "sales")
    approach = firm.policy.sales.approach(lead)
    levers = firm.world.levers
    pursue = approach.pursue or firm.draws.pursue(c.traits.customer, 0) >= levers.qualification
    if not pursue:
        c.status = "disqualified"
        firm.record.event(firm.clock.now, "disqualified", c.traits.customer, value=signal)
    return approach._replace(
        pursue=pursue,
        promise=levered(approach.promise, 0.0, levers.promise),
        discount_share=min(1.0, levered(approach.discount_share, 0.0, levers.promise)),
    )


def _touches(firm: Firm, c: Customer, treated: Treatment) -> Generator[Any, Any, bool]:
    """Several touches over the cycle; False if the lead gave up waiting for one."""
    number, selling = c.traits.customer, firm.market.selling
    cycle = selling.cycle_median_days
    if selling.cycle_sigma > 0.0:
        cycle *= _lognormal(firm.draws.cycle(number, 0), selling.cycle_sigma)
    for touch in range(selling.touches):
        yield firm.clock.at(firm.clock.now + cycle / selling.touches, CUSTOMER_RANK, number)
        job = firm.sales.request(number, selling.touch_hours * treated.work, 0.0, c.traits.patience_days)
        waited = yield job
        if waited == ABANDONED:
            c.status = "lost"
            firm.record.event(firm.clock.now, "lead_abandoned", number, value=c.traits.patience_days)
            return False
        noise = normal(firm.draws.sales_quality(number, touch), 0.0, firm.world.efforts.courtesy_noise_sd)
        felt = firm.world.process.touch(c, firm.clock.now, treated.courtesy, waited, noise)
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


def _decide(firm: Firm, c: Customer, approach: Approach, treated: Treatment) -> bool:
    """The lead's decision on the last day of the cycle."""
    number, now, people, d = c.traits.customer, firm.clock.now, firm.market.people, firm.world.deciding
    signal = c.traits.fit + normal(firm.draws.customer_signal(number, 0), 0.0, people.fit_signal_sd)
    expected = attraction.expected_fit(signal, people.fit_mean, people.signal_reliability)
    prior = firm.world.word_of_mouth.reputation_prior
    crowd, climate = firm.crowd, firm.climate
    reputation = attraction.reputation(crowd.advocates, crowd.detractors, crowd.customers, prior)
    option = choose(firm, c, expected)
    charged = quote(firm, c) - approach.discount_share * c.account.list_price_per_month * 12
    burden = price_burden(c.traits.price_sensitivity, charged, c.account.list_price_per_month * 12)
    probability = attraction.win_probability(
        d.win_intercept + firm.market.selling.win_logit,
        d.win_promise * approach.promise,
        d.win_skill * _skill(firm, treated.task * firm.sales.skill),
        d.win_fit * expected,
        d.win_reputation * reputation,
        d.win_price * burden + climate.squeeze * c.traits.price_sensitivity + climate.entrant,
    )
    if firm.draws.win(number, 0) >= probability:
        c.status = "lost"
        firm.record.event(now, "lost", number, value=probability)
        return False
    c.latent.expected_outcome = attraction.outcome_expectation(expected, approach.promise)
    if firm.followers is not None:
        firm.followers.tell_outcome(c)
    _sign(firm, c, approach, option)
    return True


def _sign(firm: Firm, c: Customer, approach: Approach, option: str) -> None:
    """Open the first contract."""
    account, now = c.account, firm.clock.now
    account.promise = approach.promise
    account.discount_share = approach.discount_share
    c.first_won_days = now
    sign(firm, c)
    firm.record.event(now, "won", c.traits.customer, account.contract, value=approach.promise, detail=option)
    firm.world.process.refresh(c, firm)
    ask(firm, c, "at_purchase", account.contract)
