"""Pay for measured outcome: base plus a share of the gain over a baseline, between floor and cap.

A share of the yield increase of a farm is the same formula with a season that moves everybody's measure; a
provisional outcome charged in advance makes the charge at the end a true-up, which may be money back.
"""

from dataclasses import dataclass

from sim.checks import quantity
from sim.pricing.measured import Measured
from sim.pricing.tariff import Charges, Period
from sim.rules.common import clip


@dataclass(frozen=True)
class OutcomeBased(Measured):
    """fee = clip(base + share * (gain - baseline), floor, cap), all per period."""

    base_share: float = quantity("share", 0, 5, "fixed fee as a share of the list price")
    gain_share: float = quantity("share", 0, 10, "provider's share of the measured gain, before matching")
    baseline: float = quantity("share", 0, 1, "outcome the customer would have had anyway")
    floor_share: float = quantity("share", 0, 5, "least fee as a share of the list price")
    cap_share: float = quantity("share", 0, 100, "largest fee as a share of the list price")
    provisional_outcome: float = quantity("share", 0, 1, "outcome charged for in advance, trued up at the end")

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
