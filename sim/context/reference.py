"""The frozen reference: constants of the market under the reference bundle, never of arm or world."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, quantity, series, text
from sim.units import DAYS_PER_YEAR


@dataclass(frozen=True)
class Reference(Checked):
    """Written by `outcomelab reference`; policy balanced, seat_subscription, world both_matter."""

    market_hash: str = text("fingerprint of the market these constants were measured in")
    experience_mean: float = quantity("1", -10, 10, "mean of E among active customers at waves")
    experience_sd: float = quantity("1", 1e-6, 10, "standard deviation of E")
    perceived_outcome_mean: float = quantity("share", -2, 2, "mean of O_p among active customers at waves")
    perceived_outcome_sd: float = quantity("share", 1e-6, 2, "standard deviation of O_p")
    tenure_days: float = quantity("days", 1, 1e5, "mean tenure at waves")
    first_year_use: tuple[float, ...] = series("share", 0, 1, "mean adoption in the first year, quantiles")
    first_year_outcome: tuple[float, ...] = series("share", 0, 1, "mean outcome in the first year, same customers")
    first_year_goal_ratio: tuple[float, ...] = series("1", 0, 1e4, "goal value / list price, same customers")
    first_year_seats: tuple[float, ...] = series("seats", 1, 1e9, "seats, same customers")
    later_use: tuple[float, ...] = series("share", 0, 1, "mean adoption in the years after, quantiles by outcome")
    later_outcome: tuple[float, ...] = series("share", 0, 1, "mean outcome in the years after, same customers")
    later_goal_ratio: tuple[float, ...] = series("1", 0, 1e4, "goal value / list price, same customers")
    later_seats: tuple[float, ...] = series("seats", 1, 1e9, "seats, same customers")
    staying: tuple[float, ...] = series("share", 0, 1, "customers won who stay beyond 0, 1, 2 ... years")

    def usual_outcome(self, tenure_days: float) -> float:
        """Mean outcome of a reference customer who signed so long ago: in the first year, and in the years after."""
        years = self.first_year_outcome if tenure_days < DAYS_PER_YEAR else self.later_outcome
        return sum(years) / len(years)
