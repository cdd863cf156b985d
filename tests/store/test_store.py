"""The store: nothing is simulated twice, nothing wrong is read, and a kill at any moment loses next to nothing."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.build import load_scenario
from sim.columns import plain as take_apart
from sim.columns import stacked
from sim.experiments import replication as module
from sim.experiments.replicate import Replicated, replicate
from sim.scenario import Scenario
from sim.store.code import code_version
from sim.store.key import metrics_key, scenario_key
from sim.store.packing import MAGIC, Damaged, pack, unpack
from sim.store.place import make_room, prove_writable, shelf, shelves
from sim.store.shelf import Shelf

ROOT = Path(__file__).parents[2]
SMALL = ("candidates_share=0.04", "horizon_months=18", "metrics=[value,retention]")
TREE = {"title": "t", "arm": "a", "context": [], "seed": 3, "metrics": {"value": {}}, "market": {"x": 1}}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(*SMALL)


@pytest.fixture(scope="module")
def plain(scenario: Scenario) -> Replicated:
    return replicate(scenario, seed=3, replications=4)


@pytest.fixture
def place(scenario: Scenario, tmp_path: Path) -> Shelf:
    return shelf(tmp_path / "store", TREE, scenario, 4)


def same(one: Replicated, other: Replicated) -> bool:
    tables = all(frame.equals(other.run.tables[name]) for name, frame in one.run.tables.items())
    kinds = all((frame.dtypes == other.run.tables[name].dtypes).all() for name, frame in one.run.tables.items())
    return tables and kinds and one.metrics.equals(other.metrics) and (one.metrics.dtypes == other.metrics.dtypes).all()


def simulations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Replications really simulated from here on."""
    import sim.simulation

    done, real = [], sim.simulation.simulate
    monkeypatch.setattr("sim.simulation.simulate", lambda s, seed, n: (done.append(n), real(s, seed, n))[1])
    return done


def test_what_is_packed_comes_back(plain: Replicated) -> None:
    tables = {**plain.run.tables, "metrics": plain.metrics}
    apart = {name: take_apart(frame) for name, frame in tables.items()}
    back, facts = unpack(pack(apart, {"kernel_events": 7, "rate": 0.1}))
    assert facts == {"kernel_events": 7, "rate": 0.1}
    for name, frame in tables.items():
        again = stacked([back[name]])
        assert again.equals(frame) and (again.dtypes == frame.dtypes).all(), name


def test_tables_put_together_are_what_pandas_would_put_together() -> None:
    one = pd.DataFrame({"x": [1.5, np.nan], "kind": pd.Categorical(["b", "a"]), "text": ["q", None]})
    two = pd.DataFrame({"x": [2.5], "kind": pd.Categorical(["c"], categories=["a", "c"]), "text": ["p"]})
    frames = [frame.astype({"text": "str"}) for frame in (one, two, one)]
    found = stacked([take_apart(frame) for frame in frames])
    assert list(found["kind"].cat.categories) == ["a", "b", "c"]
    wanted = pd.concat([frame.astype({"kind": "str"}) for frame in frames], ignore_index=True)
    pd.testing.assert_frame_equal(found.astype({"kind": "str"}), wanted)
    assert list(take_apart(found)["text"].says("q")) == [True, False, False, True, False]
    assert not take_apart(found)["text"].says("never").any()


def test_every_changed_bit_is_noticed(plain: Replicated) -> None:
    content = pack({"customers": take_apart(plain.run.customers.head(20))}, {})
    for at in range(0, len(content), 7):
        broken = bytearray(content)
        broken[at] ^= 4
        with pytest.raises(Damaged):
            unpack(bytes(broken))
    with pytest.raises(Damaged):
        unpack(content[:-1])
    with pytest.raises(Damaged):
        unpack(MAGIC)


