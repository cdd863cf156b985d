"""Customers as others hear of them: who advocates and who detracts now."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.agents.customer import Customer


class Crowd:
    """Counts and the sets of current advocates and detractors, independent of the order of entry."""

    def __init__(self) -> None:
        self.customers = 0
        self.buyers = 0
        """who has ever bought"""
        self.reach = 0.0
        self._advocates: list[int] = []
        self._detractors: list[int] = []

    @property
    def advocates(self) -> int:
        """Number of current advocates."""
        return len(self._advocates)

    @property
    def detractors(self) -> int:
        """Number of current detractors."""
        return len(self._detractors)

    def met(self, uniform: float) -> tuple[int, int]:
        """(number, voice) of the customer a uniform draw points at; (-1, 0) for one who is silent."""
        place = int(uniform * max(1, self.customers))
        if place < len(self._detractors):
            return self._detractors[place], -1
        place -= len(self._detractors)
        return (self._advocates[place], 1) if place < len(self._advocates) else (-1, 0)

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
            self.reach -= customer.latent.apart.loudness * customer.traits.reach
        if voice > 0:
            insort(self._advocates, number)
            self.reach += customer.latent.apart.loudness * customer.traits.reach
        if before < 0:
            self._detractors.remove(number)
        if voice < 0:
            insort(self._detractors, number)
        if not self._advocates:
            self.reach = 0.0
