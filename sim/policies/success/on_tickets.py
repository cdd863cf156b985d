"""Contact who had many problems."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.success import NONE, Contact
from sim.policies.views import AccountView


@dataclass(frozen=True)
class OnTickets(Checked):
    """Acts on the number of tickets in the last quarter."""

    above: float = quantity("tickets", 0, 100, "act from this many tickets on")
    effort: float = quantity("1", 0, 5, "work of a contact relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on the relationship")

    @property
    def by_metric(self) -> bool:
        """A count of tickets triggers it."""
        return True

    def contact(self, account: AccountView) -> Contact:
        """A contact if there were many tickets."""
        return Contact(self.effort, self.warmth) if account.tickets_last_quarter >= self.above else NONE
