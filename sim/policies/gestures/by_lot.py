"""Thanks and personal treatment for all, a surprise for a few whom a lottery picks."""

from dataclasses import dataclass

from sim.checks import Checked, flag, quantity
from sim.policies.gestures import Gesture
from sim.policies.views import AccountView


@dataclass(frozen=True)
class ByLot(Checked):
    """Fixed gestures; who is surprised is a matter of luck, or it would be no surprise."""

    thanks: bool = flag("thank every customer at every wave")
    surprise_share: float = quantity("share", 0, 1, "customers surprised between two waves")
    surprise_effort: float = quantity("1", 0, 100, "effort of a surprise")
    depth: float = quantity("1", 0, 5, "depth of personal treatment; 0: everybody is treated alike")

    @property
    def kind(self) -> bool:
        """Any gesture at all."""
        return self.thanks or self.surprise_share * self.surprise_effort > 0.0 or self.depth > 0.0

    def gesture(self, account: AccountView) -> Gesture:
        """By the customer's lot."""
        surprise = self.surprise_effort if account.lot < self.surprise_share else 0.0
        return Gesture(self.thanks, surprise, self.depth)
