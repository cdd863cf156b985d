"""Contact who answered the relationship survey badly."""

from dataclasses import dataclass

from sim.checks import quantity
from sim.policies.success.triggered import Triggered
from sim.policies.views import AccountView


@dataclass(frozen=True)
class OnScore(Triggered):
    """Acts on the last fielded score; silence is not acted on."""

    below: float = quantity("scale", 0, 10, "act on scores up to this")

    def calls(self, account: AccountView) -> bool:
        """The last score is low."""
        return account.last_score <= self.below
