"""A mean over replications of unequal worth: areas under the curve weighted by the pairs they compare.

A replication with two leavers says less than one with twenty, and one with none says nothing. The ratio
sum(w a) / sum(w) with w = stayed x left is the share of rightly ordered pairs within replications; its
interval comes from the spread between replications (ratio estimator, Cochran 1977, Sampling Techniques,
section 6.3), with Student's t on one degree of freedom less than there are replications.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.metrics.facts import Floats


class Pooled(NamedTuple):
    """Weighted mean with its two-sided interval; nan bounds from fewer than two replications."""

    mean: float
    low: float
    high: float
    error: float
    """standard error of the mean"""
    replications: int
    """with any weight"""


def pairs(n: Floats, lost: Floats) -> Floats:
    """Pairs of one who stayed and one who left, the weight of an area under the curve."""
    left = np.nan_to_num(lost)
    weights: Floats = left * (n - left)
    return weights


def pooled(values: Floats, weights: Floats, confidence: float = 0.95) -> Pooled:
    """Weighted mean of `values` (replications,) with `weights` >= 0; undefined values weigh nothing."""
    from scipy.special import stdtrit

    told = np.isfinite(values) & (weights > 0.0)
    value, weight = values[told], weights[told]
    count = int(value.size)
    if count == 0:
        return Pooled(math.nan, math.nan, math.nan, math.nan, 0)
    mean = float(value @ weight / weight.sum())
    if count == 1:
        return Pooled(mean, math.nan, math.nan, math.nan, 1)
    apart = weight * (value - mean) / weight.mean()
    error = math.sqrt(float(apart @ apart) / (count * (count - 1)))
    half = float(stdtrit(count - 1, 0.5 + confidence / 2.0)) * error
    return Pooled(mean, mean - half, mean + half, error, count)


def pooled_difference(
    first: Floats, first_weights: Floats, second: Floats, second_weights: Floats, confidence: float = 0.95
) -> Pooled:
    """Weighted mean of `first` minus that of `second`, both read in the same replications (0 weight: not at all).

    The interval is the paired one: what a replication adds to either mean is subtracted before the spread is taken.
    """
    from scipy.special import stdtrit

    there = (first_weights > 0.0) | (second_weights > 0.0)
    count = int(there.sum())
    ours, theirs = (_apart(v[there], w[there]) for v, w in ((first, first_weights), (second, second_weights)))
    mean, moved = ours[0] - theirs[0], ours[1] - theirs[1]
    if count < 2 or math.isnan(mean):
        return Pooled(mean, math.nan, math.nan, math.nan, count)
    error = math.sqrt(float(moved @ moved) / (count * (count - 1)))
    half = float(stdtrit(count - 1, 0.5 + confidence / 2.0)) * error
    return Pooled(mean, mean - half, mean + half, error, count)


def _apart(values: Floats, weights: Floats) -> tuple[float, Floats]:
    """Weighted mean, and by how much each replication moves it times their number."""
    if not weights.sum() > 0.0:
        return math.nan, np.zeros(values.size)
    known = np.where(weights > 0.0, values, 0.0)
    mean = float(known @ weights / weights.sum())
    moved: Floats = weights * (known - mean) / weights.mean()
    return mean, moved
