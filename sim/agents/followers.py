"""Rivals who copy: what the firm does better than the market becomes what everybody expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.surroundings import copied
from sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.context.rivals import Rivals


class Followers:
    """How far the market has been raised above its own course, in service and in outcomes.

    The firm's lead is the mean over the customers met at the last calendar wave.
    """

    def __init__(self, rivals: Rivals) -> None:
        self._rivals = rivals
        self.service = self.outcome = 0.0
        self._leads = (0.0, 0.0)
        self._sums = (0.0, 0.0)
        self._seen = 0

    def observe(self, service_lead: float, outcome_lead: float) -> None:
        """What one customer gets beyond what the market would give it by itself."""
        self._sums = (self._sums[0] + service_lead, self._sums[1] + outcome_lead)
        self._seen += 1

    def follow(self) -> None:
        """A month of copying."""
        if self._seen:
            self._leads = (self._sums[0] / self._seen, self._sums[1] / self._seen)
            self._sums, self._seen = (0.0, 0.0), 0
        month, rivals = 1.0 / MONTHS_PER_YEAR, self._rivals
        self.service = copied(self.service, self._leads[0], rivals.copies_experience_per_year, month)
        self.outcome = copied(self.outcome, self._leads[1], rivals.copies_outcome_per_year, month)

    def tell_service(self, c: Customer) -> None:
        """The customer learns what service others get by now."""
        mind = c.latent
        mind.expected_service += self.service - mind.apart.told_service
        mind.note(told_service=self.service)

    def tell_outcome(self, c: Customer) -> None:
        """The customer learns what others achieve by now."""
        mind = c.latent
        mind.expected_outcome += self.outcome - mind.apart.told_outcome
        mind.note(told_outcome=self.outcome)
