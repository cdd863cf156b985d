"""Improve: what product spend has made of the product, and the releases that bring it to customers."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from sim.agents.firm import Release

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.policies.views import PlanView


class Product:
    """Product spend so far, in months of planned spend, by purpose."""

    def __init__(self) -> None:
        self.reliability = self.fit = self.prevention = 0.0

    def build(self, firm: Firm, view: PlanView, planned_months: float) -> None:
        """Add a month of work; the view has been checked."""
        shares = firm.policy.product.invest(view)
        self.reliability += planned_months * shares.reliability
        self.fit += planned_months * shares.fit
        self.prevention += planned_months * shares.prevention

    def release(self, firm: Firm) -> Release:
        """State of the product after what has been spent (diminishing returns)."""
        e, gain = firm.world.efforts, firm.world.levers.product
        defects = exp(-gain * e.quality_per_month * self.reliability)
        return Release(
            days=firm.clock.now,
            quality=1.0 - (1.0 - e.quality_start) * defects,
            improvement=gain * e.fit_per_month * self.fit,
            defect_level=defects,
            prevention=e.prevention_max * (1.0 - exp(-gain * e.prevention_per_month * self.prevention)),
        )
