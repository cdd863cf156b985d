"""What an equal result costs: exact on straight lines, safe at the ends, with an honest interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiments.interval import mean_interval
from sim.metrics.equal_result import Curves, equal_budget, pseudo_values, rising

BUDGETS = np.array([0.6, 0.8, 1.0, 1.4])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=8))
def test_the_rising_curve_never_falls_and_keeps_the_mean(values: list[float]) -> None:
    curve = rising(np.array(values))
    assert (np.diff(curve) >= -1e-9).all()
    assert curve.mean() == pytest.approx(np.mean(values), abs=1e-6)
    ordered = np.sort(values)
    assert rising(ordered) == pytest.approx(ordered)


def test_the_budget_is_where_the_straight_line_meets_the_target() -> None:
    line = 0.5 + 0.3 * BUDGETS
    assert equal_budget(BUDGETS, line, 0.5 + 0.3 * 0.93) == pytest.approx(0.93)
    assert equal_budget(BUDGETS, line, 0.0) == 0.6  # even the least is enough
    assert equal_budget(BUDGETS, line, 2.0) == 1.4  # the most is not
    assert equal_budget(BUDGETS, np.array([0.2, 0.5, 0.4, 0.9]), 0.45) == pytest.approx(0.8)  # a dip is pooled
    assert equal_budget(BUDGETS, np.full(4, 0.3), 0.3) == 0.6  # the smallest that will do


def curves(rng: np.random.Generator, count: int) -> Curves:
    """An arm that needs .8 of the budget: its line lies .06 above the baseline's, whose slope is .3."""
    luck = rng.normal(0.0, 0.02, (count, 1)) + rng.normal(0.0, 0.01, (count, 4))
    results = 0.56 + 0.3 * BUDGETS + luck
    target = 0.8 + luck[:, 2] + rng.normal(0.0, 0.01, count)
    return Curves(BUDGETS, results, {"people_at_equal_result": np.tile(10.0 * BUDGETS, (count, 1))}, target)


def test_costs_are_read_off_at_that_budget_and_a_mean_has_itself_as_pseudo_values() -> None:
    rng = np.random.default_rng(4)
    found = pseudo_values(curves(rng, 12))
    people, budget = found["people_at_equal_result"], found["budget_at_equal_result"]
    assert people == pytest.approx(10.0 * budget)  # people are in proportion to the budget
    one = Curves(BUDGETS, BUDGETS[None, :], {}, np.array([0.9]))
    assert pseudo_values(one)["budget_at_equal_result"] == pytest.approx([0.9])


def test_the_jackknife_interval_covers_at_its_rate() -> None:
    """400 studies of 12 replications: the 95 % interval misses .8 as often as it should (99.9 % binomial band)."""
    rng = np.random.default_rng(20)
    missed = 0
    for _ in range(400):
        found = mean_interval(pseudo_values(curves(rng, 12))["budget_at_equal_result"])
        missed += not found.low <= 0.8 <= found.high
    assert 6 <= missed <= 37, missed
