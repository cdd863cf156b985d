"""The whole organisation is judged by one metric."""

from dataclasses import dataclass

from sim.checks import choice
from sim.policies.steering import METRICS
from sim.policies.steering.stake import Stake


@dataclass(frozen=True)
class OneMetric(Stake):
    """One number for all."""

    metric: str = choice(METRICS, "what the dashboard shows")

    @property
    def metrics(self) -> tuple[str, str, str, str]:
        """The same for every use of money."""
        return (self.metric,) * 4
