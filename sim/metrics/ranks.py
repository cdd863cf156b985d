"""How well a score orders a yes/no result: area under the curve and correlation."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def auc(score: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """P(score of a positive > score of a negative) + half the ties; nan without both kinds.

    The Mann-Whitney statistic by average ranks (Hanley & McNeil 1982, Radiology 143:29).
    """
    hits = int(positive.sum())
    misses = positive.size - hits
    if hits == 0 or misses == 0:
        return math.nan
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = np.cumsum(counts) - (counts - 1) / 2.0
    return float((rank[inverse][positive].sum() - hits * (hits + 1) / 2.0) / (hits * misses))


def correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Pearson correlation; nan when either has no spread."""
    if x.size < 2:
        return math.nan
    a, b = x - x.mean(), y - y.mean()
    spread = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / spread if spread > 0.0 else math.nan
