"""Replications: the same bytes however they were run, and finished work survives an interruption."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sim import parquet
from sim.build import load_scenario
from sim.checks import InputError
from sim.columns import Plain, height, plain
from sim.experiments.files import Files
from sim.experiments.job import labelled
from sim.experiments.progress import Progress
from sim.experiments.replicate import Replicated, each, replicate
from sim.experiments.replication import Outcome
from sim.experiments.tally import Counter
from sim.metrics.long import LONG_COLUMNS
from sim.scenario import Scenario
from sim.store.shelf import Facts, Shelf
from sim.tables import read_tables, single_runs, write_result, write_tables

SMALL = ("market.arrival.candidates_per_month=8", "horizon_months=18")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(*SMALL)


@pytest.fixture(scope="module")
def serial(scenario: Scenario) -> Replicated:
    return replicate(scenario, seed=3, replications=5, n_jobs=1)


def stored(result: Replicated, folder: Path) -> dict[str, bytes]:
    write_tables(result.run, folder)
    write_result(labelled(result.metrics, LABELS), folder / "metrics.parquet")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


LABELS = {"arm": "a", "context": "x=1", "x": "1"}


def collected(scenario: Scenario, folder: Path, n_jobs: int, shelf: Shelf | None = None) -> dict[str, bytes]:
    """What a job leaves: written while replications come in."""
    with Files(folder, scenario, LABELS) as files:
        assert each(files.add, scenario, seed=3, replications=5, n_jobs=n_jobs, shelf=shelf) == 5
        sums = files.keep()
    found = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}
    return found


def test_bytes_do_not_depend_on_workers_nor_on_the_store_nor_on_how_they_are_put_together(
    scenario: Scenario, serial: Replicated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 100)
    whole = stored(serial, tmp_path / "whole")
    assert collected(scenario, tmp_path / "one", 1) == whole
    assert collected(scenario, tmp_path / "two", 2) == whole
    shelf = Shelf(tmp_path / "shelf", "m")
    replicate(scenario, seed=3, replications=4, shelf=shelf)
    for number, ending in ((1, "facts"), (2, "m.metrics")):
        (shelf.folder / f"{number:06d}.{ending}").write_bytes(b"damaged")
    (shelf.folder / "000003.facts").unlink()
    assert collected(scenario, tmp_path / "resumed", 1, shelf) == whole


def test_memory_does_not_grow_with_replications(
    serial: Replicated, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 2000)
    first = serial.metrics[serial.metrics["replication"] == 0]
    facts = Facts.of(next(single_runs(serial.run))[1])

    def peak(replications: int) -> int:
        rows, most = list[int](), 0
        tracemalloc.start()
        with Files(tmp_path, scenario, LABELS) as files:
            for number in range(replications):
                copied = {name: dict(table) for name, table in facts.tables.items()}
                for table in copied.values():
                    table["replication"] = Plain("number", np.full(height(table), number, np.int32))
                files.add(Outcome(number, facts._replace(tables=copied), plain(first)))
                most = max(most, pa.total_allocated_bytes())
            files.keep()
        rows.append(files.events)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert rows == [replications * height(facts.tables["events"])]
        return found + most

    peak(20)
    assert peak(160) < 1.1 * peak(80)


def test_another_seed_gives_other_bytes(scenario: Scenario, serial: Replicated, tmp_path: Path) -> None:
    """Negative control of the test above."""
    other = replicate(scenario, seed=4, replications=5, n_jobs=1)
    assert stored(serial, tmp_path / "one")["events.parquet"] != stored(other, tmp_path / "two")["events.parquet"]


def test_a_replication_does_not_depend_on_how_many_follow(scenario: Scenario, serial: Replicated) -> None:
    two = replicate(scenario, seed=3, replications=2)
    first = serial.metrics[serial.metrics["replication"] < 2].reset_index(drop=True)
    assert first.equals(two.metrics)


def test_shape_of_the_result(serial: Replicated) -> None:
    assert serial.complete
    assert serial.finished == 5
    assert list(serial.metrics.columns) == ["replication", *LONG_COLUMNS]
    assert sorted(serial.metrics["replication"].unique()) == [0, 1, 2, 3, 4]
    assert serial.run.events["replication"].is_monotonic_increasing
    counts = serial.metrics.groupby("replication").size()
    assert counts.nunique() == 1, "every replication measures the same metrics"


def test_tables_come_back_as_they_were_written(serial: Replicated, tmp_path: Path) -> None:
    write_tables(serial.run, tmp_path)
    back = read_tables(tmp_path)
    for name, frame in serial.run.tables.items():
        assert back.tables[name].equals(frame), name
        assert (back.tables[name].dtypes == frame.dtypes).all(), name
    assert back.windows == serial.run.windows
    assert back.kernel_events == serial.run.kernel_events


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_interruption_keeps_what_was_finished(scenario: Scenario, serial: Replicated, n_jobs: int) -> None:
    def impatient(done: int, total: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    kept = replicate(scenario, seed=3, replications=5, n_jobs=n_jobs, progress=impatient)
    assert not kept.complete
    assert 2 <= kept.finished < 5
    expected = serial.metrics[serial.metrics["replication"].isin(kept.metrics["replication"])]
    assert kept.metrics.equals(expected.reset_index(drop=True))


def test_interruption_before_anything_finished_leaves_empty_tables(scenario: Scenario, tmp_path: Path) -> None:
    from sim.experiments import replication as module

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_one", stop)
        kept = replicate(scenario, replications=3)
    assert (kept.finished, kept.complete) == (0, False)
    write_tables(kept.run, tmp_path)
    assert len(read_tables(tmp_path).events) == 0
    assert list(kept.metrics.columns) == ["replication", *LONG_COLUMNS]


SCRIPT = """
import sys
from sim.build import load_scenario
from sim.experiments.replicate import replicate

