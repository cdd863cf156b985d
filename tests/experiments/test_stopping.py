"""Stopping: fixed width covers as often as it says, looking after every replication costs no false verdicts."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.special import stdtrit
from scipy.stats import binom

from sim.build import load_scenario
from sim.checks import InputError
from sim.columns import plain
from sim.experiments.anytime import Floats, anytime_interval, anytime_quantile
from sim.experiments.interval import count_for_half_width, mean_interval
from sim.experiments.plan import Job, Study
from sim.experiments.replicate import replicate
from sim.experiments.settings import settings
from sim.experiments.stopping import Series, stop
from sim.experiments.until import Ended, Place, refuse_lonely, settled, until_lines, with_replications
from sim.experiments.verdict import verdict
from sim.paths import config_folder
from sim.store.shelf import Shelf

REPETITIONS = 1000
LONG = 400


def series(values: Floats, margin: float = 0.0) -> list[Series]:
    return [Series(values, np.full(values.size, margin))]


def draws(kind: str, repetitions: int = REPETITIONS) -> Floats:
    """Values with mean 0 and deviation 1, (repetitions, LONG)."""
    chance = np.random.default_rng(9_000)
    if kind == "normal":
        return chance.normal(size=(repetitions, LONG))
    return chance.gamma(4.0, size=(repetitions, LONG)) / 2.0 - 2.0  # skewness 1


@pytest.mark.parametrize(("variance", "half", "count"), [(1.0, 0.5, 18), (4.0, 0.5, 64), (100.0, 2.0, 99)])
def test_published_stopping_numbers(variance: float, half: float, count: int) -> None:
    assert count_for_half_width(math.sqrt(variance), half) == count


def test_fixed_width_stops_at_the_first_that_is_narrow_enough() -> None:
    for values in draws("normal", 40):
        found = stop("precise", series(values), 10, 0.25).at
        widths = [stdtrit(i - 1, 0.975) * values[:i].std(ddof=1) / math.sqrt(i) for i in range(2, LONG + 1)]
        assert found == next((i for i, width in enumerate(widths, 2) if i >= 10 and width <= 0.25), None)


@pytest.mark.parametrize("kind", ["normal", "skewed"])
def test_fixed_width_coverage(kind: str) -> None:
    """Accepted in [.92, .97]; standard error .007 with 1,000 repetitions."""
    stops = [stop("precise", series(values), 10, 0.25).at for values in draws(kind)]
    assert all(stops)
    covered = np.mean([abs(values[:at].mean()) <= 0.25 for values, at in zip(draws(kind), stops, strict=True)])
    assert 0.92 <= covered <= 0.97


def test_fixed_width_that_stops_too_early_is_noticed() -> None:
    """Negative control: intervals taken to be a sixth narrower than they are."""
    stops = [stop("precise", series(values), 10, 0.3).at for values in draws("normal")]
    covered = np.mean([abs(v[:at].mean()) <= 0.25 for v, at in zip(draws("normal"), stops, strict=True)])
    assert covered < 0.92


def false_verdicts(values: Floats) -> float:
    """Share of null studies that end better or worse when looked at after every replication."""
    return float(np.mean([stop("clear", series(one), 10).at is not None for one in values]))


def most(repetitions: int) -> float:
    """Upper end of the 99.9 % band around the nominal 5 %."""
    return float(binom.ppf(0.9995, repetitions, 0.05)) / repetitions


@pytest.mark.parametrize("kind", ["normal", "skewed"])
def test_looking_after_every_replication_costs_no_false_verdicts(kind: str) -> None:
    assert false_verdicts(draws(kind)) <= most(REPETITIONS)


def test_the_ordinary_interval_does_cost_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the t interval, looked at after every replication."""
    quantile = lambda counts: stdtrit(counts - 1.0, 0.975)  # noqa: E731
    monkeypatch.setattr("sim.experiments.stopping.anytime_quantile", quantile)
    assert false_verdicts(draws("normal")) > 0.2


