"""A collar contract against the clipped normal law: the program's own tariff, meter, bills and ledger.

fee = clip(base + share x outcome, floor, cap) per month, in money; the measured outcome's worth is normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, pi, sqrt
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.checks import Checked, InputError, quantity
from sim.units import days
from sim.verify.check import Check, bounded_mean, share
from sim.verify.worlds import changed, firm_of, person, without_effects

if TYPE_CHECKING:
    from sim.pricing.outcome_based import OutcomeBased

BILLS: Final = 400
CUSTOMERS: Final = 20


class _Law(NamedTuple):
    """Exact moments of the monthly fee."""

    mean: float
    deviation: float
    at_floor: float
    at_cap: float


@dataclass(frozen=True)
class Collar(Checked):
    """Amounts per month."""

    name: ClassVar[str] = "collar"
    textbook: ClassVar[dict[str, float]] = {
        "base": 60.0,
        "share": 0.8,
        "floor": 70.0,
        "cap": 120.0,
        "mean": 50.0,
        "deviation": 20.0,
    }

    base: float = quantity("money", 0, 1e6, "fixed part of the fee")
    share: float = quantity("share", 0.001, 10, "provider's share of the outcome's worth")
    floor: float = quantity("money", 0, 1e6, "least fee")
    cap: float = quantity("money", 0.01, 1e6, "largest fee")
    mean: float = quantity("money", 0, 1e6, "mean worth of the measured outcome")
    deviation: float = quantity("money", 0.001, 1e6, "standard deviation of that worth")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.cap <= max(self.floor, self.base):
            raise InputError(f"collar.cap must be above floor and base, got {self.cap:g}")

    def checks(self, scale: int, seed: int) -> list[Check]:
        """Mean fee, and shares of bills at the floor and at the cap."""
        fees = self._fees(seed, CUSTOMERS * scale)
        law, least = self._law(), max(self.floor, self.base)
        near = 1e-9 * self.cap
        reach = max(self.cap - law.mean, law.mean - least)
        return [
            bounded_mean(self.name, "E[pay]", fees, law.mean, law.deviation, reach),
            share(self.name, "P(floor)", int((fees <= least + near).sum()), fees.size, law.at_floor),
            share(self.name, "P(cap)", int((fees >= self.cap - near).sum()), fees.size, law.at_cap),
        ]

    def _law(self) -> _Law:
        """Moments of a normal fee between floor and cap; an outcome below 0 pays like one of 0."""
        from scipy.special import ndtr

        centre, spread = self.base + self.share * self.mean, self.share * self.deviation
        least = max(self.floor, self.base)
        a, b = (least - centre) / spread, (self.cap - centre) / spread
        inside = float(ndtr(b) - ndtr(a))
        first = float(_density(a) - _density(b))
        second = inside + a * _density(a) - b * _density(b)
        floor, cap = float(ndtr(a)), float(ndtr(-b))
        mean = least * floor + self.cap * cap + centre * inside + spread * first
        squares = least**2 * floor + self.cap**2 * cap
        squares += centre**2 * inside + 2.0 * centre * spread * first + spread**2 * second
        return _Law(mean, max(0.0, squares - mean**2) ** 0.5, floor, cap)

    def _fees(self, seed: int, customers: int) -> NDArray[np.float64]:
        """Monthly fees in the ledger of customers whose outcome stands still, through meter and bills."""
        from sim.agents.billing import close_bill, open_bill

        worth = max((self.cap - self.base) / self.share, self.mean, self.deviation)
        listed = max(self.base, self.floor, self.cap) / 5.0
        changes = {"pricing": self._tariff(worth, listed), "horizon_months": 240.0}
        firm = firm_of(changed(without_effects(), changes), seed)
        firm.windows = firm.windows._replace(horizon_days=days(BILLS + 1))
        for number in range(customers):
            c = person(customer=number, goal_value_per_month=worth, list_price_per_month=listed)
            c.account.won_days = 0.0
            for bill in range(BILLS):
                c.bill = open_bill(firm, c, bill)
                c.latent.outcome_days += self.mean / worth * days(1)
                close_bill(firm, c, c.bill)
        book = firm.record.tables["ledger"].frame(0)
        book = book[book["account"].isin(["invoice_regular", "invoice_outcome"])]
        fees: NDArray[np.float64] = book.groupby(["party", "covers_from_days"])["amount"].sum().to_numpy()
        return fees

    def _tariff(self, worth: float, listed: float) -> OutcomeBased:
        """The contract in shares of a list price and of the worth of the whole goal."""
        from sim.pricing.conditions import Conditions
        from sim.pricing.outcome_based import OutcomeBased

        return OutcomeBased(
            name=self.name,
            match="none",
            level=1.0,
            billing_months=1,
            conditions=Conditions(hidden_fee_share=0.0, rise_per_year=0.0, once_spread_years=4.0, alerts=False),
            base_share=self.base / listed,
            gain_share=self.share,
            baseline=0.0,
            floor_share=self.floor / listed,
            cap_share=self.cap / listed,
            attribution=1.0,
            noise_sd=self.deviation / worth,
            season_sd=0.0,
            provisional_outcome=0.0,
            lag_days=0.0,
        )


def _density(x: float) -> float:
    """Of the standard normal law."""
    return exp(-0.5 * x * x) / sqrt(2.0 * pi)
