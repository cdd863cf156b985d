"""Every team is judged by a measure of its own."""

from dataclasses import dataclass

from sim.checks import choice
from sim.policies.steering import METRICS
from sim.policies.steering.stake import Stake


@dataclass(frozen=True)
class PerSilo(Stake):
    """Siloed measures: each use of money argues with its own number."""

    onboarding: str = choice(METRICS, "measure of onboarding")
    support: str = choice(METRICS, "measure of support")
    success: str = choice(METRICS, "measure of success management")
    product: str = choice(METRICS, "measure of product")

    @property
    def metrics(self) -> tuple[str, str, str, str]:
        """One for each use of money."""
        return (self.onboarding, self.support, self.success, self.product)