def test_the_rate_at_the_null_on_real_runs() -> None:
    """Differences of real runs that have nothing to do with the arm, drawn from as many as there are."""
    scenario = load_scenario("candidates_share=0.05", "horizon_months=24", "metrics=[value]", "world=no_effect")
    table = replicate(scenario, seed=9_001, replications=60).metrics
    chosen = (table["metric"] == "net_cash_per_candidate") & (table["segment"] == "all") & table["time_days"].isna()
    values = table["value"][chosen].to_numpy(np.float64)
    assert values.size == 60 and values.std() > 0.0
    chance = np.random.default_rng(9_002)
    arms = [chance.choice(values, size=(500, 200)) for _ in range(2)]
    assert false_verdicts(arms[0] - arms[1]) <= most(500)


def test_a_real_difference_is_found_and_no_difference_is_called_equal() -> None:
    values = draws("normal", 100)
    assert all(stop("clear", series(one + 1.0), 10).at for one in values)
    found = [stop("clear", series(one, 0.4), 10).at for one in values]
    words = [verdict(one[:at], 0.4, anytime=True).word for one, at in zip(values, found, strict=True) if at]
    assert len(words) == 100 and words.count("practically-equal") >= 93


def test_the_verdict_at_the_stop_is_the_one_that_stopped_it() -> None:
    for values in draws("skewed", 100):
        at = stop("clear", series(values + 0.4, 0.1), 10).at
        assert at is None or verdict(values[:at] + 0.4, 0.1, anytime=True).word != "undecided"


def test_a_confidence_sequence_is_wider_and_shrinks() -> None:
    counts = np.array([2.0, 3.0, 5.0, 10.0, 100.0, 1e4, 1e6])
    wide = anytime_quantile(counts)
    assert np.isinf(wide[0]) and np.all(wide[3:] > stdtrit(counts[3:] - 1.0, 0.975))
    assert np.all(np.diff(wide[3:] / np.sqrt(counts[3:])) < 0.0)
    values = draws("normal", 1)[0][:50]
    assert anytime_interval(values).low < mean_interval(values).low
    assert anytime_interval(np.full(5, 2.0))[:3] == (2.0, 2.0, 2.0)


def test_identical_arms_stop_at_once_and_a_hopeless_question_says_so() -> None:
    assert stop("clear", series(np.zeros(12)), 10) == (10, 10.0)
    assert stop("precise", series(np.zeros(12)), 10, 1.0).at == 10
    assert math.isnan(stop("precise", series(draws("normal", 1)[0]), 10, 0.0).needed)
    assert stop("precise", series(np.full(20, np.nan)), 10, 1.0).at is None


def test_undefined_replications_are_passed_over() -> None:
    values = draws("normal", 1)[0]
    holed = np.insert(values, np.arange(0, LONG, 2), np.nan)
    at, through = stop("precise", series(values), 10, 0.3).at, stop("precise", series(holed), 10, 0.3).at
    assert at and through and np.isfinite(holed[:through]).sum() == at


def test_every_arm_has_to_be_decided_at_once() -> None:
    clear, unclear = draws("normal", 2)
    both = stop("clear", [*series(clear + 3.0), *series(unclear)], 10)
    assert stop("clear", series(clear + 3.0), 10).at == 10 and both.at != 10


# --- through the store -------------------------------------------------------------------------------------------

FIXED: dict[str, Any] = {
    **yaml.safe_load((Path(config_folder()) / "config.yaml").read_text(encoding="utf-8")),
    "replications": 200,
    "worthwhile_difference": 0.1,
    "store": "s",
}


def study(until: str, arms: tuple[str, ...] = ("a", "b"), **keys: Any) -> Study:
    from sim.experiments.arms import Context

    tree = {**FIXED, "until": until, **keys}
    jobs = tuple(Job(arm, Context((("context", place),)), (), f"{place}/{arm}") for place in ("x", "y") for arm in arms)
    fields = dict.fromkeys(Study.__dataclass_fields__)
    return Study(**{**fields, "name": "s", "settings": settings(tree), "tree": tree, "jobs": jobs, "baseline": "a"})


