"""What tariffs that charge for a measured outcome share: the measurement the parties agreed on."""

from dataclasses import dataclass

from sim.checks import quantity
from sim.pricing.formula import Formula
from sim.pricing.tariff import Incentives, Meter


@dataclass(frozen=True)
class Measured(Formula):
    """The outcome of a period is credited in part, read with noise and paid for with a lag."""

    attribution: float = quantity("share", 0, 1, "share of the true outcome credited to the provider")
    noise_sd: float = quantity("share", 0, 2, "noise of the measured outcome of a period")
    season_sd: float = quantity("share", 0, 2, "what weather or market adds to everybody's measured outcome of a year")
    lag_days: float = quantity("days", 0, 1000, "days from the end of a period to the payment")

    @property
    def incentives(self) -> Incentives:
        """The measured outcome costs."""
        return Incentives(by_outcome=True)

    @property
    def meter(self) -> Meter:
        """The measurement the parties agreed on."""
        return Meter(self.attribution, self.noise_sd, self.lag_days, self.season_sd)