if __name__ == "__main__":
    def say(done, total):
        print("done", done, flush=True)
    found = replicate(load_scenario(*sys.argv[1:]), replications=400, n_jobs=2, progress=say)
    print("kept", found.finished, found.complete, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends a signal to a process group")
def test_ctrl_c_in_a_terminal_stops_workers_and_keeps_work(tmp_path: Path) -> None:
    script = tmp_path / "interrupted.py"
    script.write_text(SCRIPT)
    root = str(Path(__file__).parents[2])
    started = subprocess.Popen(
        [sys.executable, str(script), *SMALL], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root,
        env=os.environ | {"PYTHONPATH": root}, start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # whoever started the tests may ignore it
    )  # fmt: skip
    assert started.stdout is not None
    assert started.stdout.readline().startswith("done")
    os.killpg(started.pid, signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert started.returncode == 0, err
    assert out.splitlines()[-1].startswith("kept ")
    assert out.split()[-1] == "False"
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("key", "value"), [("replications", 0), ("replications", 1.5), ("seed", -1), ("seed", "abc"), ("n_jobs", 0)]
)
def test_bad_input_is_one_sentence(scenario: Scenario, key: str, value: object) -> None:
    with pytest.raises(InputError, match=f"^{key} must be (a whole number )?in "):
        replicate(scenario, **{key: value})  # type: ignore[arg-type]


class Clock:
    """Time that moves when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_progress_speaks_at_once_then_at_intervals_with_time_left() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress(20, stream=stream, clock=clock) as progress:
        assert "0/20" in stream.getvalue()
        counter = Counter(progress.show)
        for name in ("a", "b"):
            counter.begin(name, 10)
            for done in range(1, 11):
                clock.now += 1.0
                counter.advance(done, 10)
    lines = stream.getvalue().splitlines()
    assert len(lines) <= 6
    assert "a: 5/20 replications, 1 per second, 0:15 left" in lines
    assert lines[-1].startswith("b: 20/20")


def test_a_worker_starts_light() -> None:
    """What a worker imports to simulate and measure stays clear of heavy libraries."""
    code = (
        "import sys, time; import sim.experiments.replicate, sim.simulation, sim.metrics.value;"
        "print(sorted({'hydra', 'matplotlib', 'scipy.stats', 'jinja2', 'omegaconf'} & set(sys.modules)))"
    )
    begun = time.monotonic()
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
    assert time.monotonic() - begun < 20
