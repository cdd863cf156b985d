"""First come, first served."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.support import Handling
from sim.policies.views import TicketView


@dataclass(frozen=True)
class InOrder(Checked):
    """Everybody waits in one line."""

    effort: float = quantity("1", 0.1, 5, "work relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on courtesy")

    def handle(self, ticket: TicketView) -> Handling:
        """Same priority for all."""
        return Handling(0.0, self.effort, self.warmth)
