"""The best of many: the stated probability holds for correlated and unequal arms; too few replications would show.

Bands are four binomial standard errors wide, so that a true rate of the stated probability fails once in 30,000 tests.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.selection import PROBABILITY, needed, select

TRIALS = 1_000
BAND = 4.0 * np.sqrt(PROBABILITY * (1.0 - PROBABILITY) / TRIALS)
SPREADS = np.array([1.0, 2.0, 3.0, 1.5, 2.5])


def luck(draw: np.random.Generator, count: int) -> np.ndarray:
    """Noise of five arms that share half of it, with unequal spreads (count, arms)."""
    return 2.0 * draw.normal(size=(count, 1)) + SPREADS * draw.normal(size=(count, 5))


def two_stages(share: float, margin: float = 1.5, first: int = 10) -> float:
    """How often the best mean is the best arm's, where all others lie just the margin below (slippage)."""
    draw, right = np.random.default_rng(1), 0
    means = np.array([0.0, 0.0, margin, 0.0, 0.0])
    for _ in range(TRIALS):
        start = luck(draw, first) + means
        more = int(share * needed(start, margin)) - first
        whole = np.vstack([start, luck(draw, max(more, 0)) + means])[: max(2, first + more)]
        right += int(np.argmax(whole.mean(axis=0))) == 2
    return right / TRIALS


def test_the_stated_probability_of_a_correct_selection_holds() -> None:
    assert two_stages(1.0) >= PROBABILITY - BAND


def test_a_sixth_of_the_replications_would_not_do() -> None:
    """Negative control."""
    assert two_stages(1.0 / 6.0) < PROBABILITY - BAND


@pytest.mark.parametrize("means", [(0.0, 0.0, 0.0, 0.0, 0.0), (0.0, 1.0, 2.0, 1.9, 0.5)], ids=["alike", "apart"])
def test_statements_after_any_number_of_replications(means: tuple[float, ...]) -> None:
    """Both statements of a fixed number are wrong in at most 5 %: who may be the best, how far below each is."""
    draw, truth = np.random.default_rng(2), np.array(means)
    missed = wrong = 0
    best, loss = int(np.argmax(truth)), truth.max() - truth
    for _ in range(TRIALS):
        found = select(luck(draw, 12) + truth, 1.0)
        missed += not found.kept[best]
        wrong += bool((loss > found.below).any())
    assert max(missed, wrong) / TRIALS <= 1.0 - PROBABILITY + BAND
    assert found.below[found.best] > 0.0


def test_without_sharing_the_error_among_arms_the_best_is_missed_more_often() -> None:
    """Negative control: each comparison at 5 % of its own drops the best too often."""
    draw, missed = np.random.default_rng(3), 0
    for _ in range(TRIALS):
        values = luck(draw, 12)
        missed += not select(values, 1.0, probability=0.8).kept[0]
    assert missed / TRIALS > 1.0 - PROBABILITY + BAND


def test_common_luck_decides_sooner() -> None:
    """The deviation that counts is that of paired differences."""
    draw = np.random.default_rng(4)
    shared = 100.0 * draw.normal(size=(12, 1)) + draw.normal(size=(12, 3)) + np.array([0.0, 0.0, 5.0])
    found = select(shared, 1.0)
    assert found.best == 2 and found.kept.tolist() == [False, False, True] and found.below[2] == 0.0
    apart = select(100.0 * draw.normal(size=(12, 3)) + np.array([0.0, 0.0, 5.0]), 1.0)
    assert apart.kept.all() and apart.needed > 1_000 > found.needed


def test_what_one_replication_and_equal_arms_say() -> None:
    alone = select(np.array([[1.0, 2.0, 3.0]]), 1.0)
    assert alone.best == 2 and alone.kept.all() and np.isinf(alone.below).all() and np.isnan(alone.needed)
    same = select(np.tile(np.arange(8.0)[:, None], 3), 0.5)
    assert same.best == 0 and same.below.tolist() == [0.0, 0.0, 0.0] and same.kept.all() and same.needed == 8
    looked = select(luck(np.random.default_rng(5), 30), 1.0, anytime=True)
    assert (looked.below > select(luck(np.random.default_rng(5), 30), 1.0).below).all()
