"""Candidates become leads by thinning: each has its own uniform and the rate just before its time."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.agents.clock import CUSTOMER_RANK
from sim.agents.customer import Customer
from sim.agents.front import spread
from sim.agents.seeking import ask_for_more, asks_days, become_lead, seek
from sim.rules import attraction
from sim.rules.common import saturate

if TYPE_CHECKING:
    from sim.agents.firm import Firm


def arrive(firm: Firm, people: list[Customer]) -> Generator[Any, Any, None]:
    """One stream of candidates in order of the time at which they would ask, however they are listed."""
    for when, c in sorted(((asks_days(firm, c), c) for c in people), key=lambda pair: pair[0]):
        traits = c.traits
        yield firm.clock.at(when, CUSTOMER_RANK, traits.customer)
        referred = traits.stream == "referral"
        chance = _referral_probability(firm) if referred else _primary_probability(firm)
        luck = firm.draws.lead(traits.customer, 0)
        if luck >= chance:
            _stay_away(firm, c, referred, luck)
        elif referred or firm.presence.gated == 0.0:
            become_lead(firm, c, traits.stream, _refer(firm, c) if referred else 0)
        else:
            ask_for_more(firm, c)


def _stay_away(firm: Firm, c: Customer, referred: bool, luck: float) -> None:
    """Not interested, kept away by what others say, or found by sellers all the same."""
    if firm.circle.rumour is not None and not referred and luck < _unspoiled_probability(firm):
        firm.record.event(firm.clock.now, "deterred", c.traits.customer)
    elif firm.presence.seeks and not referred:
        seek(firm, c)
    firm.rejections += 1


def _primary_probability(firm: Firm) -> float:
    """Marketing x season x reputation, saturating; where people talk, some have heard of the firm before."""
    rumour = firm.circle.rumour
    if rumour is None:
        return _interest(firm, 1.0)
    now = firm.clock.now
    return _interest(firm, rumour.attraction(now)) * (1.0 - rumour.deterred(now))


def _unspoiled_probability(firm: Firm) -> float:
    """The same had nobody warned or badly reviewed."""
    liked = 1.0 if firm.circle.rumour is None else max(1.0, firm.circle.rumour.attraction(firm.clock.now))
    return _interest(firm, liked)


def _interest(firm: Firm, liked: float) -> float:
    """Probability of asking for more, what is said about the firm being `liked` times as attractive as silence."""
    found = attraction.lead_probability(_pull(firm) * liked, firm.market.arrival.half)
    diffusion = firm.front.diffusion
    return found if diffusion is None else found * spread(firm, diffusion, imitated=True)


def _pull(firm: Firm) -> float:
    """What draws a candidate, 1 as planned."""
    arrival, talk, crowd = firm.market.arrival, firm.world.word_of_mouth, firm.crowd
    for_nothing = 1.0 if firm.free is None else 1.0 + firm.world.trying.pull
    reputation = attraction.reputation(crowd.advocates, crowd.detractors, crowd.customers, talk.reputation_prior)
    return (
        for_nothing
        * firm.marketing_effect
        * firm.climate.demand
        * attraction.season(firm.clock.now, arrival.season_amplitude, arrival.season_peak_days)
        * (1.0 + talk.reputation_lead_gain * reputation)
    )


def _referral_probability(firm: Firm) -> float:
    """Reach of the current advocates, saturating."""
    talk, crowd = firm.world.word_of_mouth, firm.crowd
    if not talk.referral_on or crowd.advocates == 0:
        return 0.0
    found, diffusion = saturate(crowd.reach, talk.referral_half), firm.front.diffusion
    return found if diffusion is None else found * spread(firm, diffusion, imitated=False)


def _refer(firm: Firm, c: Customer) -> int:
    """The advocate who refers this candidate; referred people may fit better."""
    gain = firm.world.word_of_mouth.referral_fit_gain
    if gain > 0.0:
        c.traits = c.traits._replace(fit=c.traits.fit + gain * (1.0 - c.traits.fit))
    return firm.crowd.advocate(firm.draws.referrer(c.traits.customer, 0))
