"""The scenario: everything a simulation needs besides the seed. Data only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.checks import Checked, choice, part, quantity, text
from sim.units import days

if TYPE_CHECKING:
    from sim.context.market import Market
    from sim.context.world import World
    from sim.policies.bundle import Policy
    from sim.policies.transforming import Transforming
    from sim.pricing.tariff import Tariff
    from sim.surveys.programme import Programme


COHORT, THROUGHOUT = "cohort", "throughout"
ENTRIES: Final = (COHORT, THROUGHOUT)
"""Candidates come at first and are followed, or come until the horizon (questions of a steady state)."""


class Windows(NamedTuple):
    """Who is counted and for how long, in days (model: acquisition window, entry phase, follow-up)."""

    window_days: float
    entry_days: float
    follow_days: float
    horizon_days: float

    @property
    def counted_days(self) -> float:
        """End of the part of the entry phase that money per candidate is about: it ends with the follow-up at last."""
        return min(self.entry_days, self.window_days + self.follow_days)


def windows(horizon_months: float, entry: str = COHORT) -> Windows:
    """Windows that fit a horizon: 12 months of acquisition, 24 of entry, 48 of follow-up at most.

    With `entry` throughout the entry phase lasts until the horizon; window and follow-up stay what they are.
    """
    window = min(12.0, horizon_months / 5)
    entered = horizon_months if entry == THROUGHOUT else min(24.0, horizon_months / 2)
    follow = min(48.0, horizon_months - window)
    return Windows(days(window), days(entered), days(follow), days(horizon_months))


@dataclass(frozen=True)
class Scenario(Checked):
    """One arm in one context; equal scenarios and seeds give equal tables."""

    title: str = text("what the scenario is called in reports")
    currency: str = text("currency of every amount")
    horizon_months: float = quantity("months", 1, 240, "simulated time")
    entry: str = choice(ENTRIES, "when candidates come")
    discount_rate_per_year: float = quantity("1/year", 0, 1, "rate that discounts money to time 0")
    budget_scale: float = quantity("1", 0.05, 20, "money of every month relative to the reference plan")
    market: Market = part("what a firm can look up")
    world: World = part("what nobody can observe")
    policy: Policy | Transforming = part("how the organisation is run")
    pricing: Tariff = part("what customers owe, matched to the market's reference")
    survey: Programme = part("instruments and the survey programme")
    metrics: tuple[Callable[..., Any], ...] = part("metric families computed from the tables")

    @property
    def windows(self) -> Windows:
        """Acquisition window, entry phase, follow-up and horizon."""
        return windows(self.horizon_months, self.entry)
