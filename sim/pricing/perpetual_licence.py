"""A licence for good, paid once, and yearly maintenance."""

from dataclasses import dataclass
from typing import ClassVar

from sim.checks import Checked, choice, count, part, quantity, text
from sim.pricing.conditions import Conditions
from sim.pricing.tariff import MATCHES, NO_METER, Charges, Incentives, Meter, Period
from sim.units import MONTHS_PER_YEAR


@dataclass(frozen=True)
class PerpetualLicence(Checked):
    """Seats are licensed once, also those added later; what renews is the maintenance."""

    name: str = text("name of the tariff")
    match: str = choice(MATCHES, "what is equalised before a comparison")
    level: float = quantity("1", 0, 1e6, "multiplier of licence and maintenance, set by matching")
    billing_months: int = count(0, 60, "billing period of the maintenance; 0: the market's")
    conditions: Conditions = part("what holds around the formula")
    licence_years: float = quantity("years", 0, 20, "licence in years of the list price")
    maintenance_per_year: float = quantity("1/year", 0, 1, "maintenance as a share of the licence")
    once_spread_years: float = quantity("years", 1, 20, "years over which a buyer spreads the licence")

    incentives: ClassVar[Incentives] = Incentives()

    @property
    def meter(self) -> Meter:
        """Nothing is measured."""
        return NO_METER

    def invoice(self, period: Period) -> Charges:
        """Licence of new seats at once, maintenance of all in advance."""
        per_month = self.level * self.licence_years * MONTHS_PER_YEAR
        maintenance = per_month * period.list_price_per_month * self.maintenance_per_year / MONTHS_PER_YEAR
        return Charges(maintenance * period.months, 0.0, 0.0, per_month * period.new_list_price_per_month)
