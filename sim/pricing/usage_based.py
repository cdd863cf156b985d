"""Pay for what is used, in arrears; with a fixed part and an allowance it is a two-part tariff."""

from dataclasses import dataclass

from sim.checks import quantity
from sim.pricing.formula import Formula
from sim.pricing.tariff import Charges, Incentives, Period


@dataclass(frozen=True)
class UsageBased(Formula):
    """A platform fee in advance and a price per seat-month of full use in arrears."""

    platform_share: float = quantity("share", 0, 1, "fixed fee as a share of the list price")
    allowance: float = quantity("share", 0, 1, "use that the fixed fee covers, share of full use")

    @property
    def incentives(self) -> Incentives:
        """Every unit of use costs."""
        return Incentives(price_of_use=self.level, fixed_beside_use=self.platform_share > 0.0 and self.allowance > 0.0)

    def invoice(self, period: Period) -> Charges:
        """platform fee + level x use above the allowance x list price."""
        listed = period.list_price_per_month * period.months
        metered = max(0.0, period.use_share - self.allowance)
        return Charges(self.platform_share * listed, self.level * metered * listed, 0.0)
