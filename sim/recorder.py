"""Recording of facts: packed rows while the simulation runs, tables at the end.

A row is packed into a byte buffer (36 bytes for an event); nothing is counted or averaged here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from struct import Struct
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.events import EVENT_KINDS, EVENT_RANK, SCHEMAS

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Windows

_FORMATS = {
    "int32": ("i", "<i4"),
    "int64": ("q", "<i8"),
    "float64": ("d", "<f8"),
    "bool": ("?", "?"),
    "text": ("H", "<u2"),
}
"""struct code and numpy dtype of a column while recording; a text column holds codes."""


class Vocabulary(dict[str, int]):
    """Words of a text column as small codes, in order of first use."""

    def __missing__(self, word: str) -> int:
        code = self[word] = len(self)
        return code


class Table:
    """Rows of one fact table, without the replication column, packed one behind the other."""

    def __init__(self, name: str) -> None:
        self.schema = SCHEMAS[name][1:]
        self.words = {c.name: Vocabulary() for c in self.schema if c.dtype == "text"}
        self.texts = tuple((i, self.words[c.name].__getitem__) for i, c in enumerate(self.schema) if c.dtype == "text")
        self.rows = bytearray()
        layout = Struct("<" + "".join(_FORMATS[c.dtype][0] for c in self.schema))
        self.pack = layout.pack
        self.row_bytes = layout.size

    def __len__(self) -> int:
        return len(self.rows) // self.row_bytes

    def append(self, values: tuple[Any, ...]) -> None:
        """One row in schema order; words become codes."""
        coded = list(values)
        for place, code in self.texts:
            coded[place] = code(coded[place])
        self.rows += self.pack(*coded)

    def frame(self, replication: int) -> pd.DataFrame:
        """The rows as a DataFrame in schema order, sorted as sim.events says."""
        import pandas as pd

        data: dict[str, Any] = {"replication": np.full(len(self), replication, np.int32)}
        layout = np.dtype([(c.name, _FORMATS[c.dtype][1]) for c in self.schema])
        numbers = np.frombuffer(self.rows, dtype=layout)
        for column in self.schema:
            data[column.name] = self._decoded(column.name, column.dtype, numbers[column.name])
        frame = pd.DataFrame(data, copy=False)
        ordered: pd.DataFrame = frame.iloc[_order(frame)].reset_index(drop=True)
        return ordered

    def _decoded(self, name: str, dtype: str, numbers: Any) -> Any:
        import pandas as pd

        if dtype == "text":
            words = self.words[name]
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
        events = self.tables["events"]
        self._kinds = {kind: events.words["event"][kind] for kind in EVENT_KINDS}
        self._detail = events.words["detail"].__getitem__
        self._pack, self._rows = events.pack, events.rows

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
        self._rows.extend(
            self._pack(time_days, self._kinds[kind], customer, contract, occurrence, value, self._detail(detail))
        )

    def row(self, table: str, *values: Any) -> None:
        """One row of another table, values in schema order without the replication."""
        self.tables[table].append(values)


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
    """events the kernel processed, thinned rejections left out"""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Name -> table, in the order of sim.events.SCHEMAS."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name in SCHEMAS}

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from sim.report.notebook import run_html

        return run_html(self)
