"""What strategies share that contact a customer when a signal calls for it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from sim.checks import Checked, quantity
from sim.policies.success import NONE, Contact
from sim.policies.views import AccountView


@dataclass(frozen=True)
class Triggered(Checked, ABC):
    """A contact of fixed effort and warmth whenever `calls` says so."""

    effort: float = quantity("1", 0, 5, "work of a contact relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on the relationship")

    by_metric: ClassVar[bool] = True

    @abstractmethod
    def calls(self, account: AccountView) -> bool:
        """Whether the signal calls for a contact."""

    def contact(self, account: AccountView) -> Contact:
        """The fixed contact if it is called for."""
        return Contact(self.effort, self.warmth) if self.calls(account) else NONE
