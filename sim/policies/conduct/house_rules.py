"""House rules: the same for every ticket of a type and a number of contacts."""

from dataclasses import dataclass

from sim.checks import Checked, count, quantity, series
from sim.policies.conduct import Conduct
from sim.policies.views import TicketView


@dataclass(frozen=True)
class HouseRules(Checked):
    """Scripts by type, escalation and refusal by number of contacts, a promised date."""

    scripted: tuple[float, ...] = series("1", 0, 1, "1 where contacts about a type follow a script (empty: nowhere)")
    escalate_after: int = count(0, 8, "contacts before a top agent takes over; 0: never")
    refuse_after: int = count(0, 8, "contacts after which nothing can be done any more; 0: never")
    promise_days: float = quantity("days", 0, 365, "time within which an answer is promised; 0: no promise")

    @property
    def departs(self) -> bool:
        """Whether any rule is set."""
        return any((any(self.scripted), self.escalate_after, self.refuse_after, self.promise_days))

    def conduct(self, ticket: TicketView) -> Conduct:
        """By type and by contacts so far."""
        return Conduct(
            scripted=ticket.kind < len(self.scripted) and self.scripted[ticket.kind] >= 0.5,
            escalated=0 < self.escalate_after <= ticket.attempt,
            refuses=0 < self.refuse_after <= ticket.attempt + 1,
            promise_days=self.promise_days,
        )
