"""The turning point over the share of experience, and its inverted interval."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sim.experiments.across import _shared
from sim.experiments.frontier import flip, flip_line, flips, frontier

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def curves(slope: float, zero: float, noise: float, replications: int = 12, seed: int = 1) -> np.ndarray:
    shifts = np.random.default_rng(seed).normal(size=(replications, 1)) * noise
    return slope * (np.array(SHARES) - zero) + shifts


def test_where_a_line_crosses_zero() -> None:
    found = flip(SHARES, curves(-2.0, 0.4, 0.0))
    assert found.at == pytest.approx(0.4) and found.crossings == 1


def test_the_interval_is_the_set_of_shares_that_are_not_rejected() -> None:
    values = curves(-2.0, 0.4, 0.3)
    found = flip(SHARES, values)
    shifts = values[:, 0] - values[:, 0].mean()
    half = 2.200985 * shifts.std(ddof=1) / math.sqrt(12) / 2.0
    assert found.low == pytest.approx(found.at - half, abs=0.002)
    assert found.high == pytest.approx(found.at + half, abs=0.002)


def test_its_coverage_is_nominal() -> None:
    """400 intervals of 95 %: between 88.7 and 98.3 % cover (99.9 % band and the grid's step)."""
    covered = 0
    for seed in range(400):
        found = flip(SHARES, curves(-2.0, 0.4, 0.4, seed=seed))
        covered += found.low <= 0.4 <= found.high
    assert 0.887 < covered / 400 < 0.985


def test_no_turn_where_the_answer_never_changes() -> None:
    found = flip(SHARES, curves(0.1, -3.0, 0.01))
    assert math.isnan(found.at) and math.isnan(found.low) and found.crossings == 0


def test_an_open_interval_ends_where_the_grid_does() -> None:
    found = flip(SHARES, curves(0.01, 0.5, 5.0))
    assert (found.low, found.high) == (0.0, 1.0)


def table() -> pd.DataFrame:
    rows = [
        (arm, f"s{share}", r, metric, "truth", "all", math.nan, level + 0.01 * r, 5)
        for share in (0.2, 0.6)
        for arm, sign in (("a", 0.0), ("b", 1.0))
        for r in range(4)
        for metric, level in (("net_cash_per_candidate", sign * (0.5 - share)), ("predictive_gap", share - 0.3))
    ]
    columns = ["arm", "context", "replication", "metric", "view", "segment", "time_days", "value", "n"]
    return pd.DataFrame(rows, columns=columns)


def test_levels_and_turns_of_a_study() -> None:
    shares = {"s0.6": 0.6, "s0.2": 0.2}
    levels = frontier(table(), shares, ["a", "b"], "a", "net_cash_per_candidate")
    money = levels[levels["quantity"] == "net_cash_per_candidate"]
    assert money["level"].tolist() == [0.2, 0.6] and money["value"].tolist() == pytest.approx([0.3, -0.1])
    turns = flips(table(), shares, ["a", "b"], "a", "net_cash_per_candidate")
    assert turns["quantity"].tolist() == ["net_cash_per_candidate", "predictive_gap", "predictive_gap"]
    assert turns["level"].iloc[0] == pytest.approx(0.5)
    line = flip_line({**turns.to_dict("records")[0], "key": "world.share_experience"}, "-")
    wanted = ["flip", "net_cash_per_candidate", "b", "a", "world.share_experience", "0.500"]
    assert line.split()[:6] == wanted and len(line.split()) == 9


def test_a_frontier_is_called_by_what_its_contexts_share() -> None:
    assert _shared(["late_0", "late_50", "late_100"]) == "late"
    assert _shared(["very_late_0", "very_late_1"]) == "very_late"
    assert _shared(["exact", "noisy"]) == ""
    assert _shared(["world.share_experience=0", "world.share_experience=1"]) == ""
