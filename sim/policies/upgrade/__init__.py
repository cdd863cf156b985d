"""Decision point: whom to offer an upgrade in the middle of a term."""

from typing import NamedTuple, Protocol

from sim.policies.views import AccountView


class Offer(NamedTuple):
    """A talk about an upgrade; effort 0 means none."""

    effort: float
    """work of success management relative to a nominal contact"""


NO_OFFER = Offer(0.0)


class Upgrade(Protocol):
    """Chooses offers from what the success team's screen shows."""

    @property
    def offers(self) -> bool:
        """Whether it ever does; if not, it is not asked."""
        ...

    def offer(self, account: AccountView) -> Offer:
        """The offer this customer gets at this wave, once a term at most."""
        ...
