"""Conditions around any tariff: what is not said at the quote, what rises, what is warned of."""

from dataclasses import dataclass

from sim.checks import Checked, flag, quantity
from sim.pricing.tariff import Charges


@dataclass(frozen=True)
class Conditions(Checked):
    """They act on the charges of every tariff alike."""

    hidden_fee_share: float = quantity("share", 0, 2, "fee on what is due in advance that no quote mentions")
    rise_per_year: float = quantity("1/year", -0.5, 1, "yearly rise of every charge above the list price's own course")
    once_spread_years: float = quantity("years", 1, 20, "years over which a buyer spreads what is due once")
    alerts: bool = flag("customers are warned before a bill exceeds what they expect")

    def charged(self, charges: Charges, years: float) -> Charges:
        """What a period costs after `years` whole years of contract, fees included."""
        factor = (1.0 + self.rise_per_year) ** years
        return Charges(
            factor * charges.in_advance * (1.0 + self.hidden_fee_share),
            factor * charges.usage,
            factor * charges.outcome,
            factor * charges.once,
        )
