"""Fact tables as frames and on disk: rows in one order, so that equal rows give equal bytes (sim.parquet)."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.checks import InputError, cannot_write
from sim.columns import plain
from sim.events import EVENT_KINDS, EVENT_RANK, SCHEMAS, Column
from sim.parquet import Growing
from sim.recorder import Run
from sim.scenario import Windows

RUN_FILE = "run.json"
_SORT = (
    *("replication", "time_days", "event", "trigger", "team", "customer", "party"),
    *("contract", "occurrence", "instrument", "account"),
)
"""Leading sort keys where a table has them; its other columns break ties."""


def write_atomically(path: Path | str, content: bytes) -> None:
    """Write `content` so that a reader sees the old file or the new one, never half of it."""
    path = Path(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        os.replace(draft, path)
    except OSError as error:
        raise cannot_write(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _words(series: pd.Series[Any], every: Iterable[str] = ()) -> pd.Categorical:
    """A text column as a categorical in alphabetical order of the words present, plus `every`."""
    text = series if isinstance(series.dtype, pd.CategoricalDtype) else series.astype("category")
    values: Any = text.array
    labels, codes = [str(label) for label in values.categories.to_list()], values.codes
    used = np.zeros(len(labels) + 1, np.bool_)
    used[codes] = True  # -1, which is no word, marks the last
    alphabet = sorted({labels[code] for code in np.flatnonzero(used[:-1])}.union(every))
    if alphabet == labels and values.categories.dtype == "str" and not values.ordered:
        return cast("pd.Categorical[Any]", values)
    place = {word: i for i, word in enumerate(alphabet)}
    recode = np.array([place.get(label, -1) for label in labels] + [-1], np.int32)
    return pd.Categorical.from_codes(recode[codes], categories=pd.Index(alphabet, dtype="str"))


def _every(column: str) -> Iterable[str]:
    return EVENT_KINDS if column == "event" else ()


def _column(frame: pd.DataFrame, column: Column) -> Any:
    if column.name not in frame.columns:
        raise InputError(f"a table lacks its column {column.name}")
    if column.dtype == "text":
        return _words(frame[column.name], _every(column.name))
    values = frame[column.name].to_numpy(dtype=column.dtype)
    return values + 0.0 if column.dtype == "float64" else values


def _key(values: Any, name: str) -> NDArray[Any]:
    if not isinstance(values, pd.Categorical):
        return np.asarray(values)
    if name != "event":
        return np.asarray(values.codes)
    rank = [EVENT_RANK.get(str(word), len(EVENT_RANK)) for word in values.categories]
    ranks: NDArray[Any] = np.array(rank + [len(EVENT_RANK)])[values.codes]
    return ranks


def _is_sorted(keys: Sequence[NDArray[Any]]) -> bool:
    """Whether rows stand in the order of `keys`, most important first; a shortcut for a full sort."""
    tied = np.ones(max(len(keys[0]) - 1, 0), dtype=np.bool_)
    for key in keys:
        before, after = key[:-1], key[1:]
        if bool(np.any(tied & ~(before <= after))):
            return False
        tied &= before == after
        if not tied.any():
            return True
    return True


def _tidy(frame: pd.DataFrame, schema: Sequence[Column]) -> dict[str, Any]:
    """Columns with declared dtypes, alphabetical categories and no -0.0."""
    return {column.name: _column(frame, column) for column in schema}


def canonical(frame: pd.DataFrame, schema: Sequence[Column]) -> pd.DataFrame:
    """The same rows with declared dtypes, alphabetical categories, no -0.0, in the one row order."""
    data = _tidy(frame, schema)
    names = [name for name in _SORT if name in data]
    names += [column.name for column in schema if column.name not in names]
    keys = [_key(data[name], name) for name in names]
    tidy = pd.DataFrame(data, copy=False)
    if len(tidy) == 0 or _is_sorted(keys):
        return tidy
    return tidy.take(np.lexsort(keys[::-1])).reset_index(drop=True)


def canonical_run(run: Run) -> Run:
    """The same run with every table canonical."""
    tables = {name: canonical(frame, SCHEMAS[name]) for name, frame in run.tables.items()}
    return _like(run, tables)


def _like(run: Run, tables: dict[str, pd.DataFrame]) -> Run:
    """A run with other tables."""
    return Run(
        **tables,
        windows=run.windows,
        discount_rate_per_year=run.discount_rate_per_year,
        kernel_events=run.kernel_events,
    )


def concatenate(frames: Sequence[pd.DataFrame], schema: Sequence[Column]) -> pd.DataFrame:
    """Rows of canonical `frames` under each other; the caller passes them in replication order."""
    data: dict[str, Any] = {}
    for column in schema:
        parts = [frame[column.name] for frame in frames]
        if column.dtype == "text":
            alphabet = sorted(set(_every(column.name)).union(*(part.cat.categories for part in parts)))
            index = pd.Index(alphabet, dtype="str")
            codes = [np.r_[index.get_indexer(p.cat.categories), -1][p.cat.codes.to_numpy()] for p in parts]
            joined = np.concatenate(codes) if codes else np.empty(0, np.int32)
            data[column.name] = pd.Categorical.from_codes(joined, categories=index)
        else:
            arrays = [part.to_numpy() for part in parts]
            data[column.name] = np.concatenate(arrays) if arrays else np.empty(0, column.dtype)
    return pd.DataFrame(data, copy=False)


def schema_of(frame: pd.DataFrame) -> tuple[Column, ...]:
    """A schema for a result table (metrics, comparison) from its own dtypes; everything else is text."""
    return tuple(Column(str(name), _kind(frame[name]), "", "") for name in frame.columns)


def _kind(series: pd.Series[Any]) -> str:
    kind = str(series.dtype)
    return kind if kind in ("int32", "int64", "float64", "bool") else "text"


def write_frame(frame: pd.DataFrame, path: Path | str, schema: Sequence[Column]) -> None:
    """A fact table as Parquet; equal rows give equal bytes whatever their order was."""
    _write(canonical(frame, schema), Path(path), schema)


def write_result(frame: pd.DataFrame, path: Path | str) -> None:
    """A result table (metrics, comparison) as Parquet, rows in the order given."""
    schema = schema_of(frame)
    _write(pd.DataFrame(_tidy(frame, schema), copy=False), Path(path), schema)


def _write(frame: pd.DataFrame, path: Path, schema: Sequence[Column]) -> None:
    with Growing(path, schema) as file:
        file.add(plain(frame))
        file.keep()


def read_frame(path: Path | str, schema: Sequence[Column]) -> pd.DataFrame:
    """The table that `write_frame` wrote; a missing, corrupt or foreign file is an InputError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path} is missing")
    text = [column.name for column in schema if column.dtype == "text"]
    try:
        table = pq.read_table(path, read_dictionary=text, memory_map=False, partitioning=None)
        frame = table.select([column.name for column in schema]).to_pandas()
        return canonical(frame, schema)
    except KeyError as error:
        raise InputError(f"{path} lacks the column {error.args[0]}") from None
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{path} is no readable table: {reason}") from None


