"""Decision point: what the product itself says to customers while they use it."""

from typing import NamedTuple, Protocol

from sim.policies.views import AccountView


class Engaged(NamedTuple):
    """Engagement of one customer until the next wave; effort 0 means none."""

    effort: float
    """content relative to nominal"""
    warmth: float
    """share of effort on pleasing rather than on showing what was achieved"""


class Engagement(Protocol):
    """Speaks to users through the product."""

    @property
    def engages(self) -> bool:
        """Whether it ever does; if not, it is not asked."""
        ...

    def engage(self, account: AccountView) -> Engaged:
        """The engagement of this customer."""
        ...
