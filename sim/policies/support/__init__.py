"""Decision point: whom to serve first and how to handle a contact."""

from typing import NamedTuple, Protocol

from sim.policies.views import TicketView


class Handling(NamedTuple):
    """How one contact is handled."""

    priority: float
    """lower is served first"""
    effort: float
    """work relative to nominal"""
    warmth: float
    """share of effort on courtesy rather than on the solution"""


class Support(Protocol):
    """Chooses priority and handling of a waiting ticket."""

    def handle(self, ticket: TicketView) -> Handling:
        """The handling of the next contact of this ticket."""
        ...
