"""Where a series no longer remembers how it began: the truncation rule MSER-5.

White 1997, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69:323-334: leave
out the first d values for which the standard error of the mean of the others, taken as independent, is smallest. White,
Cobb & Spratt 2000, "A comparison of five steady-state truncation heuristics for simulation", Winter Simulation
Conference, 755-760: the values are means of five successive readings. Hoad, Robinson & Davies 2010, "Automating warm-up
length estimation", Journal of the Operational Research Society 61:1389-1403: a smallest value in the second half says
that the series is too short to have settled, and the last five batches are too few to be looked at.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.metrics.facts import Floats

BATCH: Final = 5
"""Readings in a batch."""
LEFT_AT_LEAST: Final = 5
"""Batches that a truncation leaves."""
FEWEST_READINGS: Final = 15 * BATCH
"""With fewer, the smallest of the standard errors looked at is too often in the wrong place."""


class Truncation(NamedTuple):
    """What the rule says of one series."""

    readings: int
    """to leave out; a whole number of batches"""
    word: str
    """`reached`; `late`: in the second quarter, where little may be left of the start, but not little enough for the
    interval (docs/answers.md has the measured coverage); `not_reached`: in the second half; `too_short`"""


def batch_means(series: Floats) -> Floats:
    """Means of successive batches; readings at the end that fill none are left out."""
    means: Floats = series[: series.size // BATCH * BATCH].reshape(-1, BATCH).mean(axis=1)
    return means


def mser(means: Floats) -> Floats:
    """Squared standard error of the mean of `means[d:]` for every d that leaves LEFT_AT_LEAST of them."""
    apart = means[::-1] - means[-1]  # a constant series has exactly no spread
    count = np.arange(1.0, apart.size + 1.0)
    spread = np.cumsum(apart**2) - np.cumsum(apart) ** 2 / count
    found: Floats = np.maximum(spread / count**2, 0.0)[::-1][: apart.size - LEFT_AT_LEAST + 1]
    return found


def truncation(series: Floats) -> Truncation:
    """How many readings of `series` (n,) to leave out, the fewest if several are as good."""
    if series.size < FEWEST_READINGS:
        return Truncation(0, "too_short")
    means = batch_means(series)
    best = int(np.argmin(mser(means)))
    if 2 * best > means.size:
        return Truncation(BATCH * best, "not_reached")
    return Truncation(BATCH * best, "late" if 4 * best > means.size else "reached")
