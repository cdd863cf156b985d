"""Contact who uses little."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.success import NONE, Contact
from sim.policies.views import AccountView


@dataclass(frozen=True)
class OnUsage(Checked):
    """Acts on the last usage reading."""

    below: float = quantity("share", 0, 1, "act on usage up to this")
    effort: float = quantity("1", 0, 5, "work of a contact relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on the relationship")

    @property
    def by_metric(self) -> bool:
        """A usage reading triggers it."""
        return True

    def contact(self, account: AccountView) -> Contact:
        """A contact if the last usage reading is low."""
        return Contact(self.effort, self.warmth) if account.usage <= self.below else NONE
