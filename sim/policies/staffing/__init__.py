"""Decision point: where the budget of a month goes."""

from typing import NamedTuple, Protocol

from sim.policies.views import PlanView


class Weights(NamedTuple):
    """Emphasis on each use of money relative to the reference plan (1 = as planned)."""

    marketing: float
    sales: float
    onboarding: float
    support: float
    success: float
    product: float
    listening: float
    reserve_share: float
    """share of the budget set aside before anything is spent"""
    hire_ahead_months: float
    """how long before there is work for them people are sought, in whole months as the plan is"""
    training_share: float
    """share of everybody's hours spent on training"""
    goals: float
    """goals that the uses of money follow: 1 = all the same"""


class Staffing(Protocol):
    """Splits a month's budget; the total is the same for everybody."""

    def allocate(self, view: PlanView) -> Weights:
        """Emphasis for the coming month."""
        ...
