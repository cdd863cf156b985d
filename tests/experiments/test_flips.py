"""Flips of the ranking between definitions: clear where both paired intervals exclude 0, else unclear, else none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.experiments.flips import flips, levels, rankings
from sim.metrics.defined.definition import Definition, Metric

HIGHER = Metric("gain", "A test.", "1", True, (
    Definition("one", "x", "test"), Definition("two", "y", "test", "one", "y, not x"), Definition("three", "z", "test"),
))  # fmt: skip
LOWER = HIGHER._replace(name="loss", higher_is_better=False)
NOISE = np.sin(np.arange(12.0))


def table(metric: Metric, values: dict[str, dict[str, np.ndarray]], context: str = "-") -> pd.DataFrame:
    """definition -> arm -> values, as a long table."""
    rows = [
        (context, arm, number, metric.row_name, name, float(value))
        for name, arms in values.items()
        for arm, numbers in arms.items()
        for number, value in enumerate(numbers)
    ]
    return pd.DataFrame(rows, columns=["context", "arm", "replication", "metric", "view", "value"])


def of(metric: Metric, one: float, two: float, three: float, spread: float = 0.1) -> pd.DataFrame:
    """Leads of arm `a` over `b` by the three definitions, with noise of their own and much noise in common."""
    common = 100.0 * NOISE
    leads = {"one": one, "two": two, "three": three}
    values = {
        name: {"a": common + lead + spread * np.cos(k + np.arange(12.0)), "b": common}
        for k, (name, lead) in enumerate(leads.items())
    }
    return table(metric, values)


def test_a_clear_flip_is_found_and_named_from_the_winner() -> None:
    (level,) = levels(HIGHER, of(HIGHER, 1.0, -1.0, 2.0))
    found = flips(level)
    assert [(f.first, f.second, f.arm, f.other, f.is_clear) for f in found] == [
        ("one", "two", "a", "b", True), ("two", "three", "b", "a", True),
    ]  # fmt: skip
    assert found[0].by_first.mean == pytest.approx(1.0, abs=0.1) and found[0].by_first.low > 0.0
    assert found[0].by_second.high < 0.0
    assert rankings(level) == 3


def test_where_less_is_better_the_other_arm_leads() -> None:
    (level,) = levels(LOWER, of(LOWER, 1.0, -1.0, 2.0))
    assert [(f.first, f.arm) for f in flips(level)] == [("one", "b"), ("two", "a")]


def test_a_flip_within_the_noise_is_unclear() -> None:
    (level,) = levels(HIGHER, of(HIGHER, 1.0, -0.5, 1.0, spread=3.0))
    found = flips(level)
    assert found and not any(flip.is_clear for flip in found)


def test_one_clear_side_is_not_enough() -> None:
    """By `one` and `three` the arm leads beyond doubt, by `two` it may as well be ahead or behind."""
    (level,) = levels(HIGHER, of(HIGHER, 20.0, -0.5, 20.0, spread=3.0))
    found = flips(level)
    assert {level.lead(name, "a", "b").low > 0.0 for name in ("one", "three")} == {True}
    assert [flip.is_clear for flip in found] == [False, False]


def test_the_same_order_is_no_flip() -> None:
    """Negative control, however different the sizes."""
    (level,) = levels(HIGHER, of(HIGHER, 0.5, 50.0, 1e-3, spread=0.0))
    assert flips(level) == []


def test_one_replication_decides_nothing() -> None:
    whole = of(HIGHER, 1.0, -1.0, 2.0)
    (level,) = levels(HIGHER, whole[whole["replication"] == 0])
    assert {flip.is_clear for flip in flips(level)} == {False}


def test_what_only_rounding_tells_apart_is_no_flip() -> None:
    same = 0.1 + 0.2 + NOISE
    values = {name: {"a": same * (1 + k * 1e-16), "b": same} for name, k in (("one", 3), ("two", -3), ("three", 0))}
    (level,) = levels(HIGHER, table(HIGHER, values))
    assert flips(level) == []


def test_a_definition_that_moves_nothing_repeats_no_flip() -> None:
    """`two` is `one` here, so that only `three` can disagree; with rounding between them it is still `one`."""
    values = of(HIGHER, 1.0, 1.0, -1.0)
    copied = values[values["view"] == "one"].assign(view="two")
    same = pd.concat([values[values["view"] != "two"], copied.assign(value=copied["value"] * (1 + 1e-15))])
    (level,) = levels(HIGHER, same)
    assert [(flip.first, flip.second) for flip in flips(level)] == [("one", "three")]
    assert rankings(level) == 1


def test_undefined_replications_are_left_out_of_pairs() -> None:
    values = of(HIGHER, 1.0, -1.0, 2.0)
    hole = (values["replication"] == 3) & (values["arm"] == "b") & (values["view"] == "two")
    values.loc[hole, "value"] = np.nan
    (level,) = levels(HIGHER, values)
    assert level.lead("two", "a", "b").replications == 11
    assert level.lead("one", "a", "b").replications == 12
    assert level.step(HIGHER.definition("two"), "b").replications == 11


def test_contexts_are_ranked_apart() -> None:
    """`a` wins in one context by every definition and loses in the other by every one: no flip."""
    first, second = of(HIGHER, 1.0, 1.0, 1.0), of(HIGHER, -1.0, -1.0, -1.0)
    found = levels(HIGHER, pd.concat([first, second.assign(context="other")]))
    assert [level.context for level in found] == ["-", "other"]
    assert [flips(level) for level in found] == [[], []]


def test_a_step_is_paired() -> None:
    """The noise in common to all definitions drops out."""
    (level,) = levels(HIGHER, of(HIGHER, 1.0, -1.0, 2.0))
    step = level.step(HIGHER.definition("two"), "a")
    assert step.mean == pytest.approx(-2.0, abs=0.1) and step.high - step.low < 0.5
    assert level.mean("one", "a").high - level.mean("one", "a").low > 50.0
