"""Decision point: which leads to pursue and what to tell them."""

from typing import NamedTuple, Protocol

from sim.policies.views import LeadView


class Approach(NamedTuple):
    """How a lead is treated."""

    pursue: bool
    promise: float
    """outcome promised above the expected one, as a share, in [0, 3]"""
    effort: float
    """work relative to nominal"""
    warmth: float
    """share of effort on the person rather than the matter"""
    discount_share: float
    """share taken off what the first term asks in advance, as far as the purse goes when it is quoted"""
    touches: float
    """number of touches relative to the market's"""


class Sales(Protocol):
    """Chooses an approach from what the seller sees."""

    def approach(self, lead: LeadView) -> Approach:
        """The treatment of this lead."""
        ...
