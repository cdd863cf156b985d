"""Paid once, with or without a subscription beside it: a statement of work, or a product."""

from dataclasses import dataclass

from sim.checks import quantity
from sim.pricing.formula import Formula
from sim.pricing.tariff import Charges, Period


@dataclass(frozen=True)
class Project(Formula):
    """A price at the signature whatever comes of it, and a subscription for those who attach one."""

    once_months: float = quantity("months", 0, 240, "what is due once, in months of the list price")
    subscription_share: float = quantity("share", 0, 5, "subscription as a share of the list price")
    attach_share: float = quantity("share", 0, 1, "customers who attach the subscription")

    def invoice(self, period: Period) -> Charges:
        """The project or product at once; the subscription in advance."""
        attached = period.lot < self.attach_share
        listed = self.level * period.list_price_per_month * period.months
        subscription = self.subscription_share * listed if attached else 0.0
        return Charges(subscription, 0.0, 0.0, self.level * self.once_months * period.new_list_price_per_month)
