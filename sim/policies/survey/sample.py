"""Invite a constant share."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.views import SurveyView


@dataclass(frozen=True)
class Sample(Checked):
    """Every customer has the same chance."""

    share: float = quantity("probability", 0, 1, "share of customers invited at each survey moment")

    def invite(self, view: SurveyView) -> float:
        """The fixed share."""
        return self.share
