"""Contact whom a contact is predicted to help, not whom a signal says is at risk."""

from dataclasses import dataclass
from math import isnan

from sim.checks import quantity
from sim.policies.success.triggered import Triggered
from sim.policies.views import AccountView


@dataclass(frozen=True)
class OnUplift(Triggered):
    """Acts on a linear forecast of what a contact changes (A Ascarza 2018: risk is not uplift)."""

    missing_use: float = quantity("1", -10, 10, "uplift at no use at all")
    missing_outcome: float = quantity("1", -10, 10, "uplift at none of the goal")
    disturbance: float = quantity("1", -10, 10, "uplift lost close to a renewal, when a call makes people think")
    near_days: float = quantity("days", 0, 1000, "what is close to a renewal")
    rest_days: float = quantity("days", 0, 1000, "nobody is called again within this time")
    above: float = quantity("1", -10, 10, "act from this uplift on")

    def calls(self, account: AccountView) -> bool:
        """The forecast is high enough; what was not measured foretells nothing."""
        if account.days_since_contact < self.rest_days:
            return False
        uplift = self.missing_use * _missing(account.usage) + self.missing_outcome * _missing(account.outcome)
        if account.days_to_renewal <= self.near_days:
            uplift -= self.disturbance
        return uplift >= self.above


def _missing(share: float) -> float:
    return 0.0 if isnan(share) else 1.0 - share
