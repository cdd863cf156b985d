"""Decision point: gestures that no customer has asked for."""

from typing import NamedTuple, Protocol

from sim.policies.views import AccountView


class Gesture(NamedTuple):
    """What is done for one customer until the next wave."""

    thanks: bool
    surprise: float
    """effort of a delightful surprise; 0: none"""
    personal: float
    """depth of personal treatment; 0: none"""


class Gestures(Protocol):
    """Chooses whom to thank, to surprise and to treat in person; paid from the purse while it lasts."""

    @property
    def kind(self) -> bool:
        """Whether it ever does anything; if not, it is not asked."""
        ...

    def gesture(self, account: AccountView) -> Gesture:
        """What is done for this customer."""
        ...
