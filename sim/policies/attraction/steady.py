"""The same presence every month."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.attraction import Presence
from sim.policies.views import PlanView


@dataclass(frozen=True)
class Steady(Checked):
    """Fixed shares and efforts."""

    material: float = quantity("share", 0, 1, "marketing money that goes into information rather than into reach")
    gated: float = quantity("share", 0, 1, "content for which an address has to be left")
    cold: float = quantity("share", 0, 1, "of those who do not ask for more, share called out of the blue")
    answers: float = quantity("share", 0, 1, "effort on each bad story or review, relative to a full answer")
    spreads: float = quantity("share", 0, 1, "effort on each good story or review, relative to a full answer")
    queue_place: float = quantity("1", -1e6, 1e6, "place of answers in the support queue; lower is served first")
    web: float = quantity("share", 0, 1, "buyers who prefer it to whom the web is open")
    app: float = quantity("share", 0, 1, "buyers who prefer it to whom the app is open")

    def present(self, view: PlanView) -> Presence:
        """As configured."""
        return Presence(
            self.material, self.gated, self.cold, self.answers, self.spreads, self.queue_place, self.web, self.app
        )
