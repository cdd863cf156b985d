"""A licence for good, paid once, and yearly maintenance."""

from dataclasses import dataclass

from sim.checks import quantity
from sim.pricing.formula import Formula
from sim.pricing.tariff import Charges, Period
from sim.units import MONTHS_PER_YEAR


@dataclass(frozen=True)
class PerpetualLicence(Formula):
    """Seats are licensed once, also those added later; what renews is the maintenance."""

    licence_years: float = quantity("years", 0, 20, "licence in years of the list price")
    maintenance_per_year: float = quantity("1/year", 0, 1, "maintenance as a share of the licence")

    def invoice(self, period: Period) -> Charges:
        """Licence of new seats at once, maintenance of all in advance."""
        per_month = self.level * self.licence_years * MONTHS_PER_YEAR
        maintenance = per_month * period.list_price_per_month * self.maintenance_per_year / MONTHS_PER_YEAR
        return Charges(maintenance * period.months, 0.0, 0.0, per_month * period.new_list_price_per_month)
