"""Improve: what product spend has made of the product, and the releases that bring it to customers."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from sim.agents.firm import Release
from sim.agents.knowing import Knowledge

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.context.world import World
    from sim.policies.views import PlanView


class Product:
    """Product spend so far, in months of planned spend, by purpose."""

    def __init__(self, world: World) -> None:
        self.knowledge = Knowledge(world.knowing)
        self._built = [(0.0, 0.0, 0.0)]

    def build(self, firm: Firm, view: PlanView, planned_months: float) -> None:
        """Add a month of work, worth what its builders know; the view has been checked."""
        shares, study = firm.policy.product.invest(view), firm.policy.research.study(view)
        self.knowledge.live_on(firm, int(view.month), study, planned_months)
        building = planned_months * (1.0 - study.inquiry - study.mapping)
        for_reliability, for_fit, for_prevention = self.knowledge.worth_of_work()
        reliability, fit, prevention = self._built[-1]
        self._built.append(
            (
                reliability + building * shares.reliability * for_reliability,
                fit + building * shares.fit * for_fit,
                prevention + building * shares.prevention * for_prevention,
            )
        )

    def ship(self, firm: Firm) -> None:
        """Bring a release to everybody and put on record what its builders knew."""
        firm.releases.append(self.release(firm))
        self.knowledge.tell(firm)

    def release(self, firm: Firm) -> Release:
        """State of the product after what had been spent some months ago (diminishing returns)."""
        e, gain = firm.world.efforts, firm.world.levers.product
        reliability, fit, prevention = self._built[max(0, len(self._built) - 1 - e.release_delay_months)]
        defects = exp(-gain * e.quality_per_month * reliability)
        return Release(
            days=firm.clock.now,
            quality=1.0 - (1.0 - e.quality_start) * defects,
            improvement=gain * e.fit_per_month * fit,
            defect_level=defects,
            prevention=e.prevention_max * (1.0 - exp(-gain * e.prevention_per_month * prevention)),
        )