def test_the_second_time_nothing_is_simulated(
    scenario: Scenario, plain: Replicated, place: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert same(replicate(scenario, 3, 3, shelf=place), replicate(scenario, 3, 3))
    done = simulations(monkeypatch)
    assert same(replicate(scenario, 3, 4, shelf=place), plain)
    assert done == [3]
    assert same(replicate(scenario, 3, 4, n_jobs=2, shelf=place), plain) and done == [3]


def test_other_metrics_are_measured_without_simulating_again(
    scenario: Scenario, place: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replicate(scenario, 3, 2, shelf=place)
    other = load_scenario(*SMALL[:2], "metrics=[service]")
    done = simulations(monkeypatch)
    elsewhere = shelf(tmp_path / "store", {**TREE, "metrics": {"service": {}}}, scenario, 2)
    assert elsewhere.folder == place.folder and elsewhere.measured != place.measured
    found = replicate(other, 3, 2, shelf=elsewhere)
    assert done == [] and set(found.metrics["metric"]) != set(replicate(scenario, 3, 2, shelf=place).metrics["metric"])


def test_a_damaged_file_is_made_again_and_said(
    scenario: Scenario,
    plain: Replicated,
    place: Shelf,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    replicate(scenario, 3, 4, shelf=place)
    facts, metrics = place.folder / "000001.facts", place.folder / f"000002.{place.measured}.metrics"
    facts.write_bytes(facts.read_bytes()[:-9] + b"corrupted")
    metrics.write_bytes(b"")
    done = simulations(monkeypatch)
    with caplog.at_level(logging.WARNING):
        assert same(replicate(scenario, 3, 4, shelf=place), plain)
    assert done == [1], "the damaged tables are simulated again, the damaged metrics are measured again"
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "000001.facts in the store is made again" in said and "000002." in said
    assert same(replicate(scenario, 3, 4, shelf=place), plain) and done == [1]


def test_the_key_tells_apart_what_changes_numbers_and_nothing_else(scenario: Scenario) -> None:
    key = scenario_key(TREE, scenario)
    for same_numbers in (
        {"title": "u"},
        {"replications": 9},
        {"n_jobs": 2},
        {"store": "x"},
        {"metrics": {}},
        {"arm": "b"},
    ):
        assert scenario_key({**TREE, **same_numbers}, scenario) == key
    assert metrics_key({**TREE, "metrics": {}}) != metrics_key(TREE)
    for other_numbers in ({"seed": 4}, {"market": {"x": 2}}, {"a_key_of_tomorrow": 1}):
        assert scenario_key({**TREE, **other_numbers}, scenario) != key
    other = load_scenario(*SMALL[1:])
    assert scenario_key(TREE, other) != key, "the market as built counts, whatever the configuration says of it"


def test_another_code_version_is_another_key(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = scenario_key(TREE, scenario)
    monkeypatch.setattr("sim.store.key.code_version", lambda packages: "another")
    assert scenario_key(TREE, scenario) != key
    monkeypatch.undo()
    package = tmp_path / "rules_of_my_own"
    package.mkdir()
    (package / "__init__.py").write_text("x = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = code_version(("rules_of_my_own",))
    assert before != code_version()
    (package / "__init__.py").write_text("x = 2\n")
    code_version.cache_clear()
    assert code_version(("rules_of_my_own",)) != before


def test_a_failure_is_kept_until_it_is_made_good(
    scenario: Scenario, place: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, "_simulated", lambda task, n: 1 / 0 if n == 1 else replicated_one(task, n))
        with pytest.raises(ZeroDivisionError):
            replicate(scenario, 3, 3, shelf=place)
    assert place.failures() == {1: "ZeroDivisionError: division by zero"}
    (kept,) = shelves(tmp_path / "store")
    assert kept.counts == (4, 1, 1) and kept.counts.pending == 2
    replicate(scenario, 3, 4, shelf=place)
    (kept,) = shelves(tmp_path / "store")
    assert place.failures() == {} and kept.counts == (4, 4, 0)


replicated_one = module._simulated


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_a_killed_worker_costs_its_own_work_only(
    scenario: Scenario, plain: Replicated, place: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    flag = tmp_path / "killed"

    def deadly(own: Scenario, seed: int, number: int) -> Scenario:
        if number == 3 and not flag.exists():
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return own

    with caplog.at_level(logging.WARNING):
        assert same(replicate(scenario, 3, 4, n_jobs=2, vary=deadly, shelf=place), plain)
    assert flag.exists() and [r.getMessage() for r in caplog.records] == [
        "a process was killed: what was in hand is begun again"
    ]
    assert place.failures() == {}


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_a_replication_that_kills_every_worker_is_given_up_and_the_others_are_kept(
    scenario: Scenario, place: Shelf
) -> None:
    def deadly(own: Scenario, seed: int, number: int) -> Scenario:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return own

    with pytest.raises(Exception, match=r"terminated|killed"):
        replicate(scenario, 3, 4, n_jobs=2, vary=deadly, shelf=place)
    assert 3 not in place.finished(tables=True) and {0, 1, 2} & place.finished(tables=True)


def test_only_one_process_simulates_a_replication(place: Shelf, tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from sim.store.shelf import Shelf\n"
        f"with Shelf(Path({str(place.folder)!r}), 'x').held(7, wait=False) as mine:\n"
        "    print(mine, flush=True); time.sleep(60)\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": "."}
    )
    assert other.stdout is not None and other.stdout.readline() == "True\n"
    (kept,) = shelves(tmp_path / "store")
    from sim.store.place import remove

    with place.held(7, wait=False) as mine:
        assert not mine
    with place.held(8, wait=False) as mine:
        assert mine
    assert not remove(kept), "a shelf somebody works on stays"
    other.kill()
    other.wait()
    with place.held(7, wait=True) as mine:
        assert mine, "a lock ends with its process"
    assert remove(kept) and not kept.folder.exists()


def test_room_is_made_by_what_was_not_used_for_longest(scenario: Scenario, tmp_path: Path) -> None:
    root, now = tmp_path / "store", time.time()
    for seed in (1, 2, 3):
        own = shelf(root, {**TREE, "seed": seed}, scenario, 1)
        replicate(scenario, seed, 1, shelf=own)
        os.utime(own.folder / "scenario.json", (now - 100 + seed, now - 100 + seed))
    sizes = {one.facts["seed"]: one.size for one in shelves(root)}
    assert make_room(root, sum(sizes.values()) / 1e9, now) == 0
    assert make_room(root, (sum(sizes.values()) - 1) / 1e9, now) == 1
    assert {one.facts["seed"] for one in shelves(root)} == {2, 3}
    assert make_room(root, 0.0, begun=now - 97.5) == 1, "what the study just ended used stays"


def test_only_what_the_store_made_is_ever_removed(scenario: Scenario, tmp_path: Path) -> None:
    """A configuration from somebody else may name any folder as its store."""
    own = shelf(tmp_path, TREE, scenario, 1)
    replicate(scenario, 3, 1, shelf=own)
    precious = [own.folder / "diary.txt", tmp_path / "runs" / "letters" / "2026" / "scenario.json"]
    for file in precious:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("dear")
    make_room(tmp_path, 0.0, begun=time.time() + 1.0)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(precious)
    assert all(file.read_text() == "dear" for file in precious) and not list(own.folder.glob("*.facts"))


def test_a_store_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    from sim.checks import InputError

    (tmp_path / "file").write_text("")
    with pytest.raises(
        InputError, match=r"^store must be a folder that can be written, got .*store=null does without$"
    ):
        prove_writable(tmp_path / "file" / "below")


def test_a_store_that_fills_up_in_the_middle_costs_nothing_but_itself(
    scenario: Scenario,
    plain: Replicated,
    place: Shelf,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from sim.checks import InputError

    def full(path: Path, content: bytes) -> None:
        raise InputError(f"cannot write {path}: No space left on device")

    monkeypatch.setattr("sim.store.shelf.write_atomically", full)
    with caplog.at_level(logging.WARNING):
        assert same(replicate(scenario, 3, 4, shelf=place), plain)
    assert len([r for r in caplog.records if "No space left" in r.getMessage()]) == 1


STUDY = (
    *("run", "-m", "policy=experience_focused,outcome_focused", "candidates_share=0.04", "horizon_months=18"),
    *("metrics=[value,retention]", "replications=12"),
)


def command(folder: Path, *words: str) -> subprocess.Popen[str]:
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *STUDY, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True,
    )  # fmt: skip


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("undisturbed")
    process = command(folder, "output=out", "n_jobs=2")
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return bytes_of(folder / "out")


def finished(store: Path) -> int:
    return len(list(store.glob("runs/*/*/*.metrics")))


def killed_when(process: subprocess.Popen[str], store: Path, enough: int) -> int:
    """SIGKILL to the whole process group once so many replications are kept; how many there are then."""
    while finished(store) < enough:
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return finished(store)


@pytest.mark.skipif(os.name != "posix", reason="sends a signal to a process group")
def test_a_killed_study_goes_on_and_ends_with_the_same_bytes(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    store = tmp_path / "results" / "store"
    kept = [killed_when(command(tmp_path, "output=out", "n_jobs=2"), store, enough) for enough in (3, 15)]
    assert 3 <= kept[0] < 24 and kept[0] < kept[1] <= 24
    before = {path: path.stat().st_mtime_ns for path in store.glob("runs/*/*/*.metrics")}
    process = command(tmp_path, "output=out", "n_jobs=2")
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert bytes_of(tmp_path / "out") == undisturbed
    assert finished(store) == 24
    assert all(path.stat().st_mtime_ns == written for path, written in before.items()), "nothing was made twice"
    assert f"{kept[1]} from the store" in err
    facts = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert facts["complete"] is True and not facts["missing"]


@pytest.mark.skipif(os.name != "posix", reason="needs the locks of POSIX")
def test_two_processes_share_a_study(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    both = [command(tmp_path, f"output={name}", "n_jobs=2") for name in ("one", "two")]
    errors = [process.communicate(timeout=180)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    for name in ("one", "two"):
        assert bytes_of(tmp_path / name) == undisturbed
    assert finished(tmp_path / "results" / "store") == 24


def test_until_precise_adds_replications_through_the_store(tmp_path: Path) -> None:
    words = ("output=out", "until=precise", "half_width=900", "replications=60", "replications_at_least=4", "n_jobs=1")
    process = command(tmp_path, *words)
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err
    (line,) = [line for line in out.splitlines() if line.startswith("until ")]
    word, number = line.split()[3:5]
    verdict = next(line.split() for line in out.splitlines() if line.startswith("verdict net_cash_per_candidate "))
    low, high = float(verdict[6]), float(verdict[7])
    facts = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert word == "reached" and facts["until"][0]["replications"] == int(number) < 60
    assert (high - low) / 2 <= 900
    assert {row["finished"] for row in facts["arms"]} == {int(number)}