class Filled:
    """Stands in for the simulation: arm b is better by .5 in x and equal in y."""

    def __init__(self, root: Path, values: Floats) -> None:
        self.root, self.values, self.rounds = root, values, 0

    def place(self, job: Job, ceiling: int) -> Place:
        return Place(Shelf(self.root / job.folder, "m"), ceiling)

    def __call__(self, wanted: Study) -> None:
        self.rounds += 1
        for job in wanted.jobs:
            assert job.only_fill and job.replications is not None
            shelf = self.place(job, 0).shelf
            for number in range(job.replications):
                effect = 0.5 * (job.arm == "b" and job.context.name == "x")
                noise = self.values[number] * (job.arm == "b")
                row = ("net_cash_per_candidate", "truth", "all", math.nan, 100.0 + effect + noise, 1)
                names = ("metric", "view", "segment", "time_days", "value", "n")
                shelf.put_metrics(number, plain(pd.DataFrame([row], columns=list(names)).astype({"metric": "str"})))


def test_contexts_stop_where_their_own_rule_says_however_the_rounds_fall(tmp_path: Path) -> None:
    values = draws("normal", 1)[0] * 0.5
    for rule, width in (("clear", None), ("precise", 0.15)):
        asked = study(rule, half_width=width)
        fill = Filled(tmp_path / rule, values)
        ended = settled(asked, {job.folder: fill.place(job, 200) for job in asked.jobs}, (), fill)
        for name, effect in (("x", 0.5), ("y", 0.0)):
            expected = stop(rule, series(values[:200] + effect, 0.1), 10, width).at
            assert ended[name].reached == (expected is not None)
            assert ended[name].replications == (expected or 200)
        assert fill.rounds > 2
        final = with_replications(asked, ended)
        assert [job.replications for job in final.jobs] == [ended[n].replications for n in ("x", "x", "y", "y")]
        assert not any(job.only_fill for job in final.jobs)


def test_lines_and_the_ceiling(tmp_path: Path) -> None:
    asked = study("clear", worthwhile_difference=0.0)
    fill = Filled(tmp_path, draws("normal", 1)[0])
    ended = settled(asked, {job.folder: fill.place(job, 12) for job in asked.jobs}, (), fill)
    assert until_lines(asked, {"y": Ended(False, 12, math.nan)}) == ["until clear y ceiling 12 needed=-"]
    assert ended["y"].replications == 12 and not ended["y"].reached


def test_an_arm_without_results_does_not_hold_up_the_others(tmp_path: Path) -> None:
    asked = study("precise", ("a", "b", "c"), half_width=0.3)
    fill = Filled(tmp_path, draws("normal", 1)[0] * 0.5)

    def without_c(wanted: Study) -> None:
        fill(SimpleNamespace(jobs=[job for job in wanted.jobs if job.arm != "c"]))  # type: ignore[arg-type]

    ended = settled(asked, {job.folder: fill.place(job, 200) for job in asked.jobs}, (), without_c)
    assert all(one.reached for one in ended.values())


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"until": "clear", "store": None}, "until=clear needs a store"),
        ({"until": None, "half_width": 1.0}, "half_width needs until=precise"),
        ({"until": "precise", "panel": {"firms": 2}}, "those of a panel are firms"),
        (
            {"until": "clear", "replications": 9},
            "replications must be at least replications_at_least=10 with until=clear",
        ),
        ({"until": "soon"}, "until must be one of precise, clear or null, got 'soon'"),
    ],
)
def test_combinations_that_make_no_sense(keys: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        settings({**FIXED, **keys})
    assert settings({**FIXED, "replications": 9}).until is None


def test_a_verdict_needs_two_arms() -> None:
    with pytest.raises(InputError, match="until=clear compares arms"):
        refuse_lonely(study("clear", ("a",)))
    refuse_lonely(study("precise", ("a",)))
