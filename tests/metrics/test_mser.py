"""The truncation rule MSER-5: against its definition, where it must leave out a start, and where it must not."""

from __future__ import annotations

import numpy as np
import pytest

from sim.metrics.mser import FEWEST_READINGS, batch_means, mser, truncation


def test_it_is_the_squared_standard_error_of_what_is_left() -> None:
    """Against the definition, truncation by truncation, on walks that wander anywhere."""
    draw = np.random.default_rng(9)
    for size in (75, 78, 120, 241):
        walk = draw.normal(size=size).cumsum()
        means = np.array([walk[first : first + 5].mean() for first in range(0, size - 4, 5)])
        assert batch_means(walk) == pytest.approx(means)
        exact = [np.var(means[d:]) / (means.size - d) for d in range(means.size - 4)]
        assert mser(means) == pytest.approx(exact, rel=1e-9)
        assert truncation(walk).readings == 5 * int(np.argmin(exact))


def test_a_start_of_its_own_is_left_out_to_the_reading() -> None:
    """A level 10 higher for 30 of 200 readings; in the second quarter the word is late, in the second half another."""
    calm = np.tile([1.0, -1.0, 2.0, -2.0, 0.5, -0.5], 40)
    for begins, size, word in ((30, 200, "reached"), (60, 160, "late"), (90, 160, "not_reached")):
        series = calm[:size] + np.where(np.arange(size) < begins, 10.0, 0.0)
        assert truncation(series) == (begins, word)
    assert truncation(calm) == (0, "reached"), "negative control: nothing to leave out"


def test_what_never_settles_and_what_never_moves() -> None:
    assert truncation(np.arange(200.0)).word == "not_reached"
    assert truncation(np.full(200, 0.1)) == (0, "reached"), "no spread at all, whatever the rounding"
    assert truncation(np.zeros(FEWEST_READINGS - 1)).word == "too_short"
    draw = np.random.default_rng(10)
    noisy = [truncation(np.linspace(0.0, 8.0, 240) + draw.normal(size=240)).word for _ in range(200)]
    assert noisy.count("not_reached") >= 190, "growth of 8 deviations of the noise is not taken for a plateau"


def test_false_alarms_where_there_is_no_start_to_forget() -> None:
    """500 series of 240 independent values: nothing is left out in more than half of them (measured: .65), at most .09
    are called unsettled (measured: .05; 4 binomial standard errors of 500 are .09 and .04)."""
    draw = np.random.default_rng(11)
    found = [truncation(draw.normal(size=240)) for _ in range(500)]
    assert np.mean([one.readings == 0 for one in found]) > 0.56
    assert np.mean([one.word == "not_reached" for one in found]) < 0.09
    assert np.median([one.readings for one in found]) == 0
