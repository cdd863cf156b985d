"""How candidates become leads, and leads customers."""

from math import cos, pi

from sim.rules.common import clip, logistic, saturate
from sim.units import DAYS_PER_YEAR


def season(time_days: float, amplitude: float, peak_days: float) -> float:
    """Yearly demand factor in [1 - amplitude, 1 + amplitude]."""
    return 1.0 + amplitude * cos(2.0 * pi * (time_days - peak_days) / DAYS_PER_YEAR)


def lead_probability(attraction: float, half: float) -> float:
    """Share of candidates that become leads at `attraction` (1 = nominal); saturates below 1, so the
    rate never exceeds the ceiling of the candidate stream."""
    return saturate(attraction, half)


def reputation(advocates: int, detractors: int, customers: int, prior: float) -> float:
    """(advocates - detractors) / (customers + prior), in [-1, 1]."""
    return (advocates - detractors) / (customers + prior)


def skill_geometric(parts: tuple[float, ...]) -> float:
    """Weakest-link skill: the geometric mean of the parts."""
    product = 1.0
    for p in parts:
        product *= p
    return float(product ** (1.0 / len(parts)))


def skill_additive(parts: tuple[float, ...]) -> float:
    """Compensating skill: the arithmetic mean of the parts."""
    return sum(parts) / len(parts)


def expected_fit(signal: float, mean: float, reliability: float) -> float:
    """Best linear estimate of fit given a noisy signal (credibility formula; Buhlmann 1967)."""
    return clip(mean + reliability * (signal - mean), 0.0, 1.0)


def outcome_expectation(fit_expected: float, promise: float) -> float:
    """X_O at purchase: min(1, expected fit * (1 + promise))."""
    return min(1.0, fit_expected * (1.0 + promise))


def win_probability(
    intercept: float,
    promise: float,
    skill: float,
    fit_signal: float,
    reputation_: float,
    price: float,
) -> float:
    """logistic(intercept + promise + skill + fit + reputation - price), terms already weighted."""
    return logistic(intercept + promise + skill + fit_signal + reputation_ - price)
