"""Which of many arms is the best, with a stated probability, from replications that share their luck.

If b is the best, then with probability P at once for all others l: mu_b - mu_l <= mean_b - mean_l + W_bl, where
W_bl = t(1 - (1 - P) / (k - 1), R - 1) S_bl / sqrt(R) and S_bl is the deviation of the paired differences (Bonferroni;
valid whatever the correlations and variances). Hence, on that same event: the arms that are nowhere more than W below
another hold the best (Nelson, Swann, Goldsman & Song 2001, Operations Research 49:950-963), and arm i is at most
max_l(mean_l - mean_i + W_il) below the best (Hsu 1984, Annals of Statistics 12:1136-1144).
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.experiments.anytime import anytime_quantile
from sim.experiments.interval import t_quantile

PROBABILITY: Final = 0.95
"""Of a correct selection, as stated."""
FEWEST_ARMS: Final = 3
Floats = NDArray[np.float64]


class Selection(NamedTuple):
    """What replications of k arms say of the best; arrays (k,)."""

    best: int
    """The arm with the best mean."""
    below: Floats
    """Each arm is at most so far below the best."""
    kept: NDArray[np.bool_]
    """Arms among which the best is."""
    needed: float
    """Replications after which the best mean is within the margin of the best (Clark & Yang 1986, Winter Simulation
    Conference); nan where no number is known."""


def select(values: Floats, margin: float, probability: float = PROBABILITY, anytime: bool = False) -> Selection:
    """Selection from `values` (replications, arms), higher is better. `anytime`: their number was chosen by looking."""
    count, arms = values.shape
    means = values.mean(axis=0)
    spread = _spread(values)
    width = _quantile(count, arms, probability, anytime) * spread / math.sqrt(count)
    np.fill_diagonal(width, 0.0)
    ahead = means[None, :] - means[:, None]  # [i, l]: by how much l leads i
    return Selection(
        best=int(np.argmax(means)),
        below=np.maximum(0.0, (ahead + width).max(axis=1)),
        kept=(ahead <= width).all(axis=1),
        needed=needed(values, margin, probability),
    )


def needed(values: Floats, margin: float, probability: float = PROBABILITY) -> float:
    """Replications in all, of which `values` are the first, that two stages need for an indifference zone."""
    count, arms = values.shape
    if not margin > 0.0 or count < 2:
        return math.nan
    t = _quantile(count, arms, probability, anytime=False)
    return float(max(count, math.ceil((t * float(_spread(values).max()) / margin) ** 2)))


def _quantile(count: int, arms: int, probability: float, anytime: bool) -> float:
    """One-sided, shared among the k - 1 comparisons with the best."""
    each = (1.0 - probability) / (arms - 1)
    if count < 2:
        return math.inf
    if anytime:
        return float(anytime_quantile(np.array([count]), 1.0 - 2.0 * each)[0])
    return t_quantile(1.0 - each, count - 1)


def _spread(values: Floats) -> Floats:
    """Deviation of the paired difference of every two arms (arms, arms)."""
    if len(values) < 2:
        return np.full((values.shape[1], values.shape[1]), np.inf)
    spread: Floats = (values[:, :, None] - values[:, None, :]).std(axis=0, ddof=1)
    return spread
