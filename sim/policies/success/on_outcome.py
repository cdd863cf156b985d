"""Contact who gets little of the goal."""

from dataclasses import dataclass

from sim.checks import quantity
from sim.policies.success.triggered import Triggered
from sim.policies.views import AccountView


@dataclass(frozen=True)
class OnOutcome(Triggered):
    """Acts on the last outcome reading."""

    below: float = quantity("share", 0, 1, "act on outcome readings up to this")

    def calls(self, account: AccountView) -> bool:
        """The last outcome reading is low."""
        return account.outcome <= self.below
