"""The same messages for every user."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.engagement import Engaged
from sim.policies.views import AccountView


@dataclass(frozen=True)
class InProduct(Checked):
    """Fixed effort and warmth; effort 0 is a silent product."""

    effort: float = quantity("1", 0, 5, "content relative to nominal")
    warmth: float = quantity("share", 0, 1, "share of effort on pleasing rather than on showing what was achieved")

    @property
    def engages(self) -> bool:
        """There is any effort."""
        return self.effort > 0.0

    def engage(self, account: AccountView) -> Engaged:
        """The fixed engagement."""
        return Engaged(self.effort, self.warmth)
