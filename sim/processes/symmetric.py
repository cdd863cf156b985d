"""The symmetric process of the mirror world: experience and outcome obey one law, told apart by name only."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from sim.checks import Checked, quantity
from sim.rules.experience import moved
from sim.streams import normal

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm


@dataclass(frozen=True)
class Symmetric(Checked):
    """m <- m + step (taste + noise + lift - m) at every wave, for each of the two, on its own draws."""

    step: float = quantity("share", 0.01, 1, "share of the state renewed at a wave")
    taste_sd: float = quantity("1", 0, 5, "lasting differences between customers")
    noise_sd: float = quantity("1", 0, 10, "passing differences between waves, experience")
    outcome_noise_sd: float = quantity("1", 0, 10, "the same for outcome; equal unless a control breaks the mirror")
    lift: float = quantity("1", 0, 10, "lift per unit of effort a contact puts on one of the two")

    def begin(self, c: Customer, now: float) -> None:
        """Nothing is expected."""

    def touch(
        self, c: Customer, now: float, courtesy: float, wait_days: float, noise: float, strength: float = 1.0
    ) -> float:
        """Touches leave no trace."""
        return courtesy + noise

    def live(self, c: Customer, firm: Firm, depth_effort: float) -> None:
        """Both states start at the customer's tastes."""
        number, mind = c.traits.customer, c.latent
        mind.live_days = mind.seen_days = firm.clock.now
        mind.experience = normal(firm.draws.taste_experience(number, 0), 0.0, self.taste_sd)
        mind.note(result=normal(firm.draws.taste_outcome(number, 0), 0.0, self.taste_sd))

    def end(self, c: Customer) -> None:
        """Nothing is used."""

    def advance(self, c: Customer, firm: Firm) -> None:
        """Nothing moves between waves, but the meter of use runs."""
        mind, now = c.latent, firm.clock.now
        if not isnan(mind.live_days):
            mind.use_days += now - mind.seen_days
        mind.seen_days = now

    def refresh(self, c: Customer, firm: Firm) -> None:
        """Nothing moves between waves."""

    def wave(self, c: Customer, firm: Firm, wave: int) -> None:
        """One step of each state."""
        number, mind, draws, apart = c.traits.customer, c.latent, firm.draws, c.latent.apart
        taste_e = normal(draws.taste_experience(number, 0), 0.0, self.taste_sd)
        taste_o = normal(draws.taste_outcome(number, 0), 0.0, self.taste_sd)
        noise_e = normal(draws.symmetric_experience(number, wave), 0.0, self.noise_sd)
        noise_o = normal(draws.symmetric_outcome(number, wave), 0.0, self.outcome_noise_sd)
        mind.experience = moved(mind.experience, taste_e + noise_e + apart.lift_experience, self.step)
        result = moved(apart.result, taste_o + noise_o + apart.lift_outcome, self.step)
        mind.note(result=result, lift_experience=0.0, lift_outcome=0.0)

    def contact(self, c: Customer, firm: Firm, effort: float, warmth: float) -> None:
        """A contact lifts the next step of each state by the effort spent on it."""
        lifts = self.lift * effort * warmth, self.lift * effort * (1.0 - warmth)
        c.latent.note(lift_experience=lifts[0], lift_outcome=lifts[1])

    def deliver(self, c: Customer, firm: Firm, share: float) -> None:
        """Nothing is missing."""

    def decided(self, c: Customer, firm: Firm) -> None:
        """Nothing is expected."""

    def use(self, c: Customer) -> float:
        """Full use."""
        return 1.0

    def fit(self, c: Customer, firm: Firm) -> float:
        """Full fit."""
        return 1.0

    def outcome(self, c: Customer, firm: Firm) -> float:
        """The second state."""
        return c.latent.apart.result

    def perceived(self, c: Customer, firm: Firm) -> float:
        """The second state, fully noticed."""
        return c.latent.apart.result

    def z_experience(self, c: Customer, firm: Firm) -> float:
        """The first state is in standard units."""
        return c.latent.experience

    def z_outcome(self, c: Customer, firm: Firm) -> float:
        """The second state is in standard units."""
        return c.latent.apart.result

    def z_unlimited(self, c: Customer, firm: Firm) -> float:
        """Nothing is limited."""
        return c.latent.apart.result
