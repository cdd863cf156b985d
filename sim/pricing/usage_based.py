"""Pay for what is used, in arrears."""

from dataclasses import dataclass

from sim.checks import Checked, choice, count, quantity, text
from sim.pricing.tariff import MATCHES, NO_METER, Charges, Meter, Period


@dataclass(frozen=True)
class UsageBased(Checked):
    """A platform fee in advance and a price per seat-month of full use in arrears."""

    name: str = text("name of the tariff")
    match: str = choice(MATCHES, "what is equalised before a comparison")
    level: float = quantity("1", 0, 1e6, "multiplier of the price of use, set by matching")
    billing_months: int = count(0, 60, "billing period; 0: the market's")
    platform_share: float = quantity("share", 0, 1, "fixed fee as a share of the list price")

    @property
    def meter(self) -> Meter:
        """Use is metered exactly."""
        return NO_METER

    def invoice(self, period: Period) -> Charges:
        """platform fee + level x use x list price."""
        listed = period.list_price_per_month * period.months
        return Charges(self.platform_share * listed, self.level * period.use_share * listed, 0.0)
