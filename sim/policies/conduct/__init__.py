"""Decision point: how a contact is conducted, besides effort and warmth."""

from typing import NamedTuple, Protocol

from sim.policies.views import TicketView


class Conduct(NamedTuple):
    """What is special about one contact."""

    scripted: bool
    escalated: bool
    """handed to a top agent, where there are any"""
    refuses: bool
    """unless it solves the problem, the customer is told that nothing can be done"""
    promise_days: float
    """an answer is promised within this time; 0: nothing is promised"""


class Conducting(Protocol):
    """Chooses the conduct of a contact."""

    @property
    def departs(self) -> bool:
        """Whether any contact is ever anything but plain."""
        ...

    def conduct(self, ticket: TicketView) -> Conduct:
        """The conduct of the next contact of this ticket."""
        ...
