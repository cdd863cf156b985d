"""Contact who answered the relationship survey badly."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.success import NONE, Contact
from sim.policies.views import AccountView


@dataclass(frozen=True)
class OnScore(Checked):
    """Acts on the last fielded score; silence is not acted on."""

    below: float = quantity("scale", 0, 10, "act on scores up to this")
    effort: float = quantity("1", 0, 5, "work of a contact relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on the relationship")

    @property
    def by_metric(self) -> bool:
        """A score triggers it."""
        return True

    def contact(self, account: AccountView) -> Contact:
        """A contact if the last score is low."""
        return Contact(self.effort, self.warmth) if account.last_score <= self.below else NONE
