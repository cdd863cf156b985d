"""Observability regimes: traditional, connected, outcome-monitored."""

from dataclasses import dataclass

from sim.checks import Checked, flag
from sim.policies.listening import Sensing
from sim.policies.views import SurveyView


@dataclass(frozen=True)
class Regime(Checked):
    """The same readings for every customer."""

    usage: bool = flag("use of the product is measured")
    outcome: bool = flag("the outcome is measured (noise, lag, coverage: see the survey group)")

    def sense(self, view: SurveyView) -> Sensing:
        """What the regime measures."""
        return Sensing(self.usage, self.outcome)
