"""Several primary metrics at once: verdicts that are wrong anywhere in at most one study of twenty.

Better and worse by Holm's step-down test (1979, Scandinavian Journal of Statistics 6:65-70); practically equal only
if the interval at the confidence 1 - .05 / K lies within the margin (Bonferroni). The family is the K primary metrics
of one arm against the baseline in one context.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.experiments.interval import mean_interval

ERROR: Final = 0.05
"""Probability of any wrong verdict in the family."""


class Question(NamedTuple):
    """One primary metric of one arm: paired differences, arm minus baseline."""

    differences: NDArray[np.float64]
    margin: float
    higher_is_better: bool


class Answer(NamedTuple):
    """The adjusted verdict."""

    word: str
    probability: float
    """of a mean at least as far from 0 if there is no difference"""
    adjusted: float
    """the same among all of the family (Holm)"""


def answers(questions: Sequence[Question]) -> list[Answer]:
    """The adjusted verdicts of one family, in its order."""
    chances = [_probability(question.differences) for question in questions]
    adjusted = step_down(chances)
    return [
        Answer(_word(question, now, len(questions)), chance, now)
        for question, chance, now in zip(questions, chances, adjusted, strict=True)
    ]


def step_down(chances: Sequence[float]) -> list[float]:
    """Holm's adjusted probabilities."""
    order = sorted(range(len(chances)), key=lambda i: chances[i])
    adjusted, so_far = [math.nan] * len(chances), 0.0
    for place, i in enumerate(order):
        so_far = max(so_far, min(1.0, (len(chances) - place) * chances[i]))
        adjusted[i] = so_far
    return adjusted


def _probability(differences: NDArray[np.float64]) -> float:
    """Two-sided paired t test; 1 where too few values can say anything."""
    from scipy.special import stdtr

    found = mean_interval(differences)
    if found.replications < 2 or found.mean == 0.0:
        return 1.0
    if found.deviation == 0.0:
        return 0.0
    t = found.mean / (found.deviation / math.sqrt(found.replications))
    return 2.0 * float(stdtr(found.replications - 1, -abs(t)))


def _word(question: Question, adjusted: float, family: int) -> str:
    if bool(np.all(question.differences == 0.0)):
        return "identical"
    wide = mean_interval(question.differences, 1.0 - ERROR / family)
    if -question.margin <= wide.low and wide.high <= question.margin:
        return "practically-equal"
    if adjusted > ERROR:
        return "undecided"
    return "better" if (wide.mean > 0.0) == question.higher_is_better else "worse"
