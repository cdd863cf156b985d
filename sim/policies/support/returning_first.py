"""Unsolved problems first: the objective is the outcome, not the count of closed contacts."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.support import Handling
from sim.policies.views import TicketView


@dataclass(frozen=True)
class ReturningFirst(Checked):
    """Tickets that came back jump the line and get more effort."""

    effort: float = quantity("1", 0.1, 5, "work relative to nominal at the first contact")
    effort_returning: float = quantity("1", 0.1, 5, "work relative to nominal from the second contact on")
    warmth: float = quantity("share", 0, 1, "share of effort on courtesy")

    def handle(self, ticket: TicketView) -> Handling:
        """Priority by number of contacts so far."""
        effort = self.effort_returning if ticket.attempt > 0 else self.effort
        return Handling(-float(ticket.attempt), effort, self.warmth)
