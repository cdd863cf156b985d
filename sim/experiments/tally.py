"""What a process has done of a block of scenarios: counted where the work is, read by the driver.

A block's folder holds `scenarios.json` (what to run) and `tally.json` (how far it is). A block that is started
again after its worker was killed begins behind the scenarios that had ended.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from sim.checks import InputError
from sim.tables import write_atomically

TALLY = "tally.json"
TOLD_EVERY_SECONDS = 0.5


class Tally(NamedTuple):
    """Counts of scenarios and replications."""

    ended: int = 0
    """Scenarios, the failed ones included."""
    failed: int = 0
    done: int = 0
    """Replications, made or out of the store."""
    kept: int = 0
    """Of these, out of the store."""
    lost: int = 0
    """Replications that failed scenarios will never have."""
    name: str = ""
    """The scenario at work."""
    said: tuple[str, ...] = ()
    """One sentence per failure."""

    @property
    def numbers(self) -> tuple[int, int, int, int, int]:
        """What can be added up."""
        return self.ended, self.failed, self.done, self.kept, self.lost


NOTHING = Tally()


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of several blocks; a name only where one block speaks."""
    found = list(tallies)
    ended, failed, done, kept, lost = (sum(one.numbers[place] for one in found) for place in range(5))
    name = found[0].name if len(found) == 1 else ""
    return Tally(ended, failed, done, kept, lost, name, tuple(sentence for one in found for sentence in one.said))


class Counter:
    """Counts the scenarios of a block one after the other and hands every new tally on.

    `tell(tally, settled)`: `settled` says that a scenario has ended.
    """

    def __init__(self, tell: Callable[[Tally, bool], None], so_far: Tally = NOTHING) -> None:
        self._tell, self._now = tell, so_far
        self._base, self._replications = so_far.done, 0

    def begin(self, name: str, replications: int) -> None:
        """A scenario begins."""
        self._base, self._replications = self._now.done, replications
        self._next(name=name)

    def kept(self, replications: int) -> None:
        """The scenario finds so many of its replications in the store."""
        self._next(kept=self._now.kept + replications)

    def advance(self, done: int, _: int) -> None:
        """The scenario has so many of its replications."""
        self._next(done=self._base + done)

    def ended(self) -> None:
        """The scenario has left its result."""
        self._next(settled=True, ended=self._now.ended + 1)

    def failed(self, sentence: str) -> None:
        """The scenario has failed, and no more replications of it will come."""
        said = (*self._now.said, sentence)
        self._next(settled=True, ended=self._now.ended + 1, failed=self._now.failed + 1, lost=self._lost(), said=said)

    def skipped(self) -> None:
        """The scenario is not run, because another has failed."""
        self._next(settled=True, ended=self._now.ended + 1, lost=self._lost())

    def _lost(self) -> int:
        return self._now.lost + max(0, self._base + self._replications - self._now.done)

    def _next(self, settled: bool = False, **changes: Any) -> None:
        self._now = self._now._replace(**changes)
        self._tell(self._now, settled)


class Teller:
    """Writes a block's tally where the driver reads it: after every scenario, and now and then in between."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock, self._told = folder / TALLY, clock, -TOLD_EVERY_SECONDS
        self._settled = read_tally(folder)[0]

    def __call__(self, now: Tally, settled: bool) -> None:
        self._settled = now if settled else self._settled
        if not settled and 0.0 <= self._clock() - self._told < TOLD_EVERY_SECONDS:
            return
        self._told = self._clock()
        text = json.dumps({"settled": self._settled._asdict(), "now": now._asdict()})
        try:
            write_atomically(self._path, text.encode())
        except InputError:
            return  # a full disk is told where a result cannot be written


def read_tally(folder: Path) -> tuple[Tally, Tally]:
    """(when the last scenario had ended, now) of a block; zeros before it began."""
    try:
        found = json.loads((folder / TALLY).read_bytes())
    except (OSError, ValueError):
        return NOTHING, NOTHING
    settled, now = (Tally(**{**found[when], "said": tuple(found[when]["said"])}) for when in ("settled", "now"))
    return settled, now
