"""A constant share of product spend on understanding."""

from dataclasses import dataclass

from sim.checks import Checked, InputError, quantity
from sim.policies.research import Study
from sim.policies.views import PlanView


@dataclass(frozen=True)
class Fieldwork(Checked):
    """The same shares every month."""

    inquiry: float = quantity("share", 0, 1, "product spend on contextual inquiry")
    mapping: float = quantity("share", 0, 1, "product spend on journey mapping")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.inquiry + self.mapping > 1.0:
            raise InputError(f"inquiry + mapping must be at most 1, got {self.inquiry + self.mapping:g}")

    def study(self, view: PlanView) -> Study:
        """The fixed shares."""
        return Study(self.inquiry, self.mapping)
