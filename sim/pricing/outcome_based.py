"""Pay for measured outcome: base plus a share of the gain over a baseline, between floor and cap.

A share of the yield increase of a farm is the same formula with a season that moves everybody's measure; a
provisional outcome charged in advance makes the charge at the end a true-up, which may be money back.
"""

from dataclasses import dataclass
from typing import ClassVar

from sim.checks import Checked, choice, count, part, quantity, text
from sim.pricing.conditions import Conditions
from sim.pricing.tariff import MATCHES, Charges, Incentives, Meter, Period
from sim.rules.common import clip


@dataclass(frozen=True)
class OutcomeBased(Checked):
    """fee = clip(base + share * (gain - baseline), floor, cap), all per period."""

    name: str = text("name of the tariff")
    match: str = choice(MATCHES, "what is equalised before a comparison")
    level: float = quantity("1", 0, 1e6, "multiplier of the gain share, set by matching")
    billing_months: int = count(0, 60, "billing period; 0: the market's")
    conditions: Conditions = part("what holds around the formula")
    base_share: float = quantity("share", 0, 5, "fixed fee as a share of the list price")
    gain_share: float = quantity("share", 0, 10, "provider's share of the measured gain, before matching")
    baseline: float = quantity("share", 0, 1, "outcome the customer would have had anyway")
    floor_share: float = quantity("share", 0, 5, "least fee as a share of the list price")
    cap_share: float = quantity("share", 0, 100, "largest fee as a share of the list price")
    attribution: float = quantity("share", 0, 1, "share of the true outcome credited to the provider")
    noise_sd: float = quantity("share", 0, 2, "noise of the measured outcome of a period")
    season_sd: float = quantity("share", 0, 2, "what weather or market adds to everybody's measured outcome of a year")
    provisional_outcome: float = quantity("share", 0, 1, "outcome charged for in advance, trued up at the end")
    lag_days: float = quantity("days", 0, 1000, "days from the end of a period to the payment")

    once_spread_years: ClassVar[float] = 1.0
    """nothing is due once"""

    incentives: ClassVar[Incentives] = Incentives(by_outcome=True)

    @property
    def meter(self) -> Meter:
        """The measurement the parties agreed on."""
        return Meter(self.attribution, self.noise_sd, self.lag_days, self.season_sd)

    def invoice(self, period: Period) -> Charges:
        """The fee of the provisional outcome in advance; at the end what is missing to the fee of the measured one."""
        advance = self.base_share * period.list_price_per_month * period.months
        if self.provisional_outcome > 0.0:
            advance = self._fee(period, self.provisional_outcome * period.goal_value_per_month)
        return Charges(advance, 0.0, self._fee(period, period.gain_per_month) - advance)

    def _fee(self, period: Period, gain_per_month: float) -> float:
        """The collared fee of a period in which the outcome was worth this much."""
        listed = period.list_price_per_month * period.months
        gain = (gain_per_month - self.baseline * period.goal_value_per_month) * period.months
        fee = self.base_share * listed + self.level * self.gain_share * max(0.0, gain)
        return clip(fee, self.floor_share * listed, self.cap_share * listed)
