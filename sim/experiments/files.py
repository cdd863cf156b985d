"""The tables of one scenario on disk, which grow while its replications come in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sim.columns import Plain, always, height
from sim.events import SCHEMAS, Column
from sim.metrics.long import LONG_COLUMNS
from sim.parquet import Growing
from sim.tables import RUN_FILE, run_text, write_atomically

if TYPE_CHECKING:
    from sim.experiments.replication import Outcome
    from sim.scenario import Scenario

METRICS = "metrics.parquet"
_KINDS = {"replication": "int32", "time_days": "float64", "value": "float64", "n": "int64"}


def _schema(labels: Mapping[str, str]) -> tuple[Column, ...]:
    """Of the long table with its label columns in front."""
    return tuple(Column(name, _KINDS.get(name, "text"), "", "") for name in (*labels, "replication", *LONG_COLUMNS))


class Files:
    """Five fact tables and the long table of a scenario; `labels` are columns of the latter.

    with Files(folder, scenario, labels) as files: files.add(outcome); files.add(outcome); files.keep()

    Replications are added in their order. Without `keep` nothing is left.
    """

    def __init__(self, folder: Path, scenario: Scenario, labels: Mapping[str, str]) -> None:
        self._folder, self._scenario, self._labels = folder, scenario, labels
        self._tables = {name: Growing(folder / f"{name}.parquet", schema) for name, schema in SCHEMAS.items()}
        self._metrics = Growing(folder / METRICS, _schema(labels))
        self._open = ExitStack()
        self._columns, self._labelled_rows = dict[str, Plain](), -1
        """Label columns, made once for as many rows as nearly every replication has."""
        self.kernel_events = 0

    def __enter__(self) -> Self:
        for file in (*self._tables.values(), self._metrics):
            self._open.enter_context(file)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def events(self) -> int:
        """Rows of that table."""
        return self._tables["events"].rows

    def add(self, outcome: Outcome) -> None:
        """The rows of one more replication."""
        if outcome.facts is not None:
            self.kernel_events += outcome.facts.kernel_events
            for name, file in self._tables.items():
                file.add(outcome.facts.tables[name])
        rows = height(outcome.metrics)
        if rows != self._labelled_rows:
            self._labelled_rows = rows
            self._columns = {name: always(word, rows) for name, word in self._labels.items()}
        self._metrics.add({**self._columns, **outcome.metrics})

    def keep(self) -> dict[str, str]:
        """Let the files appear; the SHA-256 of each by its name."""
        found = {file.path.name: file.keep() for file in (*self._tables.values(), self._metrics)}
        whole = self._scenario
        text = run_text(whole.windows, whole.discount_rate_per_year, self.kernel_events)
        write_atomically(self._folder / RUN_FILE, text)
        return {**found, RUN_FILE: hashlib.sha256(text).hexdigest()}
