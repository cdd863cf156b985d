"""Confidence interval of a mean of paired differences; the unit is the replication, never a customer."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Interval(NamedTuple):
    """Mean and two-sided t interval; nan bounds when there are fewer than two values."""

    mean: float
    low: float
    high: float
    deviation: float
    """Standard deviation of one value."""
    replications: int


def t_quantile(probability: float, freedom: float) -> float:
    """Quantile of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, probability))


def half_width(deviation: float, count: int, confidence: float = 0.95) -> float:
    """Half-width of the t interval of a mean of `count` values."""
    if count < 2:
        return math.nan
    return t_quantile(0.5 + confidence / 2.0, count - 1) * deviation / math.sqrt(count)


def mean_interval(values: NDArray[np.float64], confidence: float = 0.95) -> Interval:
    """t interval of the mean of independent `values` (n,)."""
    count = int(values.size)
    if count == 0:
        return Interval(math.nan, math.nan, math.nan, math.nan, 0)
    mean = float(values.mean())
    if count == 1:
        return Interval(mean, math.nan, math.nan, math.nan, 1)
    # Values that are all equal have no spread; their rounded mean must not invent one.
    same = bool(np.all(values == values[0]))
    mean, deviation = (float(values[0]), 0.0) if same else (mean, float(values.std(ddof=1)))
    half = half_width(deviation, count, confidence)
    return Interval(mean, mean - half, mean + half, deviation, count)


def welch_interval(first: NDArray[np.float64], second: NDArray[np.float64], confidence: float = 0.95) -> Interval:
    """t interval of mean(first) - mean(second) for values that are not paired (Welch 1947, Biometrika 34:28-35).

    `deviation` is that of a difference of one value each, `replications` the smaller number of values.
    """
    one, other = mean_interval(first, confidence), mean_interval(second, confidence)
    count, difference = min(one.replications, other.replications), one.mean - other.mean
    if count < 2:
        return Interval(difference, math.nan, math.nan, math.nan, count)
    parts = [found.deviation**2 / found.replications for found in (one, other)]
    deviation = math.hypot(one.deviation, other.deviation)
    if not sum(parts) > 0.0:
        return Interval(difference, difference, difference, 0.0, count)
    lost = [part**2 / (found.replications - 1) for part, found in zip(parts, (one, other), strict=True)]
    half = t_quantile(0.5 + confidence / 2.0, sum(parts) ** 2 / sum(lost)) * math.sqrt(sum(parts))
    return Interval(difference, difference - half, difference + half, deviation, count)


def count_for_half_width(deviation: float, half: float, confidence: float = 0.95) -> float:
    """Smallest number of values whose interval is no wider than +-`half`; nan when no number is."""
    if not half > 0.0 or not math.isfinite(deviation):
        return math.nan
    low, high = 1, 2
    while half_width(deviation, high, confidence) > half:
        low, high = high, 2 * high
        if high > 1 << 40:
            return math.nan
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if half_width(deviation, middle, confidence) <= half else (middle, high)
    return float(high)
