"""How experience and outcome come about: the one place where worlds differ in mechanism."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm


class Process(Protocol):
    """Moves a customer's latent state and reads it."""

    def begin(self, c: Customer, now: float) -> None:
        """A candidate has become a lead."""
        ...

    def touch(
        self, c: Customer, now: float, courtesy: float, wait_days: float, noise: float, strength: float = 1.0
    ) -> float:
        """A person or process of the organisation was met; returns the quality felt."""
        ...

    def live(self, c: Customer, firm: Firm, depth_effort: float) -> None:
        """The product goes live."""
        ...

    def end(self, c: Customer) -> None:
        """The contract has ended."""
        ...

    def advance(self, c: Customer, firm: Firm) -> None:
        """Bring the state to now."""
        ...

    def refresh(self, c: Customer, firm: Firm) -> None:
        """Take note of what has just changed."""
        ...

    def wave(self, c: Customer, firm: Firm, wave: int) -> None:
        """A calendar wave passes."""
        ...

    def contact(self, c: Customer, firm: Firm, effort: float, warmth: float) -> None:
        """Success management was there."""
        ...

    def deliver(self, c: Customer, firm: Firm, share: float) -> None:
        """From now on the product as this customer has it delivers a share of what it did not."""
        ...

    def decided(self, c: Customer, firm: Firm) -> None:
        """The customer has renewed."""
        ...

    def use(self, c: Customer) -> float:
        """Adoption, share of full use."""
        ...

    def fit(self, c: Customer, firm: Firm) -> float:
        """Effective fit."""
        ...

    def outcome(self, c: Customer, firm: Firm) -> float:
        """O(t)."""
        ...

    def perceived(self, c: Customer, firm: Firm) -> float:
        """O_p(t)."""
        ...

    def z_experience(self, c: Customer, firm: Firm) -> float:
        """Standardised experience."""
        ...

    def z_outcome(self, c: Customer, firm: Firm) -> float:
        """Standardised perceived outcome."""
        ...

    def z_unlimited(self, c: Customer, firm: Firm) -> float:
        """The same had a plan's limits not held use back."""
        ...
