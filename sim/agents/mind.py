"""How a customer values the relationship: V from the standardised terms."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from sim.rules.common import clip, levered
from sim.rules.experience import moved, remembered
from sim.rules.value import shaped, share_at

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm


def share_now(c: Customer, firm: Firm) -> float:
    """Weight of experience at the customer's tenure; the centre assumes exponential tenures of the
    reference mean: E[exp(-T / tau)] = 1 / (1 + mean / tau)."""
    model, persona = firm.world.value, c.traits.persona
    share = firm.climate.share_experience
    if persona is not None:
        share = clip(share + persona.experience_shift, 0.0, 1.0)
    if model.tenure_shift == 0.0:
        return share
    tenure = 0.0 if isnan(c.latent.live_days) else firm.clock.now - c.latent.live_days
    centre = 1.0 / (1.0 + firm.market.reference.tenure_days / model.tenure_shift_days)
    return share_at(share, tenure, model.tenure_shift, model.tenure_shift_days, centre)


def value_of(firm: Firm, share: float, z_experience: float, z_outcome: float) -> float:
    """V = weight * aggregate of the shaped terms."""
    model = firm.world.value
    return model.weight * model.aggregate.combine(
        share,
        shaped(z_experience, model.experience_curvature, model.experience_steepness),
        shaped(z_outcome, model.outcome_curvature, model.outcome_steepness),
    )


def value_now(c: Customer, firm: Firm) -> float:
    """V as of now; the state must have been advanced."""
    return value_of(firm, share_now(c, firm), *weighed(c, firm)) + stirred(c, firm)


def value_of_return(c: Customer, firm: Firm) -> float:
    """V of somebody who has left, as of now; the outcome they had may be remembered."""
    memory, (z_experience, z_outcome) = firm.world.deciding.win_back_memory, weighed(c, firm)
    if memory > 0.0:
        z_outcome = moved(z_outcome, c.latent.apart.parted, memory)
    return value_of(firm, share_now(c, firm), z_experience, z_outcome) + stirred(c, firm)


def weighed(c: Customer, firm: Firm, unlimited: bool = False) -> tuple[float, float]:
    """Standardised experience and outcome as the person knows them who decides; the outcome as it is, or as it would
    be without the limits of a plan."""
    process, asking = firm.world.process, firm.asking
    z_experience = process.z_experience(c, firm)
    z_outcome = process.z_unlimited(c, firm) if unlimited else process.z_outcome(c, firm)
    if asking is not None and not c.traits.buyer_is_user:
        z_experience *= asking.buyer_hears
    return z_experience, z_outcome


def answering(c: Customer, firm: Firm) -> tuple[float, float]:
    """The same two as the person knows them who is asked."""
    process, asking = firm.world.process, firm.asking
    if asking is None or c.traits.buyer_is_user or not firm.programme.asks_user:
        return weighed(c, firm)
    return process.z_experience(c, firm), asking.user_sees * process.z_outcome(c, firm)


def stirred(c: Customer, firm: Firm) -> float:
    """V gained because a question was answered lately."""
    asking = firm.asking
    if asking is None:
        return 0.0
    gain = levered(asking.measurement_logit, 0.0, firm.world.levers.contact)
    return remembered(gain, firm.clock.now - c.latent.apart.answered_days, asking.measurement_half_life_days)


def attached(c: Customer) -> float:
    """Emotional engagement as of now, in standard deviations."""
    return c.traits.attachment + c.latent.apart.warmed
