"""Pay for what is used, in arrears; with a fixed part and an allowance it is a two-part tariff."""

from dataclasses import dataclass
from typing import ClassVar

from sim.checks import Checked, choice, count, part, quantity, text
from sim.pricing.conditions import Conditions
from sim.pricing.tariff import MATCHES, NO_METER, Charges, Incentives, Meter, Period


@dataclass(frozen=True)
class UsageBased(Checked):
    """A platform fee in advance and a price per seat-month of full use in arrears."""

    name: str = text("name of the tariff")
    match: str = choice(MATCHES, "what is equalised before a comparison")
    level: float = quantity("1", 0, 1e6, "multiplier of the price of use, set by matching")
    billing_months: int = count(0, 60, "billing period; 0: the market's")
    conditions: Conditions = part("what holds around the formula")
    platform_share: float = quantity("share", 0, 1, "fixed fee as a share of the list price")
    allowance: float = quantity("share", 0, 1, "use that the fixed fee covers, share of full use")

    once_spread_years: ClassVar[float] = 1.0
    """nothing is due once"""

    @property
    def incentives(self) -> Incentives:
        """Every unit of use costs."""
        return Incentives(price_of_use=self.level, fixed_beside_use=self.platform_share > 0.0 and self.allowance > 0.0)

    @property
    def meter(self) -> Meter:
        """Use is metered exactly."""
        return NO_METER

    def invoice(self, period: Period) -> Charges:
        """platform fee + level x use above the allowance x list price."""
        listed = period.list_price_per_month * period.months
        metered = max(0.0, period.use_share - self.allowance)
        return Charges(self.platform_share * listed, self.level * metered * listed, 0.0)
