"""The store's keys on the command line, failures that stop or do not, and interrupted results that go on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.checks import InputError
from sim.experiments.folders import claim
from sim.experiments.occupied import release

from .conftest import Said, Stand

Say = Callable[..., Said]
SWEEP = ("run", "-m", "policy=balanced,traditional", "replications=2")
"""Two jobs only: composing a configuration is what these tests cost."""


def fails(policy: str) -> Callable[[Any], None]:
    def check(cfg: Any) -> None:
        if cfg.policy.name == policy:
            raise RuntimeError("no such luck\nand more of it")

    return check


def test_the_store_lies_where_the_environment_says(say: Say, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the results otherwise (the tests below)."""
    monkeypatch.setenv("OUTCOMELAB_STORE", str(tree / "theirs"))
    say("run", "replications=2", "output=c")
    assert (tree / "theirs" / "runs").is_dir() and not (tree / "results").exists()
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
    stand.fails = fails("balanced")
    said = say(*SWEEP, "output=out")
    assert said.code == 1
    assert "arm balanced in - is missing: RuntimeError: no such luck (policy=balanced)" in said.err
    assert "1 failed" in said.err and "and more of it" not in said.err
    facts = json.loads((tree / "out" / "manifest.json").read_text())
    assert [row["arm"] for row in facts["arms"]] == ["traditional"]
    assert facts["missing"][0]["overrides"] == ["policy=balanced"]


def test_a_failure_stops_what_has_not_begun_if_asked(say: Say, stand: Stand, tree: Path) -> None:
    stand.fails = fails("balanced")
    said = say(*SWEEP, "output=out", "on_failure=stop")
    assert said.code == 1
    assert "arm traditional in - is missing: it was not begun, because another had failed" in said.err
    assert not list((tree / "out").rglob("metrics.parquet"))


def test_an_interrupted_result_goes_on_with_the_same_command_only(tmp_path: Path) -> None:
    arm = tmp_path / "arms" / "-" / "a"
    arm.mkdir(parents=True)
    for facts, command, goes_on in (
        ({"complete": False, "command": "run a"}, "run a", True),
        ({"complete": False, "command": "run a"}, "run b", False),
        ({"complete": True, "command": "run a"}, "run a", False),
    ):
        for name in ("manifest.json", "failure.json", ".events.parquet.7.part", "events.parquet"):
            (arm / name).write_text("{}")
        (tmp_path / "manifest.json").write_text(json.dumps(facts))
        if goes_on:
            assert claim(str(tmp_path), "x", False, command) == tmp_path.resolve()
            release(tmp_path.resolve())
            left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
            assert left == {"events.parquet", ".manifest.json.before"}, "no result until somebody vouches for it"
        else:
            with pytest.raises(InputError, match="which holds one"):
                claim(str(tmp_path), "x", False, command)
            assert (arm / "failure.json").exists()


def test_runs_lists_shows_and_cleans(say: Say, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "there is no store" in say("runs", "list").sentence
    say(*SWEEP, "output=out", "seed=7")
    listed = say("runs", "list")
    assert (
        listed.code == 0
        and len(listed.out) == 4
        and listed.out[-1].startswith("2 scenarios, 0 replications, 4 pending")
    )
    (line,) = say("runs", "list", "traditional").out[1:-1]
    assert "0/2" in line and " this " in line and "seed=7" in line
    shown = say("runs", "show", line.split()[0])
    assert (
        shown.code == 0
        and "traditional" in shown.out[0]
        and "0 succeeded, 0 failed, 2 pending of 2; 0.0 MB" in shown.out
    )
    assert "no keys begin with" in say("runs", "show", "").sentence
    assert say("runs", "clean").out == ["removed 0 of 2 scenarios, 0.0 MB"]
    assert say("runs", "clean", "--older-than", "1").out[0].startswith("removed 0 of 2")
    assert say("runs", "clean", line.split()[0]).out[0].startswith("removed 1 of 2")
    monkeypatch.setattr("sim.store.key.code_version", lambda packages: "a later one")
    assert " other " in say("runs", "list").out[1]
    assert say("runs", "clean").out[0].startswith("removed 1 of 1")
    for words in (("runs",), ("runs", "throw"), ("runs", "clean", "--older-than", "x"), ("runs", "show", "zz")):
        said = say(*words)
        assert said.code == 2 and len(said.err.strip().splitlines()) == 1, words


def test_every_finished_study_is_in_the_table_once(say: Say, stand: Stand, tree: Path) -> None:
    from sim.store.table import dataset

    def rows() -> dict[str, int]:
        table = dataset(tree / "results" / "store").to_table(["experiment", "arm", "settings"]).to_pandas()
        return dict(table.groupby(["experiment", "arm", "settings"]).size())

    again = ("run", "seed=1", "replications=2")
    assert say(*again).code == 0
    first = rows()
    assert first == {("run", "balanced", ""): 6}
    assert say(*again).code == 0
    assert rows() == first, "once more changes nothing"
    stand.stops_after = 1
    assert say("run", "seed=3", "replications=2").code == 130
    assert rows() == first, "an interrupted study is not in it"
    stand.stops_after = None
    assert say("runs", "clean", "--all").code == 0
    assert not list((tree / "results" / "store").glob("table/*/*.parquet"))
