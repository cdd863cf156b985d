"""A Parquet file that grows while rows come in, and appears whole or not at all.

The bytes depend on the rows and their order alone: row groups are cut at the same rows whatever was handed in at a
time, words are in alphabetical order, no pandas metadata, -0.0 written as 0.0.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from sim.checks import cannot_write
from sim.columns import Plain, Table, height, joined
from sim.events import Column

ROW_GROUP = 1 << 17
"""Rows; some four replications of the default scenario. Few enough to wait in memory, enough to be read fast."""
SORTED_BY = "replication"
"""The one column whose least and largest value in a row group help a reader; the others take time only."""
PARTS = 256
"""Tables that wait as they came; a column of few rows is smaller than what Python says about it."""


class Growing:
    """A table file to which rows are added, in their order.

    with Growing(path, schema) as file: file.add(table); file.add(table); file.keep()

    What was added is on disk but for the last rows, in a draft; without `keep` nothing is left.
    """

    def __init__(self, path: Path | str, schema: Sequence[Column]) -> None:
        self.path, self.rows = Path(path), 0
        self._schema, self._parts, self._waiting, self._joined = schema, list[Table](), 0, 0
        self._draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        self._sink: Any = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sink is not None:
            with contextlib.suppress(OSError):
                self._close()
        with contextlib.suppress(OSError):
            self._draft.unlink(missing_ok=True)

    def add(self, table: Table) -> None:
        """Rows that follow those added before."""
        self._parts.append(table)
        if len(self._parts) - self._joined >= PARTS:
            self._parts[self._joined :] = [self._table(self._parts[self._joined :])]
            self._joined += 1
        rows = height(table)
        self.rows, self._waiting = self.rows + rows, self._waiting + rows
        if self._waiting >= ROW_GROUP:
            self._write(self._waiting // ROW_GROUP * ROW_GROUP)

    def keep(self) -> str:
        """Let the file appear; the SHA-256 of its bytes."""
        if self._waiting or self._sink is None:
            self._write(self._waiting)
        with self._told():
            self._close()
            with self._draft.open("rb") as written:
                found = hashlib.file_digest(written, "sha256").hexdigest()
            os.replace(self._draft, self.path)
        return found

    def _write(self, rows: int) -> None:
        """The first of the waiting rows as row groups; the others wait on, in memory of their own."""
        table = self._table(self._parts) if self._parts else {}
        for first in range(0, max(rows, 1), ROW_GROUP):
            self._group({name: _rows(one, first, min(first + ROW_GROUP, rows)) for name, one in table.items()})
        self._waiting -= rows
        rest = {name: one._replace(values=one.values[rows:].copy()) for name, one in table.items()}
        self._parts, self._joined = [rest] if self._waiting else [], 0

    def _table(self, parts: list[Table]) -> Table:
        """Parts under each other; columns that the schema does not name are left out."""
        return {column.name: joined([part[column.name] for part in parts]) for column in self._schema}

    def _group(self, table: Table) -> None:
        import pyarrow as pa

        kinds = {"int32": pa.int32(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_()}
        none = Plain("", np.empty(0, np.int32))
        arrays = [
            _words(table.get(c.name, none)) if c.dtype == "text" else _numbers(table.get(c.name, none), kinds[c.dtype])
            for c in self._schema
        ]
        made = pa.Table.from_arrays(arrays, names=[column.name for column in self._schema])
        with self._told():
            if self._writer is None:
                self._open(made.schema)
            self._writer.write_table(made, row_group_size=ROW_GROUP)

    def _open(self, schema: Any) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._sink = pa.OSFile(str(self._draft), "wb")
        names = {column.name: column.dtype == "text" for column in self._schema}
        self._writer = pq.ParquetWriter(
            self._sink,
            schema,
            use_dictionary=[name for name, is_text in names.items() if is_text],
            compression="zstd",
            write_statistics=[SORTED_BY] if SORTED_BY in names else False,
            store_schema=False,
        )

    def _close(self) -> None:
        """Also where the last bytes cannot be written any more."""
        writer, sink, self._writer, self._sink = self._writer, self._sink, None, None
        try:
            if writer is not None:
                writer.close()
        finally:
            sink.close()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """What the disk refuses, in one sentence."""
        try:
            yield
        except OSError as error:
            raise cannot_write(self.path, error) from None


def _rows(one: Plain, first: int, last: int) -> Plain:
    return one._replace(values=one.values[first:last])


def _numbers(one: Plain, kind: Any) -> Any:
    import pyarrow as pa

    values = one.values + 0.0 if pa.types.is_floating(kind) else one.values
    return pa.array(values, kind, from_pandas=False)


def _words(one: Plain) -> Any:
    """Text as codes into the words that really occur; what is missing is null."""
    import pyarrow as pa

    used = np.zeros(len(one.words) + 1, np.bool_)
    used[one.values] = True  # -1, which is no word, marks the last
    numbers = sorted(np.flatnonzero(used[:-1]).tolist(), key=one.words.__getitem__)
    recode = np.full(len(used), -1, np.int32)
    recode[numbers] = np.arange(len(numbers), dtype=np.int32)
    codes = recode[one.values]
    found = pa.array(codes, pa.int32(), mask=codes < 0 if used[-1] else None)
    return pa.DictionaryArray.from_arrays(found, pa.array([one.words[number] for number in numbers], pa.string()))
