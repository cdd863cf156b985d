"""What the store costs, against the simulation it saves: one replication of the default scenario, and the table."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run
    from sim.scenario import Scenario
    from sim.store.shelf import Shelf

MARKS = ("<!-- store -->", "<!-- /store -->")
REPLICATIONS = 5
SCENARIOS, METRICS = 1000, 20
GOALS = {"store_over_simulation": "small", "query_1000_scenarios_s": "<= 2"}


def store_costs(scenario: Scenario) -> dict[str, float]:
    """Processor time of keeping and of reading a replication, its bytes, and what a query takes."""
    with tempfile.TemporaryDirectory() as folder:
        return {**_replications(scenario, Path(folder)), **_table(Path(folder) / "table")}


def _seconds(act: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    made = act()
    return time.process_time() - started, made


def _simulated(scenario: Scenario, number: int) -> Run:
    from sim.simulation import simulate
    from sim.tables import canonical_run

    return canonical_run(simulate(scenario, 0, number))


def _keep(shelf: Shelf, number: int, run: Run, metrics: pd.DataFrame) -> None:
    from sim.columns import plain
    from sim.store.shelf import Facts

    shelf.put_facts(number, Facts.of(run))
    shelf.put_metrics(number, plain(metrics))


def _replications(scenario: Scenario, folder: Path) -> dict[str, float]:
    """A replication simulated, kept and read, a few times in turn."""
    from sim.metrics.long import measure
    from sim.store.shelf import Shelf

    shelf, taken = Shelf(folder, "m"), []
    for number in range(REPLICATIONS):
        simulated, run = _seconds(partial(_simulated, scenario, number))
        measured, metrics = _seconds(partial(measure, run, scenario.metrics))
        kept = _seconds(partial(_keep, shelf, number, run, metrics))[0]
        read_facts = _seconds(partial(shelf.facts, number))[0]
        read_metrics = _seconds(partial(shelf.metrics, number))[0]
        taken.append((simulated + measured, kept, read_facts + read_metrics, read_metrics))
    made, kept, read, read_metrics = (median(column) for column in zip(*taken, strict=True))
    size = {kind: median(path.stat().st_size for path in folder.glob(f"*.{kind}")) for kind in ("facts", "metrics")}
    return {
        "store_over_simulation": kept / made,
        "keep_ms": 1e3 * kept,
        "read_ms": 1e3 * read,
        "read_over_simulation": read / made,
        "read_metrics_ms": 1e3 * read_metrics,
        "facts_kilobytes": size["facts"] / 1e3,
        "metrics_kilobytes": size["metrics"] / 1e3,
    }


def _table(root: Path) -> dict[str, float]:
    """One query over 1,000 scenarios with 20 metrics in one study, and over as many studies of one each."""
    import pandas as pd

    from sim.store.query import query
    from sim.store.table import Scenario as Rows
    from sim.store.table import write_part

    names = [f"metric_{number}" for number in range(METRICS)]
    frame = pd.DataFrame({"replication": np.int32(0), "metric": names, "view": "truth", "segment": "all"})
    frame = frame.assign(time_days=np.nan, value=np.linspace(0.0, 1.0, METRICS), n=np.int64(1))
    scenarios = [Rows(str(number), f"x={number}", f"x={number}", "a", 0, frame) for number in range(SCENARIOS)]
    write_part(root / "one", "e", "c", scenarios)
    for one in scenarios:
        write_part(root / "many", "e", "c", [one])
    asked = "SELECT * FROM metrics"
    seconds = {}
    for name in ("one", "many"):
        started = time.perf_counter()
        rows = len(query(root / name, asked))
        seconds[name] = time.perf_counter() - started
        assert rows == SCENARIOS * METRICS
    return {"query_1000_scenarios_s": seconds["one"], "query_1000_studies_s": seconds["many"]}
