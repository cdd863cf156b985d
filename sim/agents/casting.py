"""Who plays whom: candidates get their persona and what they feel for the brand."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from sim.rules.adoption import realigned
from sim.rules.common import clip
from sim.streams import normal

if TYPE_CHECKING:
    from sim.agents.customer import Traits
    from sim.context.personas import Persona
    from sim.context.society import Society
    from sim.streams import Streams


def cast(society: Society, streams: Streams, people: list[Traits]) -> list[Traits]:
    """The same candidates, as the people that the world says they are."""
    kinds, attachment = society.personas, society.attachment
    if kinds.kinds:
        lot = streams.purpose("persona")
        names = [kinds.of(lot(traits.customer, 0)) for traits in people]
        people = [played(traits, name, kinds.kinds[name]) for traits, name in zip(people, names, strict=True)]
    if attachment.felt:
        fit, own = streams.purpose("fit"), streams.purpose("attachment")
        people = [
            traits._replace(attachment=traits.attachment + felt(attachment.with_fit, fit(n, 0), own(n, 0)))
            for traits in people
            if (n := traits.customer) >= 0
        ]
    return people


def felt(with_fit: float, fit_uniform: float, own_uniform: float) -> float:
    """Standard normal, correlated with the normal score of fit."""
    return with_fit * normal(fit_uniform) + sqrt(1.0 - with_fit * with_fit) * normal(own_uniform)


def played(traits: Traits, name: str, persona: Persona) -> Traits:
    """An ordinary person's traits as this persona has them."""
    seats = max(1.0, round(traits.seats * persona.size))
    size = seats / traits.seats
    return traits._replace(
        seats=seats,
        list_price_per_month=traits.list_price_per_month * size,
        goal_value_per_month=traits.goal_value_per_month * (persona.goal_value * size),
        fit=shifted(traits.fit, persona.fit_shift),
        learning_skill=traits.learning_skill * persona.digital_ease,
        price_sensitivity=traits.price_sensitivity * persona.price_sensitivity,
        reach=traits.reach * persona.reach,
        patience_days=traits.patience_days * persona.patience,
        attachment=persona.attachment,
        role=name,
        persona=persona,
    )


def shifted(fit: float, shift: float) -> float:
    """Fit with a share of what is missing added, or a share of what is there taken away."""
    return realigned(fit, shift) if shift >= 0.0 else fit * clip(1.0 + shift, 0.0, 1.0)
