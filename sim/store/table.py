"""One tidy table of everything the store's studies measured, to be read whole: Parquet, one partition per experiment.

    table/experiment=happy_leavers/1f0c...-9ab3....parquet

The same scenarios run again, also with more replications, take the place of what they had left before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.checks import InputError
from sim.metrics.long import LONG_COLUMNS
from sim.tables import write_atomically

if TYPE_CHECKING:
    import pandas as pd

TABLE: Final = "table"
COLUMNS: Final = ("study", "context", "settings", "arm", "seed", "replication", *LONG_COLUMNS)
"""Of every file; `experiment` stands in front and comes from the folder's name."""


class Scenario(NamedTuple):
    """A scenario's rows and what is said about them."""

    key: str
    """Of the store: what it was made from."""
    context: str
    settings: str
    """Swept keys as `key=value,...`, never cut short; empty where nothing was swept."""
    arm: str
    seed: int
    metrics: pd.DataFrame


def write_part(root: Path, experiment: str, code: str, scenarios: Sequence[Scenario]) -> Path:
    """Add a study to the table; the file's path."""
    import pandas as pd

    study = hashlib.sha256("\n".join(f"{s.context} {s.arm} {s.key}" for s in scenarios).encode()).hexdigest()[:12]
    frames = []
    for one in scenarios:
        frame = one.metrics[["replication", *LONG_COLUMNS]].copy()
        for place, (name, value) in enumerate(
            {"study": study, "context": one.context, "settings": one.settings, "arm": one.arm}.items()
        ):
            frame.insert(place, name, value)
        frame.insert(4, "seed", np.int64(one.seed))
        frames.append(frame)
    path = root / TABLE / f"experiment={experiment}" / f"{code}-{study}.parquet"
    _write(pd.concat(frames, ignore_index=True), path)
    return path


def _write(frame: pd.DataFrame, path: Path) -> None:
    """What is undefined becomes NULL, because an average in SQL passes over NULL and not over nan."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, schema=_schema(), preserve_index=False).replace_schema_metadata(None)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", store_schema=False, write_page_checksum=True)
    write_atomically(path, sink.getvalue())


def _schema() -> Any:
    """Of a file."""
    import pyarrow as pa

    kinds = {"seed": pa.int64(), "replication": pa.int32(), "n": pa.int64()}
    kinds |= {"time_days": pa.float64(), "value": pa.float64()}
    return pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])


def parts(root: Path) -> Iterator[Path]:
    """Files of the table."""
    yield from sorted((root / TABLE).glob("experiment=*/*.parquet"))


def dataset(root: Path) -> Any:
    """The whole table for Arrow, DuckDB or pandas; InputError where nothing was measured yet."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    files = [str(path) for path in parts(root)]
    if not files:
        raise InputError(f"the store {root} holds no table yet: run something first, or name it with --store DIR")
    schema = _schema().insert(0, pa.field("experiment", pa.string()))
    split = ds.partitioning(pa.schema([("experiment", pa.string())]), flavor="hive")
    checked = ds.ParquetFileFormat(
        default_fragment_scan_options=ds.ParquetFragmentScanOptions(page_checksum_verification=True)
    )
    return ds.dataset(files, schema=schema, format=checked, partitioning=split, partition_base_dir=str(root / TABLE))
