"""Personas: kinds of people among the candidates, each a set of departures from an ordinary person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.checks import Checked, InputError, flag, part, quantity


@dataclass(frozen=True)
class Persona(Checked):
    """Factors and shifts on who a person is (demographic), how it thinks (psychographic), what it is after
    (its end goal) and what it does after a bad touch (reactions); 1 and 0 are those of an ordinary person."""

    weight: float = quantity("1", 0, 1000, "candidates of this persona relative to those of the others")
    # demographic
    size: float = quantity("1", 0.05, 20, "seats bought, relative")
    digital_ease: float = quantity("1", 0.05, 20, "speed of learning the product, relative")
    # psychographic
    price_sensitivity: float = quantity("1", 0, 20, "weight of price, relative")
    experience_shift: float = quantity("share", -1, 1, "shift of the weight of experience in its decisions")
    patience: float = quantity("1", 0.01, 100, "patience for an unanswered request, relative")
    reach: float = quantity("1", 0.01, 100, "people it talks to, relative")
    attachment: float = quantity("sd", -5, 5, "shift of emotional engagement")
    appreciation: float = quantity("1", 0, 20, "weight of being thanked, relative")
    privacy: float = quantity("1", 0, 20, "weight of what is creepy in personal treatment, relative")
    pays_for_friendliness: float = quantity("1", 0, 20, "readiness to pay for friendly service, relative")
    pays_for_convenience: float = quantity("1", 0, 20, "readiness to pay for convenience, relative")
    # end goal
    goal_value: float = quantity("1", 0.01, 100, "worth of full attainment, relative")
    fit_shift: float = quantity("share", -1, 1, "share of missing fit that is there (> 0), or of fit that is not (< 0)")
    # reactions to a bad touch
    tells: float = quantity("1", 0, 20, "probability of telling others, relative")
    stops: float = quantity("1", 0, 20, "probability of deciding at once whether to stop, relative")
    reviews: float = quantity("1", 0, 20, "probability of a public review, relative")
    abandons: float = quantity("1", 0, 20, "probability of breaking off a purchase, relative")


@dataclass(frozen=True)
class Personas(Checked):
    """The mix; empty means that everybody is ordinary."""

    unverified: bool = flag("effects are claims of surveys that nobody has verified")
    kinds: Mapping[str, Persona] = part("name -> persona")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.kinds and self.total <= 0.0:
            raise InputError("world.society.personas.kinds must have a persona of positive weight, got none")

    @property
    def total(self) -> float:
        """Sum of the weights."""
        return sum(persona.weight for persona in self.kinds.values())

    def of(self, uniform: float) -> str:
        """Name of the persona at a uniform draw."""
        left = uniform * self.total
        for name, persona in self.kinds.items():
            left -= persona.weight
            if left < 0.0:
                return name
        return max(self.kinds, key=lambda name: self.kinds[name].weight)
