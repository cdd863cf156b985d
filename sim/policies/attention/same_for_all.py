"""The same attention for everybody."""

from dataclasses import dataclass

from sim.checks import Checked, flag, quantity
from sim.policies.attention import Notice
from sim.policies.views import SurveyView


@dataclass(frozen=True)
class SameForAll(Checked):
    """Reminders, alerts and farewells for all or for nobody."""

    reminder: bool = flag("remind of every appointment of the implementation")
    alert: bool = flag("tell customers of an incident as soon as it hits them")
    farewell: float = quantity("1", 0, 5, "effort of the last contact with somebody who leaves; 0: none")

    def attend(self, view: SurveyView) -> Notice:
        """The fixed choice."""
        return Notice(self.reminder, self.alert, self.farewell)
