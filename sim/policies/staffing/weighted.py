"""Constant emphasis on each team."""

from dataclasses import dataclass

from sim.checks import Checked, count, quantity
from sim.policies.staffing import Weights
from sim.policies.views import PlanView


@dataclass(frozen=True)
class Weighted(Checked):
    """Each team gets its planned need times its weight, scaled to the common budget."""

    marketing: float = quantity("1", 0, 20, "emphasis on marketing")
    sales: float = quantity("1", 0, 20, "emphasis on selling")
    onboarding: float = quantity("1", 0, 20, "emphasis on onboarding")
    support: float = quantity("1", 0, 20, "emphasis on support")
    success: float = quantity("1", 0, 20, "emphasis on success management")
    product: float = quantity("1", 0, 20, "emphasis on product")
    listening: float = quantity("1", 0, 20, "emphasis on surveys, readings and discounts")
    reserve_share: float = quantity("share", 0, 1, "share of the budget not spent at all")
    hire_ahead_months: int = count(0, 36, "months before there is work for them that people are sought")
    training_share: float = quantity("share", 0, 0.5, "share of everybody's hours spent on training")
    goals: int = count(1, 7, "goals that the uses of money follow; 1: all the same")

    def allocate(self, view: PlanView) -> Weights:
        """The same weights every month."""
        return Weights(
            self.marketing,
            self.sales,
            self.onboarding,
            self.support,
            self.success,
            self.product,
            self.listening,
            self.reserve_share,
            float(self.hire_ahead_months),
            self.training_share,
            float(self.goals),
        )
