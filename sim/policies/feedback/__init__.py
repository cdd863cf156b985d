"""Decision point: whose words are taken up, how closely, and which way they go to the builders."""

from typing import NamedTuple, Protocol

from sim.policies.views import FeedbackView


class Uptake(NamedTuple):
    """What is done with one thing a customer said."""

    share: float
    """share of such things that are taken up; 0 = it ends with the one who heard it"""
    read: bool
    """read in full, rather than counted"""
    routed: bool
    """handed straight to whom the routing matrix names, rather than up and down the silos"""
    tool_share: float
    """share that goes through the ticketing tool; the rest is told in chats"""


class Feedback(Protocol):
    """Takes up what customers say."""

    @property
    def listens(self) -> bool:
        """Whether anything can ever be taken up; if not, it is not asked."""
        ...

    def take_up(self, word: FeedbackView) -> Uptake:
        """What to do with this one."""
        ...
