"""Decision point: whom the fielded survey programme invites."""

from typing import Protocol

from sim.policies.views import SurveyView


class Survey(Protocol):
    """Chooses the invited share."""

    def invite(self, view: SurveyView) -> float:
        """Probability that this customer is invited at this moment."""
        ...
