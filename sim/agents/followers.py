"""Rivals who copy: what the firm does better than the market becomes what everybody expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.surroundings import copied, watched
from sim.units import DAYS_PER_MONTH, MONTHS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.context.rivals import Rivals


class Followers:
    """How far the market has been raised above its own course, in service and in outcomes.

    They see the mean over the customers met at the last calendar wave, and copy the lead that they have made out by
    watching: waves differ by luck, most with few customers, and what has been copied is never forgotten.
    """

    def __init__(self, rivals: Rivals) -> None:
        self._rivals = rivals
        self.service = self.outcome = 0.0
        self._leads: tuple[float, ...] = (0.0, 0.0)
        self._seen: tuple[float, ...] = (0.0, 0.0)
        self._sums = (0.0, 0.0)
        self._met = 0

    def observe(self, service_lead: float, outcome_lead: float) -> None:
        """What one customer gets beyond what the market would give it by itself."""
        self._sums = (self._sums[0] + service_lead, self._sums[1] + outcome_lead)
        self._met += 1

    def follow(self) -> None:
        """A month of watching and copying."""
        if self._met:
            self._seen = tuple(total / self._met for total in self._sums)
            self._sums, self._met = (0.0, 0.0), 0
        month, rivals = 1.0 / MONTHS_PER_YEAR, self._rivals
        both = zip(self._leads, self._seen, strict=True)
        self._leads = tuple(watched(lead, seen, rivals.watch_days, DAYS_PER_MONTH) for lead, seen in both)
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
