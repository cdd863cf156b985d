"""Decision point: how much product money goes into understanding instead of building."""

from typing import NamedTuple, Protocol

from sim.policies.views import PlanView


class Study(NamedTuple):
    """Shares of product spend; the rest builds."""

    inquiry: float
    """contextual inquiry: watching customers at work to learn what they want to achieve"""
    mapping: float
    """journey mapping: one picture of the journey, so that what some know reaches those who build"""


class Research(Protocol):
    """Splits product spend between understanding and building."""

    def study(self, view: PlanView) -> Study:
        """Shares for the coming month."""
        ...
