"""The store's keys on the command line, failures that stop or do not, and interrupted results that go on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import Said, Stand

Say = Callable[..., Said]
SWEEP = ("run", "-m", "policy=balanced,outcome_focused,traditional", "replications=2")


def fails(policy: str) -> Callable[[Any], None]:
    def check(cfg: Any) -> None:
        if cfg.policy.name == policy:
            raise RuntimeError("no such luck\nand more of it")

    return check


def test_the_store_lies_beside_the_results_or_where_it_is_told_to(
    say: Say, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say("run", "replications=2", "output=a")
    assert list((tree / "results" / "store" / "runs").glob("*/*/scenario.json"))
    say("run", "replications=2", "output=b", "store=mine")
    assert (tree / "mine" / "runs").is_dir()
    monkeypatch.setenv("OUTCOMELAB_STORE", str(tree / "theirs"))
    say("run", "replications=2", "output=c")
    assert (tree / "theirs" / "runs").is_dir()
    assert not any(str(tree) in file.read_text() for file in (tree / "c").rglob("config.yaml"))


def test_without_a_store_nothing_is_kept(say: Say, tree: Path) -> None:
    assert say("run", "replications=2", "output=a", "store=null").code == 0
    assert not (tree / "results").exists()


@pytest.mark.parametrize("word", ["store=1", "store=''", "on_failure=maybe", "store_gigabytes=-1", "store=/dev/null/x"])
def test_wrong_values_are_one_sentence_and_leave_nothing(say: Say, tree: Path, word: str) -> None:
    said = say("run", "replications=2", word)
    assert (said.code, said.out) == (2, []) and len(said.err.strip().splitlines()) == 1
    assert word.partition("=")[0] in said.sentence
    assert list(tree.iterdir()) == []


def test_a_failed_scenario_is_named_with_what_makes_it_and_the_rest_goes_on(say: Say, stand: Stand, tree: Path) -> None:
    stand.fails = fails("outcome_focused")
    said = say(*SWEEP, "output=out")
    assert said.code == 1
    assert "arm outcome_focused in - is missing: RuntimeError: no such luck (policy=outcome_focused)" in said.err
    assert "1 failed" in said.err and "and more of it" not in said.err
    facts = json.loads((tree / "out" / "manifest.json").read_text())
    assert [row["arm"] for row in facts["arms"]] == ["balanced", "traditional"]
    assert facts["missing"][0]["overrides"] == ["policy=outcome_focused"]


def test_a_failure_stops_what_has_not_begun_if_asked(say: Say, stand: Stand, tree: Path) -> None:
    stand.fails = fails("outcome_focused")
    said = say(*SWEEP, "output=out", "on_failure=stop")
    assert said.code == 1
    facts = json.loads((tree / "out" / "manifest.json").read_text())
    assert [row["arm"] for row in facts["arms"]] == ["balanced"]
    assert facts["missing"][1]["reason"] == "it was not begun, because another had failed"


def test_an_interrupted_result_goes_on_with_the_same_command_only(say: Say, stand: Stand, tree: Path) -> None:
    stand.stops_after = 1
    assert say("run", "replications=2", "output=out").code == 130
    assert say("run", "replications=3", "output=out").code == 2, "another command"
    stand.stops_after = None
    assert say("run", "replications=2", "output=out").code == 0
    facts = json.loads((tree / "out" / "manifest.json").read_text())
    assert facts["complete"] is True
    assert say("run", "replications=2", "output=out").code == 2, "a finished result is never written over"


def test_runs_lists_shows_and_cleans(say: Say, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "there is no store" in say("runs", "list").sentence
    say(*SWEEP, "output=out", "seed=7")
    listed = say("runs", "list")
    assert (
        listed.code == 0
        and len(listed.out) == 5
        and listed.out[-1].startswith("3 scenarios, 0 replications, 6 pending")
    )
    (line,) = say("runs", "list", "traditional").out[1:-1]
    assert "0/2" in line and " this " in line and "seed=7" in line
    shown = say("runs", "show", line.split()[0])
    assert (
        shown.code == 0
        and "traditional" in shown.out[0]
        and "0 succeeded, 0 failed, 2 pending of 2; 0.0 MB" in shown.out
    )
    assert "6 keys" in say("runs", "show", "").sentence or "begin with" in say("runs", "show", "").sentence
    assert say("runs", "clean").out == ["removed 0 of 3 scenarios, 0.0 MB"]
    assert say("runs", "clean", "--older-than", "1").out[0].startswith("removed 0 of 3")
    assert say("runs", "clean", line.split()[0]).out[0].startswith("removed 1 of 3")
    monkeypatch.setattr("sim.store.key.code_version", lambda packages: "a later one")
    assert " other " in say("runs", "list").out[1]
    assert say("runs", "clean").out[0].startswith("removed 2 of 2")
    for words in (("runs",), ("runs", "throw"), ("runs", "clean", "--older-than", "x"), ("runs", "show", "zz")):
        said = say(*words)
        assert said.code == 2 and len(said.err.strip().splitlines()) == 1, words


def test_every_finished_study_is_in_the_table_once(say: Say, stand: Stand, tree: Path) -> None:
    from sim.store.table import dataset

    def rows() -> dict[str, int]:
        table = dataset(tree / "results" / "store").to_table(["experiment", "arm", "settings"]).to_pandas()
        return dict(table.groupby(["experiment", "arm", "settings"]).size())

    assert say(*SWEEP, "seed=1,2").code == 0
    first = rows()
    assert {key[0] for key in first} == {"sweep"} and len(first) == 6
    assert set(first.values()) == {6} and {key[2] for key in first} == {"seed=1", "seed=2"}
    assert say(*SWEEP, "seed=1,2").code == 0
    assert rows() == first, "once more changes nothing"
    stand.stops_after = 1
    assert say(*SWEEP, "seed=3").code == 130
    assert rows() == first, "an interrupted study is not in it"
    stand.stops_after = None
    assert say("runs", "clean", "--all").code == 0
    assert not list((tree / "results" / "store").glob("table/*/*.parquet"))
