"""Replications of one scenario, in this process or in several, with the same bytes either way.

Tables travel back from the workers as plain columns. They are handed over in the
order of their numbers, so neither the number of workers nor the chunks, nor what was found in the store, can
be seen in what is made of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sim.checks import whole
from sim.columns import stacked
from sim.events import SCHEMAS
from sim.experiments.ahead import Ahead
from sim.experiments.replication import Outcome, Task, Vary, chunk, kept_in_store, light
from sim.experiments.undisturbed import Undisturbed
from sim.metrics.long import Rows
from sim.recorder import Run
from sim.tables import concatenate

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.store.shelf import Shelf

MAX_REPLICATIONS = 1_000_000


@dataclass(frozen=True)
class Replicated:
    """Tables and metrics of the replications that finished."""

    run: Run
    metrics: pd.DataFrame
    finished: int
    complete: bool


Progress = Callable[[int, int], None]
"""(replications done, of how many)"""


def workers(n_jobs: int) -> int:
    """Number of processes: as given, or all cores for -1."""
    import os

    if n_jobs == -1:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return whole("n_jobs", n_jobs, 1, 4096)


def replicate(
    scenario: Scenario,
    seed: int = 0,
    replications: int = 40,
    n_jobs: int = 1,
    progress: Progress | None = None,
    vary: Vary | None = None,
    shelf: Shelf | None = None,
    tables: bool = True,
) -> Replicated:
    """Simulate and measure `replications` independent replications of a scenario, and join their tables.

    Arguments and Ctrl-C as in `each`, with `complete` False after the latter. Without `tables` the run comes back
    empty.
    """
    found: list[Outcome] = []
    count = each(found.append, scenario, seed, replications, n_jobs, progress, vary, shelf, tables)
    return Replicated(_joined(scenario, found), _metrics(found), count, count == replications)


def each(
    take: Callable[[Outcome], None],
    scenario: Scenario,
    seed: int = 0,
    replications: int = 40,
    n_jobs: int = 1,
    progress: Progress | None = None,
    vary: Vary | None = None,
    shelf: Shelf | None = None,
    tables: bool = True,
) -> int:
    """Hand every replication to `take`, in their order, few of them in memory at a time; how many it was.

    `progress(done, total)` is called here as they are finished, and once at the beginning with what the `shelf` of
    the store already holds. On KeyboardInterrupt what has finished is handed over, and then this returns. What is
    handed over depends neither on `n_jobs` (-1: all cores) nor on the shelf. `vary` makes the scenario of each
    replication out of the common one (a panel of firms). Without `tables` only metrics are.
    """
    whole("seed", seed, 0, 2**63 - 1)
    whole("replications", replications, 1, MAX_REPLICATIONS)
    task, n_jobs = Task(light(scenario), seed, vary, shelf, tables), workers(n_jobs)
    there = shelf.finished(tables) & set(range(replications)) if shelf is not None else set[int]()
    say = _Said(replications, progress)
    missing = [number for number in range(replications) if number not in there]
    with Undisturbed() as calm, contextlib.closing(Ahead(partial(chunk, task), missing, n_jobs, say)) as ahead:
        hand = _Handed(take, calm)
        try:
            if there:
                say(len(there))
            for number in range(replications):
                found = kept_in_store(task, number) if number in there else None
                if found is None and number in there:
                    say.less(1)
                hand(found or ahead.get(number))
        except KeyboardInterrupt:
            _hand_what_is_left(task, ahead, hand, there)
    return hand.count


def _hand_what_is_left(task: Task, ahead: Ahead[Outcome], hand: _Handed, there: set[int]) -> None:
    """After Ctrl-C: what is ready, and what the store holds of the rest."""
    ready = ahead.left()
    for number in sorted({*ready, *(kept for kept in there if kept >= hand.next)}):
        found = ahead.get(number) if number in ready else kept_in_store(task, number)
        if found is not None:
            hand(found)


class _Handed:
    """Hands over replications one by one, each whole: Ctrl-C waits so long."""

    def __init__(self, take: Callable[[Outcome], None], calm: Undisturbed) -> None:
        self._take, self._calm, self.count, self.next = take, calm, 0, 0

    def __call__(self, found: Outcome) -> None:
        self._calm(self._hand, found)

    def _hand(self, found: Outcome) -> None:
        self._take(found)
        self.count, self.next = self.count + 1, found.replication + 1


class _Said:
    """Counts what is finished and says so."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def __call__(self, more: int) -> None:
        self._done += more
        if self._progress is not None:
            self._progress(self._done, self._total)

    def less(self, count: int) -> None:
        """What was counted turned out to be damaged."""
        self._done -= count


def _joined(scenario: Scenario, done: list[Outcome]) -> Run:
    found = [outcome.facts for outcome in done if outcome.facts is not None]
    return Run(
        **{
            name: stacked([facts.tables[name] for facts in found]) if found else concatenate([], schema)
            for name, schema in SCHEMAS.items()
        },
        windows=scenario.windows,
        discount_rate_per_year=scenario.discount_rate_per_year,
        kernel_events=sum(facts.kernel_events for facts in found),
    )


def _metrics(done: list[Outcome]) -> pd.DataFrame:
    import pandas as pd

    if not done:
        frame = Rows().frame()
        frame.insert(0, "replication", pd.Series(dtype="int32"))
        return frame
    return stacked([outcome.metrics for outcome in done])
