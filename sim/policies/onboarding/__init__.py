"""Decision point: how a signed customer is brought to use."""

from typing import NamedTuple, Protocol

from sim.policies.views import ProjectView


class Plan(NamedTuple):
    """How an implementation is run."""

    effort: float
    """work relative to nominal"""
    warmth: float
    """share of effort on the people rather than on depth of use"""


class Onboarding(Protocol):
    """Chooses depth and care of an implementation."""

    def plan(self, project: ProjectView) -> Plan:
        """The plan of this project."""
        ...
