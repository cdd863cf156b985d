"""Fastest close: fresh tickets first, little work each, what came back waits."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.support import Handling
from sim.policies.views import TicketView


@dataclass(frozen=True)
class FastestClose(Checked):
    """The objective is to end contacts quickly at least expense."""

    effort: float = quantity("1", 0.1, 5, "work relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on courtesy")

    def handle(self, ticket: TicketView) -> Handling:
        """First contacts before repeated ones."""
        return Handling(float(ticket.attempt), self.effort, self.warmth)
