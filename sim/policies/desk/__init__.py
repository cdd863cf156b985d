"""Decision point: how the support desk's people are divided."""

from typing import NamedTuple, Protocol

from sim.policies.views import PlanView


class Division(NamedTuple):
    """Shares of the desk's people; where the world has no such way or no top agents, they work at the common desk."""

    phone: float
    """at a desk of its own"""
    chat: float
    mail: float
    top: float
    """share of the desk's money for top agents"""
    writing: float
    """share of hours spent on articles for self-service"""


class Dividing(Protocol):
    """Divides the desk for a month."""

    def divide(self, view: PlanView) -> Division:
        """What is not given away here works at the common desk."""
        ...
