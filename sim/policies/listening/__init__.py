"""Decision point: what is measured besides sales, complaints and invoices."""

from typing import NamedTuple, Protocol

from sim.policies.views import SurveyView


class Sensing(NamedTuple):
    """Readings bought for one customer at one wave."""

    usage: bool
    outcome: bool


class Listening(Protocol):
    """The observability regime."""

    def sense(self, view: SurveyView) -> Sensing:
        """Readings wanted of this customer (bought while the budget lasts)."""
        ...
