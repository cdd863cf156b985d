"""Decision point: whom success managers contact at a wave."""

from typing import ClassVar, NamedTuple, Protocol

from sim.policies.views import AccountView


class Contact(NamedTuple):
    """A contact by success management; effort 0 means none."""

    effort: float
    warmth: float
    """share of effort on the relationship rather than on use"""


NONE = Contact(0.0, 0.0)


class Success(Protocol):
    """Chooses contacts from a health signal."""

    by_metric: ClassVar[bool]
    """whether the choice depends on a measured signal (the hold-out is then left alone)"""

    def contact(self, account: AccountView) -> Contact:
        """The contact this customer gets in this wave."""
        ...
