"""What it takes to take up and to collect runs that are finished: seconds, and memory in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.store.shelf import Shelf

FINISHED = 10_000
SMALL = ("candidates_share=0.02", "horizon_months=13", "metrics=[value]", "replications=1", "n_jobs=1")
LARGE_RUNS = 100
"""Of the default scenario; memory is read at this many and at twice as many."""
MEBIBYTE = 1 << 20


def collecting_costs(folder: Path) -> dict[str, float]:
    """Processor seconds for 10,000 finished runs of a small scenario; the largest memory of a process that collects."""
    from sim.build import load_scenario
    from sim.experiments.replicate import each

    scenario, shelf = load_scenario(*SMALL), finished(SMALL, FINISHED, folder / "small")
    collect(SMALL, 1, folder / "small", folder / "first")
    started = time.process_time()
    collect(SMALL, FINISHED, folder / "small", folder / "result")
    with_tables, started = time.process_time() - started, time.process_time()
    each(lambda found: None, scenario, 0, FINISHED, shelf=shelf, tables=False)
    found = {"resume_10000_s": with_tables, "resume_10000_metrics_only_s": time.process_time() - started}
    finished((), 2 * LARGE_RUNS, folder / "large")
    half, whole = (_memory(SMALL, runs, folder / "small") for runs in (FINISHED // 2, FINISHED))
    large = [_memory((), runs, folder / "large") for runs in (LARGE_RUNS, 2 * LARGE_RUNS)]
    memory = {"collect_10000_mb": whole, "collect_5000_mb": half}
    return {
        **found,
        **memory,
        f"collect_{LARGE_RUNS}_large_mb": large[0],
        f"collect_{2 * LARGE_RUNS}_large_mb": large[1],
    }


def finished(overrides: Sequence[str], runs: int, folder: Path) -> Shelf:
    """A store's shelf with so many finished runs: copies of the first one."""
    from sim.build import load_scenario
    from sim.experiments.replicate import each
    from sim.store.shelf import Shelf

    shelf = Shelf(folder, "m")
    each(lambda found: None, load_scenario(*overrides), 0, 1, shelf=shelf)
    for number in range(1, runs):
        for ending in (".facts", ".m.metrics"):
            first, copy = folder / f"000000{ending}", folder / f"{number:06d}{ending}"
            try:
                os.link(first, copy)
            except OSError:
                shutil.copyfile(first, copy)
    return shelf


def collect(overrides: Sequence[str], runs: int, store: Path, folder: Path) -> None:
    """Put the tables of a scenario together out of the store, as a job does."""
    from sim.build import load_scenario
    from sim.experiments.files import Files
    from sim.experiments.replicate import each
    from sim.store.shelf import Shelf

    scenario = load_scenario(*overrides)
    with Files(folder, scenario, {"arm": "a", "context": "-"}) as files:
        each(files.add, scenario, 0, runs, shelf=Shelf(store, "m"))
        files.keep()


def _memory(overrides: Sequence[str], runs: int, store: Path) -> float:
    """Largest resident memory of a process that collects, in MiB."""
    argv = [sys.executable, "-m", "sim.experiments.bench_collecting", str(store), str(runs), *overrides]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    return float(said)


def _most_used() -> float:
    """Largest resident memory of this process so far, in MiB."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return float(status.split("VmHWM:")[1].split()[0]) * 1024 / MEBIBYTE
    except (OSError, IndexError):
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / MEBIBYTE if sys.platform == "darwin" else most * 1024 / MEBIBYTE


if __name__ == "__main__":
    collect(sys.argv[3:], int(sys.argv[2]), Path(sys.argv[1]), Path(sys.argv[1]).with_name("collected"))
    print(_most_used())
