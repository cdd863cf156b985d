"""Means over replications of unequal worth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.metrics.pooled import pairs, pooled, pooled_difference


def test_equal_weights_give_the_usual_t_interval() -> None:
    """Values 1 2 3 4: mean 2.5, SE sqrt(5/12), t(3, .975) = 3.182446."""
    found = pooled(np.array([1.0, 2.0, 3.0, 4.0]), np.full(4, 7.0))
    assert found.mean == 2.5
    assert found.error == pytest.approx(math.sqrt(5.0 / 12.0))
    assert found.high - found.mean == pytest.approx(3.182446 * found.error, rel=1e-6)


def test_the_mean_is_the_share_of_rightly_ordered_pairs() -> None:
    found = pooled(np.array([0.5, 0.8, math.nan]), pairs(np.array([10.0, 22.0, 5.0]), np.array([1.0, 2.0, math.nan])))
    assert found.mean == pytest.approx((9 * 0.5 + 40 * 0.8) / 49)
    assert found.replications == 2, "a replication without leavers says nothing"


def test_one_replication_has_no_interval_and_none_no_number() -> None:
    assert math.isnan(pooled(np.array([0.7]), np.array([3.0])).low)
    assert math.isnan(pooled(np.array([math.nan]), np.array([3.0])).mean)


def test_the_interval_covers_as_often_as_it_says() -> None:
    """2,000 studies of 8 replications, pairs per replication very unequal: 93-96.5 % (3.5 SE of a share .95)."""
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(2000):
        lost = rng.poisson(4, size=8).astype(float)
        weights = pairs(np.full(8, 40.0), lost)
        values = rng.normal(0.7, 0.3 / np.sqrt(np.maximum(lost, 1.0)))
        found = pooled(values, weights)
        covered += found.low <= 0.7 <= found.high
    assert 0.925 <= covered / 2000 <= 0.967


def test_a_difference_with_equal_weights_has_the_paired_t_interval() -> None:
    first, second = np.array([1.0, 4.0, 2.0, 7.0]), np.array([0.5, 3.0, 2.5, 4.0])
    found, paired = (
        pooled_difference(first, np.full(4, 3.0), second, np.full(4, 9.0)),
        pooled(first - second, np.ones(4)),
    )
    assert found == pytest.approx(paired)


def test_a_difference_counts_cases_and_skips_what_is_undefined() -> None:
    """3 of 10 and 1 of 10 against 2 of 5; the second group is empty in the second replication."""
    found = pooled_difference(
        np.array([0.3, 0.1]), np.array([10.0, 10.0]), np.array([0.4, math.nan]), np.array([5.0, 0.0])
    )
    assert found.mean == pytest.approx(0.2 - 0.4)
    assert found.replications == 2
    nobody = pooled_difference(np.array([0.3]), np.array([10.0]), np.array([math.nan]), np.array([0.0]))
    assert math.isnan(nobody.mean) and math.isnan(nobody.low)


def test_the_interval_of_a_difference_covers_as_often_as_it_says() -> None:
    """1,500 studies of 8 replications, two shares of unequal groups on common luck; 3.5 SE of a share .95."""
    rng = np.random.default_rng(6)
    covered = 0
    for _ in range(1500):
        n, luck = rng.poisson(40, size=(2, 8)) + 5.0, rng.normal(0.0, 0.05, 8)
        first, second = (rng.binomial(n[i].astype(int), p + luck) / n[i] for i, p in enumerate((0.5, 0.4)))
        found = pooled_difference(first, n[0], second, n[1])
        covered += found.low <= 0.1 <= found.high
    assert 0.925 <= covered / 1500 <= 0.972
