"""A shelf: everything the store keeps of one scenario, one file per replication and kind.

    runs/3f/3fa9.../scenario.json       what it is, and how many replications were asked for
                    000007.facts        the five fact tables
                    000007.5e1c.metrics the long table of one choice of metrics
                    000007.failed       why a replication failed, until it succeeds
                    lock                byte n is locked by the process that simulates replication n

A replication is pending (asked for, no file), succeeded or failed. Files appear whole or not at all, so
nothing has to be mended after a kill; a lock ends with its process, so nothing has to be cleaned either.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sim.checks import InputError
from sim.columns import Table, plain, stacked
from sim.recorder import Run
from sim.scenario import Windows
from sim.store.packing import Damaged, pack, unpack
from sim.tables import write_atomically

SCENARIO, LOCK = "scenario.json", "lock"
FACTS, METRICS, FAILED = ".facts", ".metrics", ".failed"

_log = logging.getLogger(__name__)
_said: set[str] = set()
"""Troubles of this process that have been told once."""


class Counts(NamedTuple):
    """Replications of a shelf by state."""

    asked: int
    succeeded: int
    failed: int

    @property
    def pending(self) -> int:
        """Asked for and neither succeeded nor failed."""
        return max(0, self.asked - self.succeeded - self.failed)


class Facts(NamedTuple):
    """A simulated replication as plain columns: little to send, and thousands are put together at once."""

    tables: dict[str, Table]
    kernel_events: int
    about: dict[str, Any]
    """What a Run says besides its tables."""

    @classmethod
    def of(cls, run: Run) -> Facts:
        """A canonical run taken apart."""
        rest = {"discount_rate_per_year": run.discount_rate_per_year, "kernel_events": run.kernel_events}
        tables = {name: plain(frame) for name, frame in run.tables.items()}
        return cls(tables, run.kernel_events, run.windows._asdict() | rest)

    def run(self) -> Run:
        """And put together again."""
        return Run(
            **{name: stacked([table]) for name, table in self.tables.items()},
            windows=Windows(*(float(self.about[name]) for name in Windows._fields)),
            discount_rate_per_year=float(self.about["discount_rate_per_year"]),
            kernel_events=self.kernel_events,
        )


@dataclass(frozen=True)
class Shelf:
    """Where replications of one scenario are kept; a worker gets a copy."""

    folder: Path
    measured: str
    """Key of the metrics chosen."""

    @property
    def name(self) -> str:
        """What its long tables are made from."""
        return f"{self.folder.name}.{self.measured}"

    def facts(self, replication: int) -> Facts | None:
        """Fact tables of a replication; None where there are none, or where they were damaged."""
        found = self._read(replication, FACTS)
        return None if found is None else Facts(found[0], int(found[1]["kernel_events"]), found[1])

    def metrics(self, replication: int) -> Table | None:
        """The long table of a replication; None as for `facts`."""
        found = self._read(replication, f".{self.measured}{METRICS}")
        return None if found is None else found[0]["metrics"]

    def put_facts(self, replication: int, facts: Facts) -> None:
        """Keep the fact tables."""
        self._write(replication, FACTS, pack(facts.tables, facts.about))

    def put_metrics(self, replication: int, metrics: Table) -> None:
        """Keep the long table; the replication has succeeded."""
        self._write(replication, f".{self.measured}{METRICS}", pack({"metrics": metrics}, {}))
        self._path(replication, FAILED).unlink(missing_ok=True)

    def put_failure(self, replication: int, reason: str) -> None:
        """Remember why a replication failed; it is tried again when it is asked for again."""
        self._write(replication, FAILED, (json.dumps({"reason": reason}) + "\n").encode())

    def failures(self) -> dict[int, str]:
        """Reason by replication."""
        files = sorted(self.folder.glob(f"*{FAILED}"))
        return {int(file.stem): str(json.loads(file.read_text(encoding="utf-8"))["reason"]) for file in files}

    def finished(self, tables: bool) -> set[int]:
        """Replications with a file for all that is needed; whether it is sound shows when it is read."""
        names = _names(self.folder)
        ending = f".{self.measured}{METRICS}"
        measured = {int(name[: -len(ending)]) for name in names if name.endswith(ending)}
        return measured & {int(name[: -len(FACTS)]) for name in names if name.endswith(FACTS)} if tables else measured

    def describe(self, facts: Mapping[str, Any], asked: int) -> None:
        """Say what the shelf holds and that it is used now; the largest number ever asked for stays."""
        path, before = self.folder / SCENARIO, described(self.folder)
        if before is None or int(before.get("asked", 0)) < asked:
            text = json.dumps({**facts, "asked": asked}, indent=1)
            self._keep(path, (text + "\n").encode())
        else:
            with suppress(OSError):
                os.utime(path)

    @contextmanager
    def held(self, replication: int, wait: bool) -> Iterator[bool]:
        """The right to simulate a replication; False if another process is at it and we do not `wait`.

        Without locks (not POSIX, or a file system without them) everybody has it: work may be done twice, and
        both come to the same bytes.
        """
        try:
            import fcntl

            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        except (ImportError, OSError):
            yield True
            return
        try:
            yield _locked(fcntl, handle, replication, wait)
        finally:
            os.close(handle)  # which unlocks

    def _path(self, replication: int, ending: str) -> Path:
        return self.folder / f"{replication:06d}{ending}"

    def _read(self, replication: int, ending: str) -> tuple[dict[str, Table], dict[str, Any]] | None:
        path = self._path(replication, ending)
        try:
            with open(path, "rb") as file:
                return unpack(file.read())
        except FileNotFoundError:
            return None
        except (OSError, Damaged) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            _log.warning("%s in the store is made again: %s", "/".join(path.parts[-2:]), reason)
            with suppress(OSError):
                path.unlink(missing_ok=True)
            return None

    def _write(self, replication: int, ending: str, content: bytes) -> None:
        self._keep(self._path(replication, ending), content)

    def _keep(self, path: Path, content: bytes) -> None:
        """Write, or say once that the store cannot be written: the run itself goes on."""
        try:
            write_atomically(path, content)
        except InputError as error:
            if str(self.folder) not in _said:
                _said.add(str(self.folder))
                _log.warning("the store keeps nothing more of this scenario: %s", error)


def _locked(fcntl: Any, handle: int, replication: int, wait: bool) -> bool:
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB), 1, replication)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def described(folder: Path) -> dict[str, Any] | None:
    """scenario.json of a shelf; None where it is missing or unreadable (it is then written anew)."""
    try:
        found = json.loads((folder / SCENARIO).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def counts(folder: Path, asked: int) -> Counts:
    """States of a shelf's replications; a failure that was made good no longer counts."""
    names = _names(folder)
    done = {name.partition(".")[0] for name in names if name.endswith(METRICS)}
    failed = {name.partition(".")[0] for name in names if name.endswith(FAILED)}
    return Counts(asked, len(done), len(failed - done))


def _names(folder: Path) -> list[str]:
    """Files of a shelf; drafts that a kill left behind begin with a dot and are no files of it."""
    try:
        return [entry.name for entry in os.scandir(folder) if not entry.name.startswith(".")]
    except OSError:
        return []
