"""Invite a share of those who have not been asked for a while."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.views import SurveyView


@dataclass(frozen=True)
class Rested(Checked):
    """Leaves people alone after an invitation, so that they do not tire of being asked."""

    share: float = quantity("probability", 0, 1, "share of rested customers invited at each survey moment")
    rest_days: float = quantity("days", 0, 3000, "time after an invitation in which nobody is asked again")

    def invite(self, view: SurveyView) -> float:
        """The fixed share, unless the last invitation is recent."""
        return 0.0 if view.days_since_invited < self.rest_days else self.share
