"""Contact who uses few functions."""

from dataclasses import dataclass

from sim.checks import quantity
from sim.policies.success.triggered import Triggered
from sim.policies.views import AccountView


@dataclass(frozen=True)
class OnBreadth(Triggered):
    """Acts on the breadth of functionality that telemetry saw in use."""

    below: float = quantity("share", 0, 1, "act on breadth of use up to this")

    def calls(self, account: AccountView) -> bool:
        """Few functions are used."""
        return account.breadth <= self.below
