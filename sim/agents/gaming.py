"""Gaming: what people paid by a metric do to the metric; nothing of it reaches the audit or the hold-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.rules.common import clip
from sim.units import days

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.context.incentives import Incentives
    from sim.policies.steering import Dashboard
    from sim.surveys.instrument import Impression, Instrument

QUESTIONS = ("nps", "csat", "ces")
READ = ("outcome", "ttv")
"""Metrics that rest on outcome readings."""


class Gaming(NamedTuple):
    """How far the fielded programme is bent, at the incentive in force."""

    from_days: float
    begged: frozenset[str]
    """questions that are begged for"""
    begging: float
    selection: float
    skip_below: float
    timing: float
    polishing: float

    def spared(self, c: Customer, now: float) -> float:
        """Share of the invitations meant for this customer that are sent."""
        if now < self.from_days or c.traits.hold_out or not self.begged:
            return 1.0
        low = self.selection if c.account.last_score < self.skip_below else 0.0
        return (1.0 - low) * (1.0 - (self.timing if c.account.open_tickets else 0.0))

    def lifted(self, c: Customer, now: float, instrument: Instrument, felt: Impression, noise: float) -> float:
        """Points by which the answer to the fielded programme is better than it would be."""
        if now < self.from_days or c.traits.hold_out:
            return 0.0
        plain = instrument.answer(felt, noise)
        if instrument.name in self.begged:
            return instrument.answer(felt._replace(halo=felt.halo + self.begging), noise) - plain
        if instrument.name not in QUESTIONS and self.polishing > 0.0:
            return clip(plain + self.polishing, 0.0, 1.0) - plain
        return 0.0


def gaming(dashboard: Dashboard | None, world: Incentives) -> Gaming | None:
    """What this incentive makes people do, None where they do nothing."""
    if dashboard is None or dashboard.incentive <= 0.0:
        return None
    force, asked = dashboard.incentive, frozenset(m for m in dashboard.metrics if m in QUESTIONS)
    return Gaming(
        days(dashboard.from_month),
        asked,
        force * world.begging,
        force * world.selection,
        world.skip_below,
        force * world.timing,
        force * world.polishing if any(m in READ for m in dashboard.metrics) else 0.0,
    )
