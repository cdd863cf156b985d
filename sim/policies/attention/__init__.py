"""Decision point: whom to tell before they find out, and how to part."""

from typing import NamedTuple, Protocol

from sim.policies.views import SurveyView


class Notice(NamedTuple):
    """What is done for one customer."""

    reminder: bool
    """before each appointment of the implementation"""
    alert: bool
    """as soon as an incident hits it"""
    farewell: float
    """effort of the last contact with somebody who leaves, relative to a nominal contact; 0: none"""


class Attention(Protocol):
    """Chooses reminders, alerts and farewells; notices are paid from the purse while it lasts."""

    def attend(self, view: SurveyView) -> Notice:
        """What is done for this customer."""
        ...
