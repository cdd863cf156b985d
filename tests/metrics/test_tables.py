"""The Parquet writer: bytes depend on the rows alone; bad files are refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from handmade import Handmade
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.checks import InputError
from sim.events import EVENT_KINDS, SCHEMAS
from sim.tables import canonical, concatenate, read_frame, read_tables, write_atomically, write_frame, write_tables

EVENTS = SCHEMAS["events"]
event_rows = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([0.0, -0.0, 1.5]), st.sampled_from(EVENT_KINDS), st.integers(0, 3)),
    max_size=30,
)


def events(rows: list[tuple[int, float, str, int]]) -> pd.DataFrame:
    tables = Handmade()
    for replication, time, kind, customer in rows:
        tables.event(time, kind, customer, replication=replication, detail=kind[:2])
    return pd.DataFrame(tables.rows["events"], columns=[column.name for column in EVENTS])


def stored(frame: pd.DataFrame, folder: Path) -> bytes:
    write_frame(frame, folder / "x.parquet", EVENTS)
    return (folder / "x.parquet").read_bytes()


@settings(max_examples=50, deadline=None)
@given(rows=event_rows, luck=st.integers(0, 2**32 - 1))
def test_bytes_ignore_row_order_category_order_attributes_and_minus_zero(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, float, str, int]], luck: int
) -> None:
    folder, rng = tmp_path_factory.mktemp("tables"), np.random.default_rng(luck)
    frame = events(rows)
    other = frame.iloc[rng.permutation(len(frame))].copy()
    other["event"] = pd.Categorical(other["event"], categories=rng.permutation(EVENT_KINDS))
    other["time_days"] = other["time_days"].astype(float).abs()
    other.attrs["note"] = "ignored"
    assert stored(frame, folder) == stored(other, folder)


def test_one_other_value_gives_other_bytes(tmp_path: Path) -> None:
    """Negative control."""
    rows = [(0, 1.0, "won", 1), (0, 2.0, "churned", 1)]
    assert stored(events(rows), tmp_path) != stored(events([rows[0], (0, 2.5, "churned", 1)]), tmp_path)


def test_rows_are_sorted_by_replication_time_kind_and_customer() -> None:
    frame = canonical(events([(1, 0, "lead", 0), (0, 5, "churned", 1), (0, 5, "won", 2), (0, 5, "won", 1)]), EVENTS)
    assert list(zip(frame["replication"], frame["event"], frame["customer"], strict=True)) == [
        (0, "won", 1), (0, "won", 2), (0, "churned", 1), (1, "lead", 0),
    ]  # fmt: skip


def test_file_holds_the_declared_schema_and_no_pandas_metadata(tmp_path: Path) -> None:
    write_frame(events([(0, 1.0, "won", 1)]), tmp_path / "x.parquet", EVENTS)
    schema = pq.read_schema(tmp_path / "x.parquet")
    assert schema.names == [column.name for column in EVENTS]
    kinds = [str(kind) for kind in schema.types]
    assert kinds == ["int32", "double", "string", "int64", "int32", "int32", "double", "string"]
    assert schema.metadata is None


@settings(max_examples=30, deadline=None)
@given(event_rows)
def test_joining_replications_is_the_same_as_writing_them_together(rows: list[tuple[int, float, str, int]]) -> None:
    frame = events(rows)
    parts = [canonical(frame[frame["replication"] == number], EVENTS) for number in range(3)]
    pd.testing.assert_frame_equal(concatenate(parts, EVENTS), canonical(frame, EVENTS))


def test_round_trip(tmp_path: Path) -> None:
    tables = Handmade(24)
    tables.customer(1, won=3.0)
    tables.event(3.0, "won", 1)
    tables.wave(90.0, 1, answer=9.0)
    tables.money(3.0, 1, "invoice_regular", 12.5)
    run = tables.run()
    write_tables(run, tmp_path)
    back = read_tables(tmp_path)
    for name, frame in run.tables.items():
        pd.testing.assert_frame_equal(back.tables[name], frame)
    assert (back.windows, back.discount_rate_per_year) == (run.windows, run.discount_rate_per_year)


def broken(folder: Path) -> Path:
    write_tables(Handmade().run(), folder)
    return folder


def test_bad_folders_are_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"customers\.parquet is missing"):
        read_tables(tmp_path / "nowhere")
    (broken(tmp_path / "a") / "events.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match=r"events\.parquet is no readable table"):
        read_tables(tmp_path / "a")
    pd.DataFrame({"x": np.arange(3)}).to_parquet(broken(tmp_path / "b") / "ledger.parquet")
    with pytest.raises(InputError, match=r"ledger\.parquet .*replication"):
        read_tables(tmp_path / "b")
    (broken(tmp_path / "c") / "run.json").write_text("{")
    with pytest.raises(InputError, match=r"run\.json is no readable description"):
        read_tables(tmp_path / "c")
    (tmp_path / "c" / "run.json").unlink()
    with pytest.raises(InputError, match=r"run\.json is missing"):
        read_tables(tmp_path / "c")


def test_text_where_numbers_belong_is_refused(tmp_path: Path) -> None:
    frame = events([(0, 1.0, "won", 1)]).assign(time_days=["soon"])
    frame.to_parquet(tmp_path / "x.parquet")
    with pytest.raises(InputError, match="is no readable table"):
        read_frame(tmp_path / "x.parquet", EVENTS)


def test_unwritable_place_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="cannot write"):
        write_atomically(tmp_path / "file" / "x.parquet", b"1")
    write_atomically(tmp_path / "x", b"1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "x"]
