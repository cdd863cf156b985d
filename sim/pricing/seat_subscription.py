"""Seats times price, in advance."""

from dataclasses import dataclass
from typing import ClassVar

from sim.checks import Checked, choice, count, part, quantity, text
from sim.pricing.conditions import Conditions
from sim.pricing.tariff import MATCHES, NO_METER, Charges, Incentives, Meter, Period


@dataclass(frozen=True)
class SeatSubscription(Checked):
    """The reference tariff: the list price."""

    name: str = text("name of the tariff")
    match: str = choice(MATCHES, "what is equalised before a comparison")
    level: float = quantity("1", 0, 1e6, "multiplier of the list price, set by matching")
    billing_months: int = count(0, 60, "billing period; 0: the market's")
    conditions: Conditions = part("what holds around the formula")

    once_spread_years: ClassVar[float] = 1.0
    """nothing is due once"""

    incentives: ClassVar[Incentives] = Incentives(by_seats=True)

    @property
    def meter(self) -> Meter:
        """Nothing is measured."""
        return NO_METER

    def invoice(self, period: Period) -> Charges:
        """level x list price x months, in advance."""
        return Charges(self.level * period.list_price_per_month * period.months, 0.0, 0.0)
