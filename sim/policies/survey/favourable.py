"""Invite whom one expects to praise, when nothing is open: the programme that flatters itself."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.views import SurveyView


@dataclass(frozen=True)
class Favourable(Checked):
    """Skips who scored low the last time (selection) and who waits for a solution (timing)."""

    share: float = quantity("probability", 0, 1, "share invited of those expected to praise")
    skip_below: float = quantity("scale", 0, 10, "whose last score was below this is not asked")
    open_tickets_at_most: float = quantity("tickets", 0, 100, "who has more open tickets is not asked now")

    def invite(self, view: SurveyView) -> float:
        """The fixed share of the pleased; who has never answered counts as pleased."""
        displeased = view.last_score < self.skip_below or view.open_tickets > self.open_tickets_at_most
        return 0.0 if displeased else self.share
