"""Services paid when they succeed: a fee if the measured outcome of the period reaches what was agreed."""

from dataclasses import dataclass

from sim.checks import quantity
from sim.pricing.formula import Formula
from sim.pricing.tariff import Charges, Incentives, Meter, Period


@dataclass(frozen=True)
class SuccessFee(Formula):
    """Nothing below the agreed outcome, the whole fee from it on; fair at fixed fee / chance of success."""

    retainer_share: float = quantity("share", 0, 1, "fixed fee in advance as a share of the list price")
    fee_share: float = quantity("share", 0, 10, "fee on success as a share of the list price, before matching")
    agreed_outcome: float = quantity("share", 0, 1, "measured outcome from which the fee is due")
    attribution: float = quantity("share", 0, 1, "share of the true outcome credited to the provider")
    noise_sd: float = quantity("share", 0, 2, "noise of the measured outcome of a period")
    lag_days: float = quantity("days", 0, 1000, "days from the end of a period to the payment")


    @property
    def incentives(self) -> Incentives:
        """The measured outcome costs."""
        return Incentives(by_outcome=True)

    @property
    def meter(self) -> Meter:
        """The measurement the parties agreed on."""
        return Meter(self.attribution, self.noise_sd, self.lag_days)

    def invoice(self, period: Period) -> Charges:
        """A retainer in advance; the fee at the end if the outcome is there."""
        listed = period.list_price_per_month * period.months
        reached = period.gain_per_month >= self.agreed_outcome * period.goal_value_per_month
        return Charges(self.retainer_share * listed, 0.0, self.level * self.fee_share * listed if reached else 0.0)
