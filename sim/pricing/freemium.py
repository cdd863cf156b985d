"""Seats times price for those who pay, and a plan without a price for everybody who wants to try."""

from dataclasses import dataclass

from sim.checks import count, flag, quantity
from sim.pricing.seat_subscription import SeatSubscription
from sim.pricing.tariff import Free


@dataclass(frozen=True)
class Freemium(SeatSubscription):
    """Matching is about those who pay: how many do is what a comparison finds out."""

    free_seats: float = quantity("seats", 0.01, 1e6, "seats that cost nothing")
    free_functions: float = quantity("share", 0.01, 1, "functions that cost nothing")
    free_months: int = count(1, 60, "time after which a user of the free plan considers paying or stopping again")
    free_hosting: float = quantity("share", 0, 1, "cost of serving what is free, relative to the same use paid for")
    served_last: bool = flag("users of the free plan wait behind those who pay at the support desk")

    @property
    def free(self) -> Free:
        """What costs nothing."""
        return Free(self.free_seats, self.free_functions, self.free_months, self.free_hosting, self.served_last)
