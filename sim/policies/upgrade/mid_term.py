"""Offer an upgrade to who uses a lot and does not decide soon."""

from dataclasses import dataclass

from sim.checks import Checked, quantity
from sim.policies.upgrade import NO_OFFER, Offer
from sim.policies.views import AccountView


@dataclass(frozen=True)
class MidTerm(Checked):
    """The same talk with every customer whose measured use is high enough, far from its renewal."""

    effort: float = quantity("1", 0, 5, "work of the talk relative to a nominal contact; 0 = nobody is asked")
    least_usage: float = quantity("share", 0, 1, "offer from this usage reading on; never without a reading")
    least_days: float = quantity("days", 0, 5000, "offer only this long before the renewal or earlier")

    @property
    def offers(self) -> bool:
        """There is any effort."""
        return self.effort > 0.0

    def offer(self, account: AccountView) -> Offer:
        """The talk, if the customer qualifies."""
        ripe = account.usage >= self.least_usage and account.days_to_renewal >= self.least_days
        return Offer(self.effort) if ripe else NO_OFFER
