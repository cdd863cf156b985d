"""The same study under every launcher gives the same tables, also when a worker is killed in the middle."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.experiments.block import Order, ended, read_block, sizes, unfinished, write_blocks
from sim.experiments.tally import Counter, Teller

ROOT = Path(__file__).parents[2]
STUDY = (
    *("run", "-m", "policy=balanced,traditional", "market.contract.term_months=6,12", "candidates_share=0.04"),
    *("horizon_months=18", "metrics=[value]", "replications=12", "output=out"),
)
with_ray = pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed")


def test_blocks_hold_every_scenario_once_in_its_place(tmp_path: Path) -> None:
    asked = [Order(f"a{number}", "-", f"arms/-/a{number}", 2, ["x=1"]) for number in range(7)]
    names = write_blocks(tmp_path, asked, 3)
    places = [tmp_path / ".blocks" / name for name in names]
    assert [order for place in places for order in read_block(place)] == asked and len(names) == 3
    counter = Counter(Teller(places[2]))
    counter.begin("a6", 2)
    assert unfinished(tmp_path, names) == names and ended(tmp_path, names) == 0
    counter.ended()
    assert unfinished(tmp_path, names) == names[:2] and ended(tmp_path, names) == 1
    assert unfinished(tmp_path, write_blocks(tmp_path, asked, 7)) == ["0"], "what a kill left behind is forgotten"


def test_a_block_is_everything_here_and_elsewhere_so_large_that_blocks_stay_few() -> None:
    assert (sizes(1000, None, False), sizes(10, None, True), sizes(1000, None, True)) == (1000, 1, 4)
    assert sizes(1000, 30, True) == sizes(1000, 30, False) == 30
    assert sizes(0, None, False) == 1


def command(folder: Path, *words: str) -> subprocess.Popen[str]:
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *STUDY, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def tables(folder: Path) -> dict[str, bytes]:
    """Every table and each scenario's configuration; what is left out repeats the command line."""
    files = [path for path in folder.glob("arms/*/*/*") if path.name != "manifest.json"]
    files += folder.glob("*.parquet")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def basic(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("basic")
    process = command(folder)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return tables(folder / "out")


LAUNCHERS = (
    ("hydra/launcher=joblib", "hydra.launcher.n_jobs=2"),
    pytest.param(("hydra/launcher=ray", "hydra.launcher.workers=2"), marks=with_ray),
)


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="looks for the worker in /proc")
@pytest.mark.parametrize("launcher", LAUNCHERS, ids=["joblib", "ray"])
def test_a_worker_killed_in_the_middle_leaves_the_tables_of_an_undisturbed_run(
    basic: dict[str, bytes], launcher: tuple[str, ...], tmp_path: Path
) -> None:
    process = command(tmp_path, *launcher, "block=2")
    store = tmp_path / "results" / "store"
    while len(list(store.glob("runs/*/*/*.metrics"))) < 6:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    victim = next(pid for pid, line in descendants(process.pid) if "ray::run" in line or "popen_loky" in line)
    os.kill(victim, signal.SIGKILL)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert "48/48 replications, 4/4 scenarios" in err and "failed" not in err
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["complete"]
    found = tables(tmp_path / "out")
    assert found.keys() == basic.keys() and len(found) > 4 * 8
    assert [name for name in found if found[name] != basic[name]] == []


def descendants(pid: int) -> Iterator[tuple[int, str]]:
    """(process, its command line) of everything that a process of ours has started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    below = {pid}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    for child in sorted(below - {pid}):
        try:
            yield child, Path(f"/proc/{child}/cmdline").read_bytes().decode().replace("\0", " ")
        except OSError:
            continue
