"""What a large experiment costs besides simulating: per scenario, per replication, in bytes and in files."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.composer import Composer
    from sim.experiments.plan import Study
    from sim.recorder import Run
    from sim.scenario import Scenario

MARKS = ("<!-- scale -->", "<!-- /scale -->")
GOALS = {"resume_10000_s": "<= 3"}
SCENARIOS = (4, 16)
"""Costs are differences between two sizes, so that what every command costs once is left out."""
FINISHED = 10_000
MILLION = 1_000_000
SMALL = ("candidates_share=0.02", "horizon_months=13", "metrics=[value]", "replications=1", "n_jobs=1")


def scale_costs(scenario: Scenario) -> dict[str, float]:
    """Processor time relative to simulating one replication of the default scenario, bytes and files."""
    from sim.simulation import simulate
    from sim.tables import canonical_run

    simulate(scenario, 0, 0)
    made, run = _seconds(lambda: canonical_run(simulate(scenario, 0, 1)))
    with tempfile.TemporaryDirectory() as folder:
        sizes = _bytes(scenario, run, Path(folder) / "bytes")
        costs = _per_scenario(Path(folder) / "scenarios", made)
        return {**costs, **_resume(run, Path(folder) / "resume", made), **sizes}


def _seconds(act: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    found = act()
    return time.process_time() - started, found


def _per_scenario(folder: Path, made: float) -> dict[str, float]:
    """What the driver does for a scenario before anything runs, and what a block does besides simulating it."""
    from sim.experiments.composer import composer

    driver, block = [], []
    with composer() as tree:
        for count in SCENARIOS:
            study = _study(tree, count, folder / str(count))
            _check(tree, study)
            driver.append(_seconds(partial(_check, tree, study))[0])
            _run(tree, study, folder / str(count) / "first")
            block.append(_seconds(partial(_run, tree, study, folder / str(count) / "again"))[0])
    more = SCENARIOS[1] - SCENARIOS[0]
    return {
        "driver_per_scenario": (driver[1] - driver[0]) / more / made,
        "block_per_scenario": (block[1] - block[0]) / more / made,
    }


def _study(tree: Composer, count: int, folder: Path) -> Study:
    from sim.experiments.plan import plan

    shares = ",".join(f"{0.2 + 0.6 * number / count:.3f}" for number in range(count))
    (study,) = plan(tree, [*SMALL, f"store={folder / 'store'}", f"world.share_experience={shares}"], multirun=True)
    return study


def _check(tree: Composer, study: Study) -> None:
    """Composed, checked and built, as before every command."""
    from sim.build import build
    from sim.experiments.plan import compositions

    for _, cfg in compositions(tree, study):
        build(cfg)


def _run(tree: Composer, study: Study, folder: Path) -> None:
    from sim.experiments.running import run_jobs

    folder.mkdir(parents=True)
    run_jobs(tree, study, folder)


def _resume(run: Run, folder: Path, made: float) -> dict[str, float]:
    """Taking finished replications out of the store, with tables and without, and as many as 10,000."""
    from sim.build import load_scenario
    from sim.experiments.replicate import replicate
    from sim.store.shelf import Facts, Shelf

    large = Shelf(folder / "large", "m")
    large.put_facts(0, Facts.of(run))
    read = _seconds(lambda: large.facts(0))[0]
    scenario, shelf = load_scenario(*SMALL), Shelf(folder / "small", "m")
    replicate(scenario, 0, 1, shelf=shelf)
    for number in range(1, FINISHED):
        for ending in (".facts", ".m.metrics"):
            shutil.copyfile(shelf.folder / f"000000{ending}", shelf.folder / f"{number:06d}{ending}")
    with_tables = _seconds(lambda: replicate(scenario, 0, FINISHED, shelf=shelf))[0]
    without = _seconds(lambda: replicate(scenario, 0, FINISHED, shelf=shelf, tables=False))[0]
    return {
        "finished_replication_read": read / made,
        "resume_10000_s": with_tables,
        "resume_10000_metrics_only_s": without,
    }


def _bytes(scenario: Scenario, run: Run, folder: Path) -> dict[str, float]:
    """What a replication of the default scenario leaves, and a million of them."""
    from sim.columns import plain
    from sim.metrics.long import measure
    from sim.store.shelf import Facts, Shelf
    from sim.store.table import Scenario as Rows
    from sim.store.table import write_part
    from sim.tables import write_tables

    shelf, metrics = Shelf(folder / "shelf", "m"), measure(run, scenario.metrics)
    metrics.insert(0, "replication", 0)
    shelf.put_facts(0, Facts.of(run))
    shelf.put_metrics(0, plain(metrics))
    write_tables(run, folder / "result")
    rows = [Rows(str(number), "-", "", "a", number, _another(metrics, number)) for number in range(100)]
    part = write_part(folder, "e", "c", rows)
    found = {
        "store_tables_bytes": _size(folder / "shelf", "*.facts"),
        "store_metrics_bytes": _size(folder / "shelf", "*.metrics"),
        "result_tables_bytes": _size(folder / "result", "*"),
        "one_table_bytes": part.stat().st_size / len(rows),
    }
    million = {"million_runs_gigabytes": MILLION * sum(found.values()) / 1e9}
    return {**found, **million, "million_runs_store_files": 2.0 * MILLION}


def _another(metrics: pd.DataFrame, number: int) -> pd.DataFrame:
    """Metrics whose digits are not those of the others, so that they compress as real ones do."""
    return metrics.assign(value=metrics["value"] * (1.0 + number / 997.0))


def _size(folder: Path, pattern: str) -> float:
    return float(sum(path.stat().st_size for path in folder.glob(pattern)))
