"""Each branch of the verdict, its order, and its rates on repeated samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.interval import count_for_half_width, half_width, mean_interval, welch_interval
from sim.experiments.verdict import VERDICTS, unpaired_verdict, verdict

ANY_DIFFERENCE = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


def around(mean: float, spread: float, count: int = 40) -> np.ndarray:
    """Values with exactly this mean and standard deviation."""
    values = np.tile([1.0, -1.0], count // 2)
    return mean + spread * values / values.std(ddof=1)


HALF = half_width(1.0, 40)
"""Half-width of 40 values of standard deviation 1: .3198."""


@pytest.mark.parametrize(
    ("mean", "margin", "higher", "expected"),
    [
        (1.0, 0.5, True, "better"),
        (-1.0, 0.5, True, "worse"),
        (1.0, 0.5, False, "worse"),
        (-1.0, 0.5, False, "better"),
        (0.1, 0.5, True, "practically-equal"),
        (0.4, 0.8, True, "practically-equal"),
        (0.3, 0.5, True, "undecided"),
        (0.0, 0.1, True, "undecided"),
        (HALF + 1e-6, 0.0, True, "better"),
        (HALF - 1e-6, 0.0, True, "undecided"),
    ],
)
def test_rules(mean: float, margin: float, higher: bool, expected: str) -> None:
    assert verdict(around(mean, 1.0), margin, higher).word == expected


def test_excluding_zero_inside_the_margin_is_practically_equal() -> None:
    found = verdict(around(0.4, 1.0), 0.8)
    assert found.interval.low > 0
    assert found.word == "practically-equal"


def test_identical_beats_everything_even_alone() -> None:
    assert verdict(np.zeros(40), 0.0).word == "identical"
    assert verdict(np.zeros(1), 0.0).word == "identical"
    assert verdict(np.array([-0.0, 0.0]), 0.0).word == "identical"


def test_one_replication_decides_nothing() -> None:
    found = verdict(np.array([1e9]), 1.0)
    assert found.word == "undecided"
    assert math.isnan(found.interval.low)
    assert math.isnan(found.replications_needed)


def test_a_constant_difference_needs_no_luck() -> None:
    assert verdict(np.full(5, 0.1), 0.01).word == "better"
    assert verdict(np.full(5, 0.1), 0.2).word == "practically-equal"


@given(ANY_DIFFERENCE, st.floats(0, 1e5), st.booleans())
def test_an_interval_with_zero_is_never_better_or_worse(values: list[float], margin: float, higher: bool) -> None:
    found = verdict(np.array(values), margin, higher)
    assert found.word in VERDICTS
    if found.word in ("better", "worse"):
        assert not found.interval.low <= 0.0 <= found.interval.high
    if found.word == "practically-equal":
        assert -margin <= found.interval.low <= found.interval.high <= margin


@given(ANY_DIFFERENCE, st.floats(0, 1e5))
def test_swapping_the_arms_swaps_the_words(values: list[float], margin: float) -> None:
    opposite = {"better": "worse", "worse": "better"}
    one, other = verdict(np.array(values), margin), verdict(-np.array(values), margin)
    assert other.word == opposite.get(one.word, one.word)


def test_needed_replications_are_sure_to_decide_and_one_fewer_is_not() -> None:
    """At the spread seen, half a margin is the widest interval that must decide wherever its mean is."""
    found = verdict(around(0.3, 1.0), 0.5)
    needed = int(found.replications_needed)
    assert half_width(1.0, needed) <= 0.25 < half_width(1.0, needed - 1)
    for mean in np.linspace(-1, 1, 201):
        low, high = mean - half_width(1.0, needed), mean + half_width(1.0, needed)
        assert low > 0 or high < 0 or (low >= -0.5 and high <= 0.5)


def test_needed_is_unknown_without_a_margin() -> None:
    assert math.isnan(verdict(around(0.0, 1.0), 0.0).replications_needed)
    assert math.isnan(count_for_half_width(1.0, 0.0))


def test_interval_matches_an_independent_library() -> None:
    from scipy import stats

    values = np.random.default_rng(1).normal(3, 2, 17)
    found = mean_interval(values)
    low, high = stats.t.interval(0.95, 16, values.mean(), stats.sem(values))
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9)


def band(trials: int, rate: float) -> tuple[float, float]:
    """99.9 % binomial band."""
    from scipy import stats

    low, high = stats.binom.interval(0.999, trials, rate)
    return float(low), float(high)


def test_the_interval_excludes_zero_at_its_nominal_rate_and_independent_pairs_do_not_hide_it() -> None:
    """2,000 null comparisons of 10 replications. Control: intervals over customers, not replications, are too short."""
    rng, trials = np.random.default_rng(5), 2000
    clusters = rng.normal(size=(trials, 10, 1))
    customers = clusters + rng.normal(size=(trials, 10, 20))
    words = [verdict(sample.mean(axis=1), 0.0).word for sample in customers]
    rejected = sum(word in ("better", "worse") for word in words)
    low, high = band(trials, 0.05)
    assert low <= rejected <= high
    naive = sum(verdict(sample.ravel(), 0.0).word in ("better", "worse") for sample in customers)
    assert naive > high


def test_pairing_on_the_same_uniform_shrinks_the_variance() -> None:
    """Renewal .80 against .85: variance of a difference .0475 paired, .2875 independent; 4 SE of 200,000."""
    rng, n = np.random.default_rng(2), 200_000
    u, w = rng.random(n), rng.random(n)
    paired = (u < 0.85).astype(float) - (u < 0.80)
    apart = (w < 0.85).astype(float) - (u < 0.80)
    for found, exact in ((paired, 0.0475), (apart, 0.2875)):
        error = np.std((found - found.mean()) ** 2) / math.sqrt(n)
        assert abs(found.var() - exact) <= 4 * error


def test_welch_against_scipy() -> None:
    """Interval of two unpaired samples as scipy's Welch test gives it."""
    from scipy.stats import ttest_ind

    draw = np.random.default_rng(4)
    one, other = draw.normal(3.0, 1.0, 12), draw.normal(2.0, 5.0, 30)
    found = welch_interval(one, other)
    exact = ttest_ind(one, other, equal_var=False).confidence_interval()
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), rel=1e-9)
    assert unpaired_verdict(one, one.copy(), 0.1).word == "undecided"
    assert unpaired_verdict(one + 100.0, other, 0.1).word == "better"
    assert np.isnan(welch_interval(one[:1], other).low)
