"""Column-wise recording of facts: append while the simulation runs, tables at the end.

A row costs a few appends to `array` columns (25 to 60 bytes); nothing is counted or averaged here.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.events import EVENT_KINDS, EVENT_RANK, SCHEMAS

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Windows

_TYPECODES = {"int32": "i", "int64": "q", "float64": "d", "bool": "b", "text": "i"}


class Vocabulary:
    """Words of a text column as small codes, in order of first use."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}

    def code(self, word: str) -> int:
        code = self.codes.get(word)
        if code is None:
            code = self.codes[word] = len(self.codes)
        return code


class Table:
    """Typed columns of one fact table, without the replication column."""

    def __init__(self, name: str) -> None:
        self.schema = SCHEMAS[name][1:]
        self.columns = [array(_TYPECODES[c.dtype]) for c in self.schema]
        self.words = {c.name: Vocabulary() for c in self.schema if c.dtype == "text"}
        self.appends = tuple(column.append for column in self.columns)

    def __len__(self) -> int:
        return len(self.columns[0])

    def frame(self, replication: int) -> pd.DataFrame:
        """The rows as a DataFrame in schema order, sorted as sim.events says."""
        import pandas as pd

        data: dict[str, Any] = {"replication": np.full(len(self), replication, np.int32)}
        for column, values in zip(self.schema, self.columns, strict=True):
            numbers = np.frombuffer(values, dtype=values.typecode) if len(values) else np.array([], values.typecode)
            data[column.name] = self._decoded(column.name, column.dtype, numbers)
        frame = pd.DataFrame(data, copy=False)
        return frame.iloc[_order(frame)].reset_index(drop=True)

    def _decoded(self, name: str, dtype: str, numbers: Any) -> Any:
        import pandas as pd

        if dtype == "text":
            words = self.words[name].codes
            alphabet = sorted(words)
            place = {word: i for i, word in enumerate(alphabet)}
            new = np.array([place[word] for word in words] or [0], np.int32)
            return pd.Categorical.from_codes(new[numbers], categories=pd.Index(alphabet, dtype="str"))
        return numbers.astype(dtype)


def _order(frame: pd.DataFrame) -> Any:
    """Row order (time, kind rank, customer, contract, occurrence); stable, so ties keep their column order."""
    keys: list[Any] = []
    for name in ("account", "instrument", "occurrence", "contract", "party", "customer", "team", "trigger"):
        if name in frame:
            column = frame[name]
            keys.append(column.cat.codes.to_numpy() if column.dtype == "category" else column.to_numpy())
    if "event" in frame:
        rank = np.array([EVENT_RANK[word] for word in frame["event"].cat.categories] or [0])
        keys.append(rank[frame["event"].cat.codes.to_numpy()])
    if "time_days" in frame:
        keys.append(frame["time_days"].to_numpy())
    return np.lexsort(keys)


class Recorder:
    """The five fact tables of one replication while they grow."""

    def __init__(self) -> None:
        self.tables = {name: Table(name) for name in SCHEMAS}
        self._event_codes = {kind: self.tables["events"].words["event"].code(kind) for kind in EVENT_KINDS}
        self._event = self.tables["events"].appends
        self._detail = self.tables["events"].words["detail"].code

    def event(
        self,
        time_days: float,
        kind: str,
        customer: int,
        contract: int = 0,
        occurrence: int = 0,
        value: float = 0.0,
        detail: str = "",
    ) -> None:
        """One row of `events`."""
        time_, kind_, customer_, contract_, occurrence_, value_, detail_ = self._event
        time_(time_days)
        kind_(self._event_codes[kind])
        customer_(customer)
        contract_(contract)
        occurrence_(occurrence)
        value_(value)
        detail_(self._detail(detail))

    def row(self, table: str, *values: Any) -> None:
        """One row of another table, values in schema order without the replication."""
        target = self.tables[table]
        for column, append, value in zip(target.schema, target.appends, values, strict=True):
            append(target.words[column.name].code(value) if column.dtype == "text" else value)


@dataclass(frozen=True)
class Run:
    """What happened: fact tables of one or more replications (schemas in sim.events)."""

    customers: pd.DataFrame
    events: pd.DataFrame
    surveys: pd.DataFrame
    resources: pd.DataFrame
    ledger: pd.DataFrame
    windows: Windows
    discount_rate_per_year: float
    kernel_events: int

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Name -> table, in the order of sim.events.SCHEMAS."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name in SCHEMAS}
