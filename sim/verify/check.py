"""One simulated number against its exact value, and how probable so large a gap is if the program is right.

Shares of independent trials are judged by the exact binomial law and means of bounded values by Bernstein's
inequality, so that the stated rate of false alarms holds for rare events and few trials too; means over
replications by Student's t.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FALSE_ALARM: Final = 0.001
"""Probability that a right program fails at least one check of a command, at most."""


class Check(NamedTuple):
    """A quantity of one family."""

    family: str
    quantity: str
    simulated: float
    exact: float
    standard_error: float
    probability: float
    """of a gap at least as large, if the program is right"""

    def passes(self, checks: int) -> bool:
        """Whether it passes as one of so many, each with an equal part of the false alarms."""
        return self.probability >= FALSE_ALARM / checks


def share(family: str, quantity: str, count: int, trials: int, exact: float) -> Check:
    """`count` of `trials` independent ones, each with probability `exact`; two-sided binomial test."""
    from scipy.special import bdtr, bdtrc

    if exact <= 0.0 or exact >= 1.0:
        tail = 1.0 if count == round(exact * trials) else 0.0
    else:
        below = float(bdtr(count, trials, exact))
        above = float(bdtrc(count - 1, trials, exact)) if count > 0 else 1.0
        tail = min(1.0, 2.0 * min(below, above))
    error = math.sqrt(max(0.0, exact * (1.0 - exact)) / trials)
    return Check(family, quantity, count / trials, exact, error, tail)


def bounded_mean(
    family: str, quantity: str, values: NDArray[np.float64], exact: float, deviation: float, reach: float
) -> Check:
    """Mean of independent values no further than `reach` from `exact`, with known `deviation` (Bernstein)."""
    count, simulated = values.size, float(values.mean())
    gap = max(0.0, abs(simulated - exact) - 1e-9 * abs(exact))  # sums of equal amounts round
    spread = deviation**2 + reach * gap / 3.0
    tail = 1.0 if gap == 0.0 else min(1.0, 2.0 * math.exp(-count * gap**2 / (2.0 * spread))) if spread > 0.0 else 0.0
    return Check(family, quantity, simulated, exact, deviation / math.sqrt(count), tail)


def replicated_mean(family: str, quantity: str, values: NDArray[np.float64], exact: float) -> Check:
    """Mean over independent replications (Student's t)."""
    from scipy.special import stdtr

    mean, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(values.size)
    if error == 0.0:
        return Check(family, quantity, mean, exact, 0.0, float(mean == exact))
    tail = 2.0 * float(stdtr(values.size - 1, -abs(mean - exact) / error))
    return Check(family, quantity, mean, exact, error, tail)


def check_line(check: Check, checks: int) -> str:
    """`verify <family> <quantity> <simulated> <exact> <standard error> <pass|fail>`, no field with a space."""
    numbers = f"{check.simulated:.6g} {check.exact:.6g} {check.standard_error:.2g}"
    return f"verify {check.family} {check.quantity} {numbers} {'pass' if check.passes(checks) else 'fail'}"
