"""What a command leaves on disk, also when it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import yaml

from sim.checks import InputError
from sim.command import define
from sim.experiments.two_results import read_result
from sim.report import command as report

from .conftest import Said, Stand

Say = Callable[..., Said]


def manifest(folder: Path) -> dict[str, object]:
    found = json.loads((folder / "manifest.json").read_text())
    assert isinstance(found, dict)
    return found


def test_a_single_run(say: Say, tree: Path) -> None:
    said = say("run", "policy=outcome_focused", "seed=0", "replications=2")
    assert said.code == 0 and len(said.out) == 1
    folder = Path(said.out[0]).parent
    assert folder.parent == tree / "results" / "run"
    assert {path.name for path in folder.iterdir()} == {
        "report.html", "metrics.parquet", "definitions.json", "config.yaml", "manifest.json", "arms",
    }  # fmt: skip
    arm = folder / "arms" / "-" / "outcome_focused"
    assert {path.name for path in arm.iterdir()} >= {"events.parquet", "config.yaml", "manifest.json"}
    facts = manifest(folder)
    assert facts["complete"] and facts["command"] == "outcomelab run policy=outcome_focused seed=0 replications=2"
    assert not [path for path in tree.rglob("*") if path.name.startswith(".") or path.name in ("outputs", "multirun")]


def test_the_manifest_is_the_last_file(say: Say) -> None:
    folder = Path(say("run", "replications=2").out[-1]).parent
    for place in (folder, folder / "arms" / "-" / "balanced"):
        last = (place / "manifest.json").stat().st_mtime_ns
        assert all(path.stat().st_mtime_ns <= last for path in place.rglob("*") if path.is_file())


def test_a_turning_point_is_kept_with_what_the_study_says(say: Say) -> None:
    """A page that asks where an answer turns is filled from it."""
    typed = ("policy=balanced,outcome_focused", "world.share_experience=0.2,0.8", "replications=2")
    said = say("run", "-m", *typed)
    kept = (Path(said.out[-1]).parent / "said.txt").read_text().splitlines()
    turns = [line for line in said.out if line.startswith("flip net_cash_per_candidate")]
    assert turns and set(turns) <= set(kept)


def test_results_are_told_apart_and_latest_is_the_newest(say: Say, tree: Path) -> None:
    first, second = (Path(say("run", "replications=2").out[-1]).parent for _ in range(2))
    assert first != second and (tree / "results" / "latest").resolve() == second
    assert not os.path.isabs(os.readlink(tree / "results" / "latest"))


def test_latest_can_be_typed_wherever_a_folder_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    newest = Path("results") / "latest"
    newest.mkdir(parents=True)
    assert report.read(["latest"]).folder == report.read([]).folder == newest
    assert define.read(["latest", "nrr"]).folder == define.read([]).folder == newest
    for typed in ("latest", "latest:balanced"):
        with pytest.raises(InputError, match="results/latest must be the folder of a result"):
            read_result(typed)
    Path("latest").mkdir()
    assert report.read(["latest"]).folder == Path("latest")


def test_the_hash_ignores_what_changes_no_table(say: Say) -> None:
    hashes = [
        manifest(Path(say("run", "replications=2", *words).out[-1]).parent)["config_hash"]
        for words in ((), ("n_jobs=1", "output=a"), ("seed=1",), ("policy.sales.promise=0.2",))
    ]
    assert hashes[0] == hashes[1] and len(set(hashes)) == 3


def test_the_resolved_configuration_holds_no_path_of_the_machine(say: Say, tree: Path) -> None:
    folder = Path(say("run", "replications=2", "output=here").out[-1]).parent
    for file in folder.rglob("config.yaml"):
        text = file.read_text()
        assert str(tree) not in text and "${" not in text and "hydra" not in yaml.safe_load(text)


def test_ctrl_c_keeps_what_is_finished(say: Say, stand: Stand, tree: Path) -> None:
    stand.stops_after = 3
    said = say("run", "-m", "policy=balanced,outcome_focused", "replications=5", "output=out")
    assert said.code == 130 and said.sentence == "outcomelab: stopped by Ctrl-C"
    facts = manifest(tree / "out")
    assert facts["complete"] is False
    assert [row["finished"] for row in facts["arms"]] == [3]  # type: ignore[attr-defined]
    assert [row["arm"] for row in facts["missing"]] == ["outcome_focused"]  # type: ignore[attr-defined]
    assert manifest(tree / "out" / "arms" / "-" / "balanced")["complete"] is False
    assert not (tree / "out" / "arms" / "-" / "outcome_focused").exists()


def test_ctrl_c_before_anything_finished(say: Say, stand: Stand, tree: Path) -> None:
    stand.stops_after = 0
    said = say("run", "replications=5")
    assert said.code == 130 and said.out == []
    (folder,) = (tree / "results" / "run").iterdir()
    assert manifest(folder)["complete"] is False
    assert not (tree / "results" / "latest").exists()


@pytest.mark.slow
def test_a_real_ctrl_c(tmp_path: Path) -> None:
    argv = ["run", "replications=4000", "n_jobs=1", "candidates_share=0.05", "horizon_months=12", "output=out"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *argv], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # whoever started the tests may ignore it
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if "replications, " in line:
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    facts = manifest(tmp_path / "out")
    assert facts["complete"] is False
    assert 0 < facts["arms"][0]["finished"] < 4000  # type: ignore[index]


@pytest.mark.slow
def test_the_real_thing_from_one_end_to_the_other(tmp_path: Path) -> None:
    argv = ["run", "experiment=experience_vs_outcome", "size=small", "replications=2", "candidates_share=0.1"]
    started = time.time()
    done = subprocess.run([sys.executable, "-m", "sim", *argv], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    headline = [line.split() for line in lines if line.startswith("verdict net_cash_per_candidate ")]
    assert [fields[8] for fields in headline] == ["experience_decides", "both_matter", "outcomes_decide"]
    assert {fields[1] for fields in map(str.split, lines[:-1])} >= {"logo_retention_12"}
    page = Path(lines[-1])
    assert page.stat().st_mtime >= started - 1 and "http://" not in page.read_text().replace("http://www.w3.org", "")
    assert "replications" in done.stderr and "Traceback" not in done.stderr
