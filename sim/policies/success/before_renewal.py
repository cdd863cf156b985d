"""Contact who is about to decide."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.success import NONE, Contact
from sim.policies.views import AccountView


@dataclass(frozen=True)
class BeforeRenewal(Checked):
    """Acts when the renewal is near; the date is not a metric."""

    within_days: float = quantity("days", 0, 1000, "act this long before the renewal")
    effort: float = quantity("1", 0, 5, "work of a contact relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on the relationship")

    @property
    def by_metric(self) -> bool:
        """The calendar triggers it."""
        return False

    def contact(self, account: AccountView) -> Contact:
        """A contact if the renewal is near."""
        return Contact(self.effort, self.warmth) if account.days_to_renewal <= self.within_days else NONE
