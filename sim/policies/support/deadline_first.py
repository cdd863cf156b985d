"""Service level agreement: whose target time runs out first is served first."""

from dataclasses import dataclass

from sim.checks import Checked, InputError, quantity, series
from sim.policies.support import Handling
from sim.policies.views import TicketView


@dataclass(frozen=True)
class DeadlineFirst(Checked):
    """Earliest due date first; the target runs from the first contact, not from the last."""

    effort: float = quantity("1", 0.1, 5, "work relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on courtesy")
    target_days: tuple[float, ...] = series("days", 0, 365, "time to a solution by type of ticket")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.target_days:
            raise InputError("policy.support.target_days must have one number for each type of ticket, got none")

    def handle(self, ticket: TicketView) -> Handling:
        """Priority is the day the target runs out; types beyond the list share its last number."""
        target = self.target_days[min(ticket.kind, len(self.target_days) - 1)]
        return Handling(ticket.raised_days + target, self.effort, self.warmth)
