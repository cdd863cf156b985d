"""Customers as others hear of them: who advocates and who detracts now."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.agents.customer import Customer


class Crowd:
    """Counts and the set of current advocates, independent of the order of entry."""

    def __init__(self) -> None:
        self.customers = 0
        self.detractors = 0
        self.reach = 0.0
        self._advocates: list[int] = []

    @property
    def advocates(self) -> int:
        """Number of current advocates."""
        return len(self._advocates)

    def advocate(self, uniform: float) -> int:
        """The advocate a uniform draw points at; candidates are in order of their number."""
        return self._advocates[int(uniform * len(self._advocates))]

    def speak(self, customer: Customer, voice: int) -> None:
        """Change a customer's voice: +1 advocates, -1 detracts, 0 is silent."""
        before, customer.latent.voice = customer.latent.voice, voice
        if before == voice:
            return
        number = customer.traits.customer
        if before > 0:
            self._advocates.remove(number)
            self.reach -= customer.traits.reach
        if voice > 0:
            insort(self._advocates, number)
            self.reach += customer.traits.reach
        self.detractors += (voice < 0) - (before < 0)
        if not self._advocates:
            self.reach = 0.0