def write_tables(run: Run, folder: Path | str) -> None:
    """The five fact tables, and `run.json` with the windows the metrics need."""
    folder = Path(folder)
    for name, frame in run.tables.items():
        write_frame(frame, folder / f"{name}.parquet", SCHEMAS[name])
    text = run_text(run.windows, run.discount_rate_per_year, run.kernel_events)
    write_atomically(folder / RUN_FILE, text)


def run_text(windows: Windows, discount_rate_per_year: float, kernel_events: int) -> bytes:
    """Content of `run.json`."""
    facts = windows._asdict() | {
        "discount_rate_per_year": discount_rate_per_year,
        "kernel_events": kernel_events,
    }
    return (json.dumps(facts, indent=2) + "\n").encode()


def read_tables(folder: Path | str, only: Sequence[str] = tuple(SCHEMAS)) -> Run:
    """The Run that `write_tables` wrote; tables not named in `only` are left empty."""
    folder = Path(folder)
    tables = {
        name: read_frame(folder / f"{name}.parquet", schema) if name in only else concatenate([], schema)
        for name, schema in SCHEMAS.items()
    }
    path = folder / RUN_FILE
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        windows = Windows(*(float(facts[name]) for name in Windows._fields))
        rate, kernel = float(facts["discount_rate_per_year"]), int(facts["kernel_events"])
    except FileNotFoundError:
        raise InputError(f"{path} is missing") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{path} is no readable description of a run") from None
    return Run(**tables, windows=windows, discount_rate_per_year=rate, kernel_events=kernel)


def replications_of(run: Run) -> NDArray[np.int64]:
    """Numbers of the replications, those to which nobody came included."""
    told = [table["replication"].to_numpy(dtype=np.int64) for table in run.tables.values()]
    return np.unique(np.concatenate(told))


def single_runs(run: Run) -> Iterator[tuple[int, Run]]:
    """(replication, its own tables) of a run that holds several; rows stand in the order of replications."""
    for number in replications_of(run).tolist():
        parts = {}
        for name, frame in run.tables.items():
            low, high = np.searchsorted(frame["replication"].to_numpy(), [number, number + 1])
            parts[name] = frame.iloc[low:high]
        yield number, _like(run, parts)
