"""Every table of a result as CSV, for those who work in spreadsheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.blocks import Table
from sim.report.page import sections
from sim.report.result import read_result

if TYPE_CHECKING:
    import pyarrow

CSV = "csv"


def write_csv(folder: Path) -> Path:
    """Write `csv/`: each table of the report, and each Parquet table of the folder under its own path."""
    target = folder / CSV
    for section in sections(read_result(folder)):
        for table in section.tables():
            _report_table(table, target / "report" / f"{table.name}.csv")
    for path in sorted(folder.rglob("*.parquet")):
        _fact_table(path, target / path.relative_to(folder).with_suffix(".csv"))
    return target


def _report_table(table: Table, path: Path) -> None:
    import pandas as pd

    path.parent.mkdir(parents=True, exist_ok=True)
    frame = table.frame if table.frame is not None else pd.DataFrame(table.rows, columns=list(table.columns))
    frame.to_csv(path, index=False, lineterminator="\n")


def _fact_table(source: Path, path: Path) -> None:
    import pyarrow.csv
    import pyarrow.parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    parquet = pyarrow.parquet.ParquetFile(source)
    with pyarrow.csv.CSVWriter(path, _plain(parquet.schema_arrow)) as writer:
        for batch in parquet.iter_batches():
            writer.write_batch(batch.cast(_plain(batch.schema)))


def _plain(schema: pyarrow.Schema) -> pyarrow.Schema:
    """The schema without dictionaries, which CSV cannot hold."""
    import pyarrow as pa

    return pa.schema(
        [pa.field(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in schema]
    )
