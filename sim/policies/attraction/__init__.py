"""Decision point: how an organisation shows itself to people who are not yet customers."""

from typing import NamedTuple, Protocol

from sim.policies.views import PlanView


class Presence(NamedTuple):
    """What is done in a month."""

    material: float
    """share of marketing money that goes into information rather than into reach"""
    gated: float
    """share of the content for which an address has to be left"""
    cold: float
    """share of those who do not ask for more that sellers call out of the blue"""
    answers: float
    """effort on each bad story or review, relative to a full answer"""
    spreads: float
    """the same on each good one"""
    queue_place: float
    """place of answers in the support queue: lower is served first"""
    web: float
    """share of buyers who prefer it to whom the web is open"""
    app: float
    """the same of the app"""

    @property
    def seeks(self) -> bool:
        """Whether anybody is met who has not asked."""
        return self.gated > 0.0 or self.cold > 0.0


RESERVED = Presence(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""Campaigns and sellers, nothing else."""


class Attraction(Protocol):
    """Chooses the presence of a month."""

    def present(self, view: PlanView) -> Presence:
        """What is done in the coming month."""
        ...
