"""Seats get cheaper by the block."""

from dataclasses import dataclass
from itertools import pairwise

from sim.checks import InputError, series
from sim.pricing.formula import Formula
from sim.pricing.tariff import Charges, Incentives, Period


@dataclass(frozen=True)
class Tiered(Formula):
    """Graduated: each block of seats has a price of its own, so that no added seat lowers the bill."""

    block_ends: tuple[float, ...] = series("seats", 1, 1e9, "last seat of every block but the open one at the end")
    block_prices: tuple[float, ...] = series("1", 0, 10, "price of a seat in each block relative to the list price")

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.block_prices) != len(self.block_ends) + 1:
            raise InputError(
                f"block_prices must have one more entry than block_ends, got {len(self.block_prices)} "
                f"and {len(self.block_ends)}"
            )
        if any(later <= earlier for earlier, later in pairwise(self.block_ends)):
            raise InputError(f"block_ends must rise, got {list(self.block_ends)}")

    @property
    def incentives(self) -> Incentives:
        """Seats cost whether used or not."""
        return Incentives(by_seats=True)

    def invoice(self, period: Period) -> Charges:
        """level x list price of a seat x blocks x months, in advance."""
        seat_price = period.list_price_per_month / period.seats
        return Charges(self.level * seat_price * self._priced(period.seats) * period.months, 0.0, 0.0)

    def _priced(self, seats: float) -> float:
        """Seats weighted by the price of their block."""
        total, start = 0.0, 0.0
        for end, price in zip((*self.block_ends, seats), self.block_prices, strict=True):
            total += price * max(0.0, min(seats, end) - start)
            start = end
        return total
