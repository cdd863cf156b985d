"""Arms and contexts, from an experiment file or from a sweep."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from sim.experiments.composer import composer
from sim.experiments.plan import Study, plan

from .conftest import Said, Stand

Say = Callable[..., Said]


def planned(*overrides: str, multirun: bool = False) -> list[Study]:
    """The studies of some overrides, from the shipped tree."""
    with composer() as tree:
        return plan(tree, overrides, multirun)


def places(study: Study) -> list[tuple[str, str]]:
    return [(job.context.name, job.arm) for job in study.jobs]


def verdicts(said: Said, metric: str = "net_cash_per_candidate") -> list[list[str]]:
    lines = [line.split() for line in said.out if line.startswith("verdict ")]
    assert all(len(fields) == 9 for fields in lines)
    return [fields for fields in lines if fields[1] == metric]


def test_the_first_experiment(say: Say, tree: Path) -> None:
    said = say("run", "experiment=experience_vs_outcome", "replications=3")
    assert said.code == 0
    found = verdicts(said)
    assert [fields[2:5] + fields[8:] for fields in found] == [
        ["outcome_focused", "experience_focused", "better", context]
        for context in ("experience_decides", "both_matter", "outcomes_decide")
    ]
    assert len(verdicts(said, "logo_retention_12")) == 3
    report = Path(said.out[-1])
    assert report.name == "report.html" and report.is_file()
    assert (tree / "results" / "latest").resolve() == report.parent
    metrics = pd.read_parquet(report.parent / "metrics.parquet")
    assert list(metrics.columns[:3]) == ["arm", "context", "replication"]
    assert set(metrics["context"]) == {"experience_decides", "both_matter", "outcomes_decide"}
    arm = yaml.safe_load((report.parent / "arms/both_matter/outcome_focused/config.yaml").read_text())
    assert arm["policy"]["name"] == "outcome_focused" and arm["replications"] == 3


def test_equal_arms_are_told_apart_and_identical(say: Say) -> None:
    said = say("run", "-m", "policy=balanced,balanced", "replications=2")
    (fields,) = verdicts(said)
    assert " ".join(fields) == "verdict net_cash_per_candidate balanced#2 balanced identical 0 0 0 -"
    folder = Path(said.out[-1]).parent
    first, second = (folder / "arms" / "-" / name for name in ("balanced", "balanced#2"))
    assert (first / "events.parquet").read_bytes() == (second / "events.parquet").read_bytes()


def test_swept_keys_are_levers_or_context() -> None:
    (study,) = planned(
        "policy=balanced,outcome_focused", "pricing=seat_subscription,usage_based", "world=no_effect,both_matter",
        "seed=range(0,2)", multirun=True,
    )  # fmt: skip
    assert study.arms == [
        "balanced+seat_subscription",
        "balanced+usage_based",
        "outcome_focused+seat_subscription",
        "outcome_focused+usage_based",
    ]
    contexts = list(dict.fromkeys(context for context, _ in places(study)))
    assert contexts == [f"world={world},seed={seed}" for world in ("no_effect", "both_matter") for seed in (0, 1)]
    assert study.jobs[0].context.columns == (("world", "no_effect"), ("seed", "0"))


def test_a_deep_lever_is_labelled_by_its_key() -> None:
    (study,) = planned("policy.sales.promise=0.5,1", "pricing.name='a b','c/d'", multirun=True)
    assert study.arms[0] == "policy.sales.promise=0.5+pricing.name=a_b"
    assert study.arms[-1] == "policy.sales.promise=1+pricing.name=c_d"


def test_contexts_alone_make_one_arm_each() -> None:
    (study,) = planned("world=no_effect,both_matter", multirun=True)
    assert places(study) == [("world=no_effect", "balanced"), ("world=both_matter", "balanced")]
    (study,) = planned("world=no_effect,no_effect", multirun=True)
    assert places(study) == [("world=no_effect", "balanced"), ("world=no_effect#2", "balanced")]


def test_context_columns_reach_the_tables(say: Say) -> None:
    said = say("run", "-m", "policy=balanced,outcome_focused", "world=no_effect,both_matter", "replications=2")
    metrics = pd.read_parquet(Path(said.out[-1]).parent / "metrics.parquet")
    assert set(zip(metrics["context"], metrics["world"], strict=True)) == {
        ("world=no_effect", "no_effect"),
        ("world=both_matter", "both_matter"),
    }
    assert [fields[8] for fields in verdicts(said)] == ["world=no_effect", "world=both_matter"]


@pytest.mark.parametrize(
    "override", ["policy=balanced", "+policy=balanced", "world=no_effect", "policy=balanced,outcome_focused"]
)
def test_what_the_arms_set_cannot_be_overridden(say: Say, override: str) -> None:
    said = say("run", "-m", "experiment=experience_vs_outcome", override)
    assert said.code == 2
    names = "experience_focused, outcome_focused" if "policy" in override else "experience_decides, both_matter"
    assert names in said.err and "cannot be overridden" in said.err


def test_a_deeper_key_reaches_every_arm(stand: Stand, say: Say) -> None:
    said = say(
        "run", "experiment=experience_vs_outcome", "policy.sales.promise=0.7", "policy/support=in_order",
        "world.share_experience=0.4", "replications=2",
    )  # fmt: skip
    assert said.code == 0
    assert {cfg.policy.sales.promise for cfg in stand.built} == {0.7}
    assert {cfg.policy.support.name for cfg in stand.built if "name" in cfg.policy.support} <= {"in_order"}
    assert {cfg.world.share_experience for cfg in stand.built} == {0.4}


def test_sweeping_an_experiment_crosses_its_arms() -> None:
    (study,) = planned("experiment=experience_vs_outcome", "pricing=seat_subscription,usage_based", multirun=True)
    assert study.arms[:2] == ["experience_focused+seat_subscription", "experience_focused+usage_based"]
    assert len(study.jobs) == 12
    (study,) = planned("experiment=experience_vs_outcome", "seed=1,2", multirun=True)
    assert places(study)[0] == ("experience_decides,seed=1", "experience_focused") and len(study.jobs) == 12


def own(tree: Path, **files: str) -> None:
    """Experiment files in ./mine."""
    for name, text in files.items():
        path = tree / "mine" / "experiment" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# @package _global_\n{text}\n")


DUEL = "arms:\n  fair: [policy=balanced]\n  loud: [policy=balanced, policy/sales=oversell, pricing=usage_based]"


def test_two_experiments_run_completely(say: Say, tree: Path) -> None:
    own(tree, duel=DUEL, other="arms: {a: [policy=balanced], b: [policy=outcome_focused], c: [policy=balanced]}")
    said = say("run", "-m", "--config-dir", "mine", "experiment=duel,other", "replications=2", "output=out")
    assert said.code == 0
    assert [fields[2:4] for fields in verdicts(said)] == [["loud", "fair"], ["b", "a"], ["c", "a"]]
    reports = [line for line in said.out if line.endswith("report.html")]
    assert [Path(path).parent.name for path in reports] == ["duel", "other"] and said.out[-1] == reports[-1]


def test_baseline_is_the_first_arm_or_the_named_one(say: Say, tree: Path) -> None:
    own(tree, duel=DUEL)
    assert verdicts(say("run", "--config-dir", "mine", "experiment=duel", "replications=2"))[0][2:4] == ["loud", "fair"]
    said = say("run", "--config-dir", "mine", "experiment=duel", "baseline=loud", "replications=2")
    assert verdicts(said)[0][2:4] == ["fair", "loud"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("arms: [policy=balanced]", "Cannot merge DictConfig with ListConfig"),
        ("arms: {a: policy=balanced}", "arms.a must be a list of overrides"),
        ("arms: {'a b': [policy=balanced]}", "arms.a b must be a name"),
        ("arms: {a: ['policy=balanced,outcome_focused']}", "arms.a must not sweep"),
        ("arms: {a: [experiment=duel]}", "arms.a must not set experiment"),
        ("arms: {a: [policy=nobody]}", "policy has no option nobody"),
        ("arms: {a: [polcy=balanced]}", "got polcy: did you mean policy?"),
        ("contexts: {a: [output=x]}", "contexts.a must not set output"),
        ("replication: 3", "there is no key replication: did you mean replications?"),
        ("seed: -1", "seed must be in"),
        ("arms: {a: [horizon_months=12]}", "got horizon_months"),
        ("arms: {a: [entry=throughout]}", "(contexts set those), got entry"),
        ("arms: {a: [seed=3]}", "got seed"),
        ("arms: {a: [world/staff=absent]}", "arms.a must set policy, pricing or survey only"),
        ("contexts: {a: [seed=-1]}", "seed must be in"),
        ("seed: [", "no readable YAML"),
        ("seed: 1\nseed: 2", "found duplicate key seed"),
    ],
)
def test_a_faulty_experiment(say: Say, tree: Path, text: str, sentence: str) -> None:
    own(tree, faulty=text)
    said = say("run", "--config-dir", "mine", "experiment=faulty")
    assert said.code == 2 and sentence in said.err and not (tree / "results").exists()


def test_small_shrinks_and_never_enlarges(tree: Path) -> None:
    own(tree, one="replications: 3\nhorizon_months: 24", many="replications: 100\nhorizon_months: 24")
    with composer(str(tree / "mine")) as shipped:
        (one,), (many,), (typed,) = (
            plan(shipped, words, False)
            for words in (
                ["experiment=one", "size=small"],
                ["experiment=many", "size=small"],
                ["experiment=many", "size=small", "replications=50"],
            )
        )
    assert [study.settings.replications for study in (one, many, typed)] == [3, 8, 50]
    assert {study.settings.horizon_months for study in (one, many, typed)} == {24}
    assert many.settings.candidates_share < 1


def test_a_failed_job_is_named_and_the_rest_compared(say: Say, stand: Stand, tree: Path) -> None:
    def fails(cfg: object) -> None:
        if cfg.policy.name == "traditional":  # type: ignore[attr-defined]
            raise RuntimeError("it broke")

    stand.fails = fails
    said = say("run", "-m", "policy=traditional,balanced,outcome_focused", "replications=2")
    assert said.code == 1
    assert "arm traditional in - is missing: RuntimeError: it broke" in said.err
    assert verdicts(said)[0][2:4] == ["outcome_focused", "balanced"]
    manifest = json.loads((Path(said.out[-1]).parent / "manifest.json").read_text())
    assert not manifest["complete"] and manifest["missing"][0]["arm"] == "traditional"
    assert [row["arm"] for row in manifest["arms"]] == ["balanced", "outcome_focused"]


def test_when_every_job_fails_there_is_no_result(say: Say, stand: Stand, tree: Path) -> None:
    def fails(cfg: object) -> None:
        raise RuntimeError("it broke")

    stand.fails = fails
    said = say("run", "replications=2")
    assert said.code == 1 and said.out == []
    assert list(tree.rglob("manifest.json")) == [] and not (tree / "results" / "latest").exists()
