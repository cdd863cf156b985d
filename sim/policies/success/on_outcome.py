"""Contact who gets little of the goal."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.success import NONE, Contact
from sim.policies.views import AccountView


@dataclass(frozen=True)
class OnOutcome(Checked):
    """Acts on the last outcome reading."""

    below: float = quantity("share", 0, 1, "act on outcome readings up to this")
    effort: float = quantity("1", 0, 5, "work of a contact relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on the relationship")

    @property
    def by_metric(self) -> bool:
        """An outcome reading triggers it."""
        return True

    def contact(self, account: AccountView) -> Contact:
        """A contact if the last outcome reading is low."""
        return Contact(self.effort, self.warmth) if account.outcome <= self.below else NONE
