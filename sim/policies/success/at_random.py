"""Contact a random share of customers."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.success import NONE, Contact
from sim.policies.views import AccountView


@dataclass(frozen=True)
class AtRandom(Checked):
    """A lottery; share 1 contacts everybody, share 0 nobody."""

    share: float = quantity("share", 0, 1, "customers contacted in a wave")
    effort: float = quantity("1", 0, 5, "work of a contact relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on the relationship")

    @property
    def by_metric(self) -> bool:
        """A lottery triggers it."""
        return False

    def contact(self, account: AccountView) -> Contact:
        """A contact if the lot falls on the customer."""
        return Contact(self.effort, self.warmth) if account.lot < self.share else NONE
