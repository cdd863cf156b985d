"""What every pricing model has besides its formula."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from sim.checks import Checked, choice, count, part, quantity, text
from sim.pricing.conditions import Conditions
from sim.pricing.tariff import MATCHES, NO_METER, Charges, Free, Incentives, Meter, Period, Tariff


@dataclass(frozen=True)
class Formula(Checked, ABC):
    """Name, matching, billing period and conditions; a pricing model adds its own numbers and `invoice`."""

    name: str = text("name of the tariff")
    match: str = choice(MATCHES, "what is equalised before a comparison")
    level: float = quantity("1", 0, 1e6, "multiplier of what matching moves, set by matching")
    billing_months: int = count(0, 60, "billing period; 0: the market's")
    conditions: Conditions = part("what holds around the formula")

    options: ClassVar[dict[str, Tariff]] = {}
    """tariffs to choose from; none but on a menu"""
    self_selected: ClassVar[bool] = False
    """nothing to choose"""

    @property
    def free(self) -> Free | None:
        """Nothing is for nothing."""
        return None

    @property
    def incentives(self) -> Incentives:
        """No reason to do anything."""
        return Incentives()

    @property
    def meter(self) -> Meter:
        """Nothing is measured, or exactly."""
        return NO_METER

    @abstractmethod
    def invoice(self, period: Period) -> Charges:
        """What the customer owes for the period."""
