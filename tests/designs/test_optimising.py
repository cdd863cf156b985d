"""The search against a function whose best place is known; what it may move; what it makes of luck and of failures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.checks import InputError
from sim.command.main import main
from sim.command.optimise import read
from sim.experiments.checked import without_hydra
from sim.experiments.composer import composer
from sim.experiments.designs.factor import LOG, Factor
from sim.experiments.optimising.search import Trial, best, search
from sim.experiments.optimising.space import space
from sim.targets import resolved

pytest.importorskip("optuna")

FACTORS = {Factor("a", (), 0.5, 2.0, scale=LOG): 1.0, Factor("b", (), 0.5, 2.0, scale=LOG): 1.0}
TOP = {"a": 1.6, "b": 0.7}
LUCK = np.random.default_rng(0).normal(0.0, 50.0, 8)


def valley(numbers: Mapping[str, float]) -> np.ndarray:
    """Best at TOP, worth there 10 * (log 1.6^2 + log .7^2) = 3.48 more than at 1, 1; luck fifty times as large."""
    at = {"a": 1.0, "b": 1.0, **numbers}
    return LUCK - 10.0 * sum(math.log(at[key] / TOP[key]) ** 2 for key in TOP)


def test_the_best_place_is_found_under_shared_luck() -> None:
    trials = list(search(valley, FACTORS, 60, "seed"))
    whole = 10.0 * sum(math.log(value) ** 2 for value in TOP.values())
    assert (trials[0].gain, trials[0].low, trials[0].high) == (0.0, 0.0, 0.0), (
        "the first trial is the policy as shipped"
    )
    found = best(trials)
    assert 0.9 * whole < found.gain <= whole, "nine tenths of what there is to gain"
    assert found.high - found.low < 1e-9, "luck shared by the trials cancels"
    assert all(0.5 <= value <= 2.0 for trial in trials for value in trial.numbers.values())
    chance = np.mean([trial.gain for trial in trials[1:16]])
    assert np.mean([trial.gain for trial in trials[-15:]]) > chance, "it learns"


def test_equal_addresses_give_equal_trials() -> None:
    one, same, other = (list(search(valley, FACTORS, 6, name)) for name in ("x", "x", "y"))
    assert one == same and one[1:] != other[1:]


def test_what_fails_is_told_and_passed_over() -> None:
    def broken(numbers: Mapping[str, float]) -> np.ndarray:
        if numbers.get("a", 1.0) > 1.0:
            raise InputError("a is too large")
        return valley(numbers) + (math.nan if numbers.get("b", 1.0) > 1.0 else 0.0)

    trials = list(search(broken, FACTORS, 20, "seed"))
    assert {trial.failure for trial in trials} == {"", "a is too large", "the metric is undefined in a replication"}
    found = best(trials)
    assert not found.failure and found.numbers["a"] <= 1.0 and found.numbers["b"] <= 1.0
    with pytest.raises(InputError, match="no trial has a finite gain, the first because of nothing"):
        best([Trial(0, {}, math.nan, math.nan, math.nan, "of nothing")])


def test_positive_numbers_of_levers_move_and_nothing_else() -> None:
    with composer() as tree:
        body = resolved(without_hydra(tree.compose(["policy=experience_focused"])))
    found = {factor.key: (factor, value) for factor, value in space(body, ["policy.staffing.*"], 2.0).items()}
    teams = {"marketing", "sales", "onboarding", "support", "success", "product", "listening"}
    assert set(found) == {f"policy.staffing.{team}" for team in teams}, "neither what is zero nor the count of goals"
    factor, value = found["policy.staffing.support"]
    assert value == body["policy"]["staffing"]["support"] and (factor.low, factor.high) == (value / 2, value * 2)
    promise = "policy.sales.promise"
    ((one, value),) = space(body, [promise], 100.0).items()
    assert one.high == 3.0 and one.low == value / 100.0, "ends at the declared bound"
    with pytest.raises(
        InputError, match=r"over=policy.stafing.support matches no .* did you mean policy.staffing.support"
    ):
        space(body, ["policy.stafing.support"], 2.0)
    with pytest.raises(InputError, match=r"over=world.share_experience matches no"):
        space(body, ["world.share_experience"], 2.0)
    with pytest.raises(InputError, match="within must be above 1, got 1"):
        space(body, [promise], 1.0)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["over=policy.staffing.*"], "optimise needs policy="),
        (["policy=balanced"], "optimise needs over="),
        (["policy=a,a", "over=x"], "must name each policy once"),
        (["policy=a", "over=x", "trials=many"], "trials must be a number, got 'many'"),
        (["policy=a", "over=x", "trials=1"], "trials must be in .2, 100000., got 1"),
        (["policy=a", "over=x", "--csv"], "no flag '--csv'"),
    ],
)
def test_wrong_words_are_one_sentence(words: list[str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read(words)


@pytest.mark.full
def test_the_command_confirms_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A policy that spends nothing on support, twenty trials over that one number: less waiting pays."""
    words = ["policy=balanced", "over=policy.staffing.support", "policy.staffing.support=0.1", "within=20"]
    small = [
        "trials=8",
        "replications=4",
        "candidates_share=0.1",
        "seed=9000",
        "store=null",
        f"output={tmp_path / 'o'}",
    ]
    assert main(["optimise", *words, *small]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == str(tmp_path / "o")
    assert [line.split()[0] for line in printed[:3]] == ["optimum", "verdict", "adopted"]
    trials = pd.read_parquet(tmp_path / "o" / "trials.parquet")
    assert len(trials) == 8 and trials["gain"].iloc[0] == 0.0 and trials["gain"].max() > 0.0
    assert main(["run", "--config-dir", str(tmp_path / "o"), "experiment=optimised", "--cfg", "job"]) == 0
