"""Contact a random share of customers."""

from dataclasses import dataclass
from typing import ClassVar

from sim.checks import quantity
from sim.policies.success.triggered import Triggered
from sim.policies.views import AccountView


@dataclass(frozen=True)
class AtRandom(Triggered):
    """A lottery; share 1 contacts everybody, share 0 nobody."""

    share: float = quantity("share", 0, 1, "customers contacted in a wave")

    by_metric: ClassVar[bool] = False

    def calls(self, account: AccountView) -> bool:
        """The lot falls on the customer."""
        return account.lot < self.share
