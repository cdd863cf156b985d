"""What a run leaves on disk, and a million of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run
    from sim.scenario import Scenario

MILLION = 1_000_000
TABLE_ROWS_OF = 100
"""Replications in the long table of everything, whose bytes are shared out."""


def bytes_per_run(scenario: Scenario, run: Run, folder: Path) -> dict[str, float]:
    """Bytes of one replication in the store, in the result and in the one table; a million in all."""
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
    rows = [Rows(str(number), "-", "", "a", number, _another(metrics, number)) for number in range(TABLE_ROWS_OF)]
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
