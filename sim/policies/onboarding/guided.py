"""The same guided implementation for everybody."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.onboarding import Plan
from sim.policies.views import ProjectView


@dataclass(frozen=True)
class Guided(Checked):
    """Fixed effort, split between people and depth of use."""

    effort: float = quantity("1", 0.1, 5, "work relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on the people")

    def plan(self, project: ProjectView) -> Plan:
        """The fixed plan."""
        return Plan(self.effort, self.warmth)
