"""Follow every hint of the telemetry one trusts."""

from dataclasses import dataclass

from sim.checks import Checked, flag, quantity
from sim.policies.monitoring import IGNORED, Fix
from sim.policies.views import AlarmView


@dataclass(frozen=True)
class Watchful(Checked):
    """The same fix for every hint; trusting nothing is monitoring by nobody."""

    usage: bool = flag("hints of usage telemetry are followed")
    outcome: bool = flag("hints of outcome telemetry are followed")
    effort: float = quantity("1", 0, 5, "work on a hint relative to a nominal contact")
    priority: float = quantity("1", -1e6, 1e6, "place in the support queue, lower is served first")

    def answer(self, alarm: AlarmView) -> Fix:
        """The fixed effort, if the hint comes from telemetry that is trusted."""
        trusted = self.outcome if alarm.by_outcome else self.usage
        return Fix(self.effort, self.priority) if trusted else IGNORED
