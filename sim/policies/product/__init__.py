"""Decision point: what product money improves."""

from typing import NamedTuple, Protocol

from sim.policies.views import PlanView


class Investment(NamedTuple):
    """Shares of product spend; what is left over is upkeep without effect."""

    reliability: float
    fit: float
    prevention: float


class Product(Protocol):
    """Splits product spend."""

    def invest(self, view: PlanView) -> Investment:
        """Shares for the coming month."""
        ...
