"""Who the customers are: distributions of the traits drawn once."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Protocol

from sim.checks import Checked, InputError, part, quantity, series
from sim.streams import normal


class Size(Protocol):
    """A distribution of a positive size (seats, a price factor)."""

    def value(self, uniform: float) -> float:
        """The size at a uniform draw."""
        ...


@dataclass(frozen=True)
class LognormalSize(Checked):
    """exp(Normal(ln median, sigma))."""

    median: float = quantity("1", 1e-6, 1e9, "median size")
    sigma: float = quantity("log sd", 0, 3, "spread")

    def value(self, uniform: float) -> float:
        """The lognormal quantile."""
        return exp(normal(uniform, log(self.median), self.sigma))


@dataclass(frozen=True)
class QuantileSize(Checked):
    """Sizes resampled from data: quantiles at equally spaced probabilities, linear in between."""

    quantiles: tuple[float, ...] = series("1", 1e-9, 1e12, "quantiles at 0, 1/(n-1), ... 1")

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.quantiles) < 2 or any(b < a for a, b in zip(self.quantiles, self.quantiles[1:], strict=False)):
            raise InputError("quantiles must be at least two numbers that never fall")

    def value(self, uniform: float) -> float:
        """Linear interpolation of the quantile function."""
        place = uniform * (len(self.quantiles) - 1)
        left = min(int(place), len(self.quantiles) - 2)
        low, high = self.quantiles[left], self.quantiles[left + 1]
        return low + (place - left) * (high - low)


@dataclass(frozen=True)
class People(Checked):
    """Traits of a candidate; every one is a quantile of its own addressed uniform."""

    seats: Size = part("seats at first purchase")
    price_factor: Size = part("list price relative to the market's seat price")
    goal_value_ratio: float = quantity("1", 0.01, 1000, "median worth of full goal attainment / list price")
    goal_value_sigma: float = quantity("log sd", 0, 3, "spread of that worth")
    fit_alpha: float = quantity("1", 0.05, 200, "first shape of fit ~ Beta")
    fit_beta: float = quantity("1", 0.05, 200, "second shape of fit ~ Beta")
    fit_signal_sd: float = quantity("share", 0, 2, "noise of a fit signal before purchase")
    learning_sigma: float = quantity("log sd", 0, 2, "spread of learning speed (median 1)")
    price_sensitivity_sigma: float = quantity("log sd", 0, 2, "spread of price sensitivity (median 1)")
    response_sd: float = quantity("logit", 0, 5, "spread of the propensity to answer surveys")
    style_sd: float = quantity("answer sd", 0, 3, "spread of response style")
    reach_sigma: float = quantity("log sd", 0, 3, "spread of social reach (median 1)")
    patience_median_days: float = quantity("days", 0.01, 1e5, "median patience for an unanswered request")
    patience_sigma: float = quantity("log sd", 0, 3, "spread of patience")
    buyer_is_user_share: float = quantity("share", 0, 1, "customers whose buyer also uses the product")
    breadth_mean: float = quantity("share", 0, 1, "mean share of functions a customer needs")

    @property
    def fit_mean(self) -> float:
        """Mean of fit."""
        return self.fit_alpha / (self.fit_alpha + self.fit_beta)

    def reliability(self, noise_sd: float) -> float:
        """Variance of fit over variance of a signal of it with this noise."""
        total = self.fit_alpha + self.fit_beta
        variance = self.fit_mean * (1.0 - self.fit_mean) / (total + 1.0)
        return variance / (variance + noise_sd**2)
