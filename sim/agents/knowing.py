"""What the builders know: learned from customers' words and from research, out of date after a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.context.knowing import PURPOSES
from sim.events import ORGANISATION
from sim.rules import knowing as rules
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.context.knowing import Knowing
    from sim.policies.research import Study

FIT = PURPOSES.index("fit")


class Knowledge:
    """Level by purpose of product work, and how much of it reaches the builders."""

    def __init__(self, world: Knowing) -> None:
        self._world = world
        self.levels = [world.start] * len(PURPOSES)
        self.delivery = world.delivery

    def live_on(self, firm: Firm, month: int, study: Study, planned_months: float) -> None:
        """A month passes: what is known ages, words that arrived last month and this month's research add to it."""
        world, customers = self._world, max(1, firm.crowd.customers)
        heard = firm.hearing.arrived(month - 1) if firm.hearing else [0.0] * len(PURPOSES)
        insight = [world.insight * worth / customers for worth in heard]
        insight[FIT] += world.inquiry_per_month * study.inquiry * planned_months
        self.levels = [
            rules.learned(rules.kept(level, DAYS_PER_MONTH, world.half_life_days), more)
            for level, more in zip(self.levels, insight, strict=True)
        ]
        self.delivery = rules.learned(self.delivery, world.mapping_per_month * study.mapping * planned_months)

    def worth_of_work(self) -> list[float]:
        """What a month of work on each purpose achieves relative to plan."""
        w = self._world
        return [rules.worth_of_work(level, self.delivery, w.nominal, w.weight) for level in self.levels]

    def tell(self, firm: Firm) -> None:
        """A fact for each purpose, where knowledge counts at all."""
        if self._world.weight > 0.0:
            for number, (purpose, level) in enumerate(zip(PURPOSES, self.levels, strict=True)):
                reaches = level * self.delivery
                firm.record.event(firm.clock.now, "known", ORGANISATION, 0, number, reaches, purpose)
