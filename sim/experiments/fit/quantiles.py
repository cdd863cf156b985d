"""A column of a file as quantiles that give no customer away.

Each quantile is the mean of at least five neighbours in rank and is rounded to three digits;
columns are summarised one by one, so nothing joins them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST: Final = 21
"""Quantiles at 0, 5, ..., 100 %."""
NEIGHBOURS: Final = 5
SMALLEST_SHARE_OF_MEAN: Final = 0.001
"""A customer who pays nothing counts with this share of the mean: sizes are positive."""


def quantiles(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Quantiles at equally spaced probabilities, never falling, of positive sizes `values` (n,)."""
    ordered = np.sort(values)
    floor = SMALLEST_SHARE_OF_MEAN * float(ordered.mean())
    points = max(2, min(MOST, ordered.size // NEIGHBOURS + 1))
    window = min(ordered.size, max(NEIGHBOURS, ordered.size // (2 * MOST)))
    first = np.round(np.linspace(0, ordered.size - window, points)).astype(int)
    means = [max(float(ordered[i : i + window].mean()), floor) for i in first]
    return tuple(rounded(mean) for mean in means)


def mean_of(listed: tuple[float, ...]) -> float:
    """Mean of the distribution that is linear between the quantiles `listed`."""
    points = np.array(listed)
    return float(((points[1:] + points[:-1]) / 2).mean())


def rounded(value: float, digits: int = 3) -> float:
    """`value` to so many significant digits."""
    return float(f"{value:.{digits}g}")
