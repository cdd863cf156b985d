"""Services paid when they succeed: a fee if the measured outcome of the period reaches what was agreed."""

from dataclasses import dataclass

from sim.checks import quantity
from sim.pricing.measured import Measured
from sim.pricing.tariff import Charges, Period


@dataclass(frozen=True)
class SuccessFee(Measured):
    """Nothing below the agreed outcome, the whole fee from it on; fair at fixed fee / chance of success."""

    retainer_share: float = quantity("share", 0, 1, "fixed fee in advance as a share of the list price")
    fee_share: float = quantity("share", 0, 10, "fee on success as a share of the list price, before matching")
    agreed_outcome: float = quantity("share", 0, 1, "measured outcome from which the fee is due")

    def invoice(self, period: Period) -> Charges:
        """A retainer in advance; the fee at the end if the outcome is there."""
        listed = period.list_price_per_month * period.months
        reached = period.gain_per_month >= self.agreed_outcome * period.goal_value_per_month
        return Charges(self.retainer_share * listed, 0.0, self.level * self.fee_share * listed if reached else 0.0)
