"""Candidates become leads by thinning: each has its own uniform and the rate just before its time."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.agents.clock import CUSTOMER_RANK
from sim.agents.customer import Customer
from sim.agents.life import life
from sim.rules import attraction
from sim.rules.common import saturate

if TYPE_CHECKING:
    from sim.agents.firm import Firm


def arrive(firm: Firm, people: list[Customer]) -> Generator[Any, Any, None]:
    """One stream of candidates in order of time, however they are listed."""
    for c in sorted(people, key=lambda candidate: candidate.traits.candidate_days):
        traits = c.traits
        yield firm.clock.at(traits.candidate_days, CUSTOMER_RANK, traits.customer)
        referred = traits.stream == "referral"
        chance = _referral_probability(firm) if referred else _primary_probability(firm)
        luck = firm.draws.lead(traits.customer, 0)
        if luck < chance:
            referrer = _refer(firm, c) if referred else 0
            firm.record.event(firm.clock.now, "lead", traits.customer, value=float(referrer), detail=traits.stream)
            firm.clock.process(life(firm, c))
        else:
            if firm.circle.rumour is not None and not referred and luck < _unspoiled_probability(firm):
                firm.record.event(firm.clock.now, "deterred", traits.customer)
            firm.rejections += 1


def _primary_probability(firm: Firm) -> float:
    """Marketing x season x reputation, saturating; where people talk, some have heard of the firm before."""
    half, rumour = firm.market.arrival.half, firm.circle.rumour
    if rumour is None:
        return attraction.lead_probability(_pull(firm), half)
    now = firm.clock.now
    return attraction.lead_probability(_pull(firm) * rumour.attraction(now), half) * (1.0 - rumour.deterred(now))


def _unspoiled_probability(firm: Firm) -> float:
    """The same had nobody warned or badly reviewed."""
    liked = 1.0 if firm.circle.rumour is None else max(1.0, firm.circle.rumour.attraction(firm.clock.now))
    return attraction.lead_probability(liked * _pull(firm), firm.market.arrival.half)


def _pull(firm: Firm) -> float:
    """What draws a candidate, 1 as planned."""
    arrival, talk, crowd = firm.market.arrival, firm.world.word_of_mouth, firm.crowd
    reputation = attraction.reputation(
        crowd.advocates, crowd.detractors, crowd.customers, talk.reputation_prior
    )
    return (
        firm.marketing_effect
        * firm.climate.demand
        * attraction.season(firm.clock.now, arrival.season_amplitude, arrival.season_peak_days)
        * (1.0 + talk.reputation_lead_gain * reputation)
    )


def _referral_probability(firm: Firm) -> float:
    """Reach of the current advocates, saturating."""
    talk, crowd = firm.world.word_of_mouth, firm.crowd
    if not talk.referral_on or crowd.advocates == 0:
        return 0.0
    return saturate(crowd.reach, talk.referral_half)


def _refer(firm: Firm, c: Customer) -> int:
    """The advocate who refers this candidate; referred people may fit better."""
    gain = firm.world.word_of_mouth.referral_fit_gain
    if gain > 0.0:
        c.traits = c.traits._replace(fit=c.traits.fit + gain * (1.0 - c.traits.fit))
    return firm.crowd.advocate(firm.draws.referrer(c.traits.customer, 0))
