"""Nobody steers: money stays where the staffing strategy puts it."""

from dataclasses import dataclass
from typing import ClassVar

from sim.checks import Checked
from sim.policies.steering import Dashboard, Emphasis
from sim.policies.views import SteeringView


@dataclass(frozen=True)
class Nobody(Checked):
    """No dashboard."""

    dashboard: ClassVar[Dashboard | None] = None

    def steer(self, view: SteeringView) -> Emphasis:
        """As planned."""
        return Emphasis(1.0, 1.0, 1.0, 1.0)
