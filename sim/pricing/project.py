"""Paid once, with or without a subscription beside it: a statement of work, or a product."""

from dataclasses import dataclass
from typing import ClassVar

from sim.checks import Checked, choice, count, part, quantity, text
from sim.pricing.conditions import Conditions
from sim.pricing.tariff import MATCHES, NO_METER, Charges, Incentives, Meter, Period


@dataclass(frozen=True)
class Project(Checked):
    """A price at the signature whatever comes of it, and a subscription for those who attach one."""

    name: str = text("name of the tariff")
    match: str = choice(MATCHES, "what is equalised before a comparison")
    level: float = quantity("1", 0, 1e6, "multiplier of everything, set by matching")
    billing_months: int = count(0, 60, "billing period of the subscription; 0: the market's")
    conditions: Conditions = part("what holds around the formula")
    once_months: float = quantity("months", 0, 240, "what is due once, in months of the list price")
    once_spread_years: float = quantity("years", 1, 20, "years over which a buyer spreads it")
    subscription_share: float = quantity("share", 0, 5, "subscription as a share of the list price")
    attach_share: float = quantity("share", 0, 1, "customers who attach the subscription")

    incentives: ClassVar[Incentives] = Incentives()

    @property
    def meter(self) -> Meter:
        """Nothing is measured."""
        return NO_METER

    def invoice(self, period: Period) -> Charges:
        """The project or product at once; the subscription in advance."""
        attached = period.lot < self.attach_share
        listed = self.level * period.list_price_per_month * period.months
        subscription = self.subscription_share * listed if attached else 0.0
        return Charges(subscription, 0.0, 0.0, self.level * self.once_months * period.new_list_price_per_month)
