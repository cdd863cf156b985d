"""Decision point: what to do when telemetry hints at a problem nobody has reported."""

from typing import NamedTuple, Protocol

from sim.policies.views import AlarmView


class Fix(NamedTuple):
    """Work of the support team on a hint; effort 0 means that it is not followed."""

    effort: float
    """work relative to a nominal contact"""
    priority: float
    """place in the support queue, lower is served first; tickets have theirs from the support strategy"""


IGNORED = Fix(0.0, 0.0)


class Monitoring(Protocol):
    """Answers hints of telemetry that was bought."""

    def answer(self, alarm: AlarmView) -> Fix:
        """The fix to attempt before the customer has said anything."""
        ...
