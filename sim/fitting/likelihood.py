"""Maximum likelihood of the shifted beta-geometric from lifetimes that are known in part.

One form serves every source: a lifetime lies in (after, until] periods with some weight.
A customer who left at period t is (t - 1, t]; one still here after t periods is (t, never];
a percent-surviving curve gives the losses between two readings and the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.checks import InputError
from sim.fitting.sbg import ShiftedBetaGeometric

Floats = NDArray[np.float64]
Periods = NDArray[np.int64]

NEVER: Final = -1
"""`until` of a right-censored lifetime."""
LONGEST_PERIODS: Final = 5_000
"""No contract is renewed more often; a larger number is a date or an identifier."""
CONCENTRATION: Final = (1e-2, 1e4)
"""Bounds of alpha + beta: below, customers are all-or-nothing; above, all alike."""
MEAN_CHURN: Final = (1e-4, 1 - 1e-4)


class Lifetimes(NamedTuple):
    """Arrays of one length: lifetime in (after, until] periods, `until` NEVER if censored."""

    after: Periods
    until: Periods
    weight: Floats


@dataclass(frozen=True)
class Fitted:
    """A fitted law; `log_likelihood` is in total, over `weight` customers."""

    law: ShiftedBetaGeometric
    log_likelihood: float
    weight: float
    alike: bool
    """True if alpha + beta ran to its upper bound: no difference between customers is visible."""


def of_customers(periods: Periods, left: NDArray[np.bool_]) -> Lifetimes:
    """Lifetimes of individual customers.

    `periods`: whole periods, the one in which the customer left (>= 1) or those completed (>= 0).
    """
    keys, counts = np.unique(np.stack([periods, left.astype(np.int64)]), axis=1, return_counts=True)
    period, gone = keys
    after = np.where(gone == 1, period - 1, period)
    return Lifetimes(after, np.where(gone == 1, period, NEVER), counts.astype(np.float64))


def of_curve(periods: Periods, surviving: Floats) -> Lifetimes:
    """Lifetimes behind a survival curve: shares in [0, 1] at increasing periods, the first at 0."""
    return Lifetimes(
        periods,
        np.append(periods[1:], NEVER),
        np.append(surviving[:-1] - surviving[1:], surviving[-1]),
    )


def log_likelihood(law: ShiftedBetaGeometric, lifetimes: Lifetimes) -> float:
    """Total log-likelihood of `lifetimes` under `law`."""
    return _value_and_slopes(law.alpha, law.beta, lifetimes)[0]


def maximum_likelihood(lifetimes: Lifetimes) -> Fitted:
    """The most likely law; searched over logit E[theta] and log(alpha + beta) from four starts."""
    from scipy.optimize import minimize

    lifetimes = _informative(lifetimes)
    (low, high), (alone, alike) = MEAN_CHURN, CONCENTRATION
    bounds = [(_logit(low), _logit(high)), (math.log(alone), math.log(alike))]
    options: Any = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500}

    def loss(point: Floats) -> tuple[float, Floats]:
        return _loss(point, lifetimes)

    runs = [
        minimize(loss, np.array(start), jac=True, method="L-BFGS-B", bounds=bounds, options=options)
        for start in _starts(lifetimes)
    ]
    best = min(runs, key=lambda run: float(run.fun))
    alpha, beta = _natural(best.x)
    total = float(lifetimes.weight.sum())
    return Fitted(
        ShiftedBetaGeometric(alpha, beta),
        -float(best.fun) * total,
        total,
        alpha + beta > 0.99 * alike,
    )


def _informative(lifetimes: Lifetimes) -> Lifetimes:
    """`lifetimes` without weightless rows; refuses what has no maximum."""
    some = lifetimes.weight > 0
    kept = Lifetimes(lifetimes.after[some], lifetimes.until[some], lifetimes.weight[some])
    gone = kept.until != NEVER
    if not gone.any():
        raise InputError("retention cannot be fitted: nobody ever left")
    if gone.all() and int(kept.until.max()) == 1:
        raise InputError("retention cannot be fitted: everybody left in the first period")
    return kept


def _starts(lifetimes: Lifetimes) -> list[tuple[float, float]]:
    """Crude churn per period (losses / periods lived) with four degrees of difference."""
    gone = lifetimes.until != NEVER
    lived = float((lifetimes.weight * np.maximum(lifetimes.after, lifetimes.until)).sum())
    churn = float(lifetimes.weight[gone].sum()) / max(lived, 1e-9)
    centre = _logit(min(max(churn, 1e-4), 0.9))
    return [(centre, math.log(c)) for c in (0.5, 2.0, 20.0, 500.0)]


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _natural(point: Floats) -> tuple[float, float]:
    """(alpha, beta) at a point (logit E[theta], log(alpha + beta))."""
    mean = 1 / (1 + math.exp(-float(point[0])))
    size = math.exp(float(point[1]))
    return mean * size, (1 - mean) * size


def _loss(point: Floats, lifetimes: Lifetimes) -> tuple[float, Floats]:
    """Minus the mean log-likelihood and its slopes at `point`."""
    alpha, beta = _natural(point)
    value, by_alpha, by_beta = _value_and_slopes(alpha, beta, lifetimes)
    total = float(lifetimes.weight.sum())
    by_mean = (by_alpha - by_beta) * alpha * beta / (alpha + beta)
    by_size = by_alpha * alpha + by_beta * beta
    return -value / total, np.array([-by_mean / total, -by_size / total])


def _value_and_slopes(alpha: float, beta: float, lifetimes: Lifetimes) -> tuple[float, float, float]:
    """Log-likelihood, and its derivatives in alpha and in beta.

    ln S(t) = sum over i < t of ln(beta + i) - ln(alpha + beta + i): no gamma function is needed.
    """
    steps = np.arange(max(int(lifetimes.after.max()), int(lifetimes.until.max())))
    below, both = beta + steps, alpha + beta + steps
    survival = np.append(np.exp(_cumulated(np.log(below / both))), 0.0)  # [-1] is "never"
    by_alpha = survival * np.append(_cumulated(-1 / both), 0.0)
    by_beta = survival * np.append(_cumulated(1 / below - 1 / both), 0.0)
    after, until, weight = lifetimes
    chance = survival[after] - survival[until]
    scaled = weight / chance
    return (
        float(weight @ np.log(chance)),
        float(scaled @ (by_alpha[after] - by_alpha[until])),
        float(scaled @ (by_beta[after] - by_beta[until])),
    )


def _cumulated(terms: Floats) -> Floats:
    """Partial sums from the empty one on."""
    return np.concatenate([[0.0], np.cumsum(terms)])
