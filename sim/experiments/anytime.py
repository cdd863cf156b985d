"""A confidence sequence: intervals of a mean that all hold at once, so that one may look after every value.

The t-test e-process under a N(0, PRIOR) prior on the mean in deviations and the right Haar prior on the
deviation (the Bayes factor of Gonen et al. 2005, The American Statistician 59:252-257). Under normal values it
is a martingale at every deviation, so it ever exceeds 1 / alpha with a probability of at most alpha (Hendriksen,
de Heide and Gruenwald 2021, Bayesian Analysis 16:961-989); solved for the mean it is an interval. Means over
many customers are near enough to normal; tests try skewed and real ones.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.experiments.interval import Interval, mean_interval

PRIOR: Final = 0.2
"""Variance of the effect under the prior, in variances of one value: narrowest at about 40 values."""
Floats = NDArray[np.float64]


def anytime_quantile(counts: Floats, confidence: float = 0.95) -> Floats:
    """Half-width of the interval after `counts` values, in standard errors; inf where nothing can be said yet."""
    counts = np.asarray(counts, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = 1.0 + PRIOR * counts
        bar = np.exp((0.5 * np.log(spread) - math.log(1.0 - confidence)) * 2.0 / counts)
        squared = (counts - 1.0) * (bar - 1.0) / (1.0 - bar / spread)
        found: Floats = np.where((counts >= 2.0) & (bar < spread), np.sqrt(squared), np.inf)
    return found


def anytime_interval(values: Floats, confidence: float = 0.95) -> Interval:
    """Interval of the mean of independent `values` (n,) that may be looked at after every one of them."""
    found = mean_interval(values, confidence)
    if found.replications < 2 or found.deviation == 0.0:
        return found
    standard_error = found.deviation / math.sqrt(found.replications)
    half = float(anytime_quantile(np.array([found.replications]), confidence)[0]) * standard_error
    return found._replace(low=found.mean - half, high=found.mean + half)
