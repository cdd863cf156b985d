"""What strategies share that put money where the metric has most to gain for it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import exp, isnan

from sim.checks import Checked, count, quantity
from sim.policies.steering import Dashboard, Emphasis
from sim.policies.views import SteeringView
from sim.rules.common import clip


@dataclass(frozen=True)
class Stake(Checked, ABC):
    """Key driver analysis: what customers' burdens (a late start, waiting, being left alone, missing results) take
    from the metric, by the money spent against each. Money moves towards the dearest burden, and which that is is
    learned."""

    from_month: float = quantity("months", 0, 240, "steering begins; the metric is read before it too")
    lag_quarters: int = count(0, 8, "quarters until a reading is on the dashboard, besides its own")
    memory: float = quantity("share", 0, 1, "weight that a reading keeps from quarter to quarter")
    caution: float = quantity("readings", 0, 1e6, "readings that make an association count half")
    incentive: float = quantity("share", 0, 1, "pay that depends on the metric, as a share of a full incentive")
    step: float = quantity("1", 0, 2, "largest relative change of an emphasis in a quarter")
    bound: float = quantity("1", 1, 20, "largest emphasis; its inverse is the smallest")

    @property
    @abstractmethod
    def metrics(self) -> tuple[str, str, str, str]:
        """The metric by which each use of money is judged."""

    @property
    def dashboard(self) -> Dashboard:
        """One reading of each metric a quarter."""
        return Dashboard(self.metrics, self.from_month, self.lag_quarters, self.memory, self.caution, self.incentive)

    def steer(self, view: SteeringView) -> Emphasis:
        """Each use moves by how much more (or less) it has at stake per unit of money than the average unit has."""
        stakes, spends, now = view[1:5], view[5:9], view[9:13]
        seen = [not isnan(stake) for stake in stakes]
        known = list(zip(stakes, spends, seen, strict=True))
        money = sum(spend for _, spend, there in known if there)
        mean = sum(max(stake, 0.0) for stake, _, there in known if there) / money if money > 0.0 else 0.0
        if mean <= 0.0 or sum(seen) < 2:
            return Emphasis(*now)
        pulls = [clip(max(s, 0.0) / (x * mean) - 1.0, -1.0, 1.0) if there and x > 0.0 else 0.0 for s, x, there in known]
        moved = (old * exp(self.step * pull) for old, pull in zip(now, pulls, strict=True))
        return Emphasis(*(clip(x, 1.0 / self.bound, self.bound) for x in moved))
