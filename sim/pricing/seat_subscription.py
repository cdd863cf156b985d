"""Seats times price, in advance."""

from dataclasses import dataclass

from sim.pricing.formula import Formula
from sim.pricing.tariff import Charges, Incentives, Period


@dataclass(frozen=True)
class SeatSubscription(Formula):
    """The reference tariff: the list price."""

    @property
    def incentives(self) -> Incentives:
        """Seats cost whether used or not."""
        return Incentives(by_seats=True)

    def invoice(self, period: Period) -> Charges:
        """level x list price x months, in advance."""
        return Charges(self.level * period.list_price_per_month * period.months, 0.0, 0.0)
