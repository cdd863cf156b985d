"""Contact who uses little."""

from dataclasses import dataclass

from sim.checks import quantity
from sim.policies.success.triggered import Triggered
from sim.policies.views import AccountView


@dataclass(frozen=True)
class OnUsage(Triggered):
    """Acts on the last usage reading."""

    below: float = quantity("share", 0, 1, "act on usage up to this")

    def calls(self, account: AccountView) -> bool:
        """The last usage reading is low."""
        return account.usage <= self.below
