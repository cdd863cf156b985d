"""Contact who had many problems."""

from dataclasses import dataclass

from sim.checks import quantity
from sim.policies.success.triggered import Triggered
from sim.policies.views import AccountView


@dataclass(frozen=True)
class OnTickets(Triggered):
    """Acts on the number of tickets in the last quarter."""

    above: float = quantity("tickets", 0, 100, "act from this many tickets on")

    def calls(self, account: AccountView) -> bool:
        """There were many tickets."""
        return account.tickets_last_quarter >= self.above
