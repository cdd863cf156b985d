"""The smallest difference worth acting on, where nobody has said one: 1 % of a base in the metric's own unit.

Money per candidate may be a difference around zero (net cash), so its base is the baseline's revenue per candidate.
Every other metric, money of the whole firm or of one customer included, has its own level in the baseline.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.metrics.long import MONEY_PER_CANDIDATE

REVENUE_METRIC: Final = "revenue_per_candidate"
SHARE: Final = 0.01


def margin(unit: str, level: float, revenue: float) -> float:
    """Margin of a metric: `level` is its mean in the baseline, `revenue` that of REVENUE_METRIC (nan: not measured)."""
    return SHARE * abs(revenue if unit == MONEY_PER_CANDIDATE and math.isfinite(revenue) else level)


def margins(unit: str, levels: NDArray[np.float64], revenues: NDArray[np.float64]) -> NDArray[np.float64]:
    """(replications,) the margin as it stands after each replication, from the values (replications,) of each."""
    means = zip(_running(levels), _running(revenues), strict=True)
    return np.array([margin(unit, level, revenue) for level, revenue in means])


def _running(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of what is defined so far; nan before anything is."""
    counts = np.cumsum(np.isfinite(values))
    with np.errstate(invalid="ignore", divide="ignore"):
        means: NDArray[np.float64] = np.nancumsum(values) / counts
    return means
