"""A Parquet file that grows: the same bytes however rows come in, and never half a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim import parquet
from sim.checks import InputError
from sim.columns import plain
from sim.events import Column
from sim.parquet import Growing

SCHEMA = tuple(Column(name, kind, "", "") for name, kind in (("n", "int32"), ("x", "float64"), ("word", "text")))
ROWS = 47


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 10)
    monkeypatch.setattr(parquet, "PARTS", 4)


def frame() -> pd.DataFrame:
    numbers = np.arange(ROWS, dtype=np.int32)
    words = pd.array([None if n % 11 == 5 else f"w{n * 7 % 13}" for n in range(ROWS)], dtype="str")
    return pd.DataFrame({"n": numbers, "x": np.where(numbers % 9, numbers / 3.0, -0.0), "word": words})


def written(path: Path, at: list[int], kind: str = "str") -> bytes:
    whole = frame()
    with Growing(path, SCHEMA) as file:
        for first, last in zip([0, *at], [*at, ROWS], strict=True):
            part = whole.iloc[first:last].reset_index(drop=True)
            file.add(plain(part.astype({"word": kind})))
        total = file.keep()
    assert len(total) == 64 and file.rows == ROWS
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    return path.read_bytes()


def test_the_bytes_do_not_say_how_rows_came_in(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "t.parquet"
    whole = written(path, [])
    assert written(path, [3, 10, 20, 41]) == written(path, [1, 2, 46]) == written(path, list(range(1, ROWS))) == whole
    assert written(path, [30], "category") == whole
    facts = pq.read_metadata(path)
    assert [facts.row_group(n).num_rows for n in range(facts.num_row_groups)] == [10, 10, 10, 10, 7]
    back = pd.read_parquet(path)
    pd.testing.assert_frame_equal(back, frame().assign(x=frame()["x"] + 0.0))
    assert not np.signbit(back["x"]).any()


def test_a_table_without_rows_is_a_table(tmp_path: Path) -> None:
    with Growing(tmp_path / "t.parquet", SCHEMA) as file:
        file.keep()
    back = pd.read_parquet(tmp_path / "t.parquet")
    assert list(back.columns) == [column.name for column in SCHEMA] and len(back) == 0


def test_an_abort_in_the_middle_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    path.write_text("before")
    with pytest.raises(RuntimeError), Growing(path, SCHEMA) as file:
        file.add(plain(frame()))
        assert len(list(tmp_path.iterdir())) == 2, "most rows are on disk by now"
        raise RuntimeError("no such luck")
    assert [one.read_text() for one in tmp_path.iterdir()] == ["before"]


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = pq.ParquetWriter.write_table

    def full(self: Any, table: Any, **words: Any) -> None:
        if len(table) < 10:
            raise OSError(28, "No space left on device")
        real(self, table, **words)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(InputError, match=r"^cannot write .*t\.parquet: No space left on device$"):
        written(tmp_path / "t.parquet", [])
    assert not list(tmp_path.iterdir())
