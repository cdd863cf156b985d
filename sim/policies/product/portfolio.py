"""A constant split of product spend."""

from dataclasses import dataclass

from sim.checks import Checked, InputError, quantity
from sim.policies.product import Investment
from sim.policies.views import PlanView


@dataclass(frozen=True)
class Portfolio(Checked):
    """Fixed shares of reliability, fit and prevention (service design)."""

    reliability: float = quantity("share", 0, 1, "share on removing defects")
    fit: float = quantity("share", 0, 1, "share on what customers want to achieve")
    prevention: float = quantity("share", 0, 1, "share on preventing problems before they arise")

    def __post_init__(self) -> None:
        super().__post_init__()
        total = self.reliability + self.fit + self.prevention
        if total > 1.0 + 1e-9:
            raise InputError(f"reliability + fit + prevention must be at most 1, got {total:g}")

    def invest(self, view: PlanView) -> Investment:
        """The same shares every month."""
        return Investment(self.reliability, self.fit, self.prevention)
