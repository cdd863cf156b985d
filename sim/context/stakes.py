"""Stakes: how people work when pay hangs on an outcome."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, quantity


@dataclass(frozen=True)
class Stakes(Checked):
    """The provider's people work for what their tariff pays for, and a customer for what is left to it. Two nulls:
    `provider` and `customer`; the other numbers act through the first."""

    provider: float = quantity("share", 0, 1, "how far the provider's people follow what is at stake")
    customer: float = quantity("share", 0, 1, "own effort a customer would save if all it gains went to the provider")
    paid_anyway: float = quantity("share", 0.05, 1, "effort for the outcome where nothing hangs on it")
    cost_curvature: float = quantity("list price/effort^2", 0.01, 1e4, "c: how steeply effort gets costly to people")
    risk_aversion: float = quantity("1/list price", 0, 1e4, "r: what people mind about pay that hangs on luck")
    impatience_per_year: float = quantity("1/year", 0, 10, "rate at which pay that comes later counts for less")
    displacement: float = quantity("share", 0, 1, "added effort that is taken from courtesy rather than from hours")
    most: float = quantity("effort", 1, 10, "largest effort for the outcome, relative to what the policy asks for")

    @property
    def act(self) -> bool:
        """Whether anybody works differently for what is at stake."""
        return self.provider + self.customer > 0.0
