"""A command that goes on leaves whole results alone and makes everything else again."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import Said, Stand

Say = Callable[..., Said]
STUDY = ("run", "-m", "policy=balanced,outcome_focused,traditional", "replications=2", "store=null", "output=out")
ARMS = ("balanced", "outcome_focused", "traditional")


def made(stand: Stand) -> list[str]:
    """Arms replicated from here on."""
    found: list[str] = []
    stand.fails = lambda cfg: found.append(str(cfg.arm))
    return found


def times(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.fixture
def interrupted(say: Say, stand: Stand, tree: Path) -> Path:
    """Two of three arms are there."""

    def fails(cfg: Any) -> None:
        if cfg.arm == ARMS[2]:
            raise KeyboardInterrupt

    stand.fails = fails
    assert say(*STUDY).code == 130
    return tree / "out" / "arms" / "-"


def test_whole_results_stay_as_they_are(say: Say, stand: Stand, interrupted: Path) -> None:
    before, done = times(interrupted / ARMS[0]), made(stand)
    said = say(*STUDY)
    assert said.code == 0 and "6/6 replications" in said.err and "4 from the store" in said.err
    assert done == [ARMS[2]] and times(interrupted / ARMS[0]) == before
    assert not [path for path in interrupted.rglob(".*") if path.is_file()]
    facts = json.loads((interrupted.parents[1] / "manifest.json").read_text())
    assert facts["complete"] and [row["arm"] for row in facts["arms"]] == list(ARMS)


def test_a_changed_or_lost_file_is_made_again(say: Say, stand: Stand, interrupted: Path) -> None:
    changed, lost = interrupted / ARMS[0] / "events.parquet", interrupted / ARMS[1] / "run.json"
    whole = {path: path.read_bytes() for path in (changed, lost)}
    changed.write_bytes(whole[changed] + b" ")
    lost.unlink()
    done = made(stand)
    said = say(*STUDY)
    assert said.code == 0 and done == list(ARMS)
    assert {path: path.read_bytes() for path in (changed, lost)} == whole
    assert f"-/{ARMS[0]}/events.parquet is made again" in said.err and f"-/{ARMS[1]}/run.json is" in said.err
    assert said.err.count("made again") == 2


def test_what_another_code_version_or_configuration_made_is_made_again(
    say: Say, stand: Stand, interrupted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = interrupted / ARMS[0] / "manifest.json"
    facts = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**facts, "complete": False}))
    done = made(stand)
    monkeypatch.setattr("sim.store.key.code_version", lambda packages: "another")
    stand.stops_after = 1
    assert say(*STUDY).code == 130
    assert done == [ARMS[0]], "the first is made again, and stopped"
    stand.stops_after = None
    assert say(*STUDY).code == 0
    assert done == [ARMS[0], *ARMS], "an incomplete one is no whole one, and the second is of another version"
    assert not list(interrupted.rglob(".*.before"))


def test_a_manifest_set_aside_twice_is_still_there(tmp_path: Path) -> None:
    from sim.experiments.before import ASIDE, put_back, set_aside

    job = tmp_path / "arms" / "-" / "a"
    job.mkdir(parents=True)
    (job / "manifest.json").write_text(json.dumps({"complete": True, "arm": "a", "files": {}}))
    for _ in range(2):
        set_aside(tmp_path)
        assert os.listdir(job) == [ASIDE]
    assert put_back(job, {"arm": "a"}, {}) and os.listdir(job) == ["manifest.json"]
    set_aside(tmp_path)
    assert not put_back(job, {"arm": "b"}, {}) and os.listdir(job) == []
