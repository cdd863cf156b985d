"""Contact who is about to decide."""

from dataclasses import dataclass
from typing import ClassVar

from sim.checks import quantity
from sim.policies.success.triggered import Triggered
from sim.policies.views import AccountView


@dataclass(frozen=True)
class BeforeRenewal(Triggered):
    """Acts when the renewal is near; the date is not a metric."""

    within_days: float = quantity("days", 0, 1000, "act this long before the renewal")

    by_metric: ClassVar[bool] = False

    def calls(self, account: AccountView) -> bool:
        """The renewal is near."""
        return account.days_to_renewal <= self.within_days
