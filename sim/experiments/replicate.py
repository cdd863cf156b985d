"""Replications of one scenario, in this process or in several, with the same bytes either way.

A worker simulates, measures and stores; its tables travel back as plain columns. Results are put in order
by replication number, so neither the number of workers nor the chunks, nor what was found in the store, can
be seen in them.
"""

from __future__ import annotations

import contextlib
import signal
import warnings
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from sim.checks import whole
from sim.events import SCHEMAS
from sim.metrics.long import Rows, measure
from sim.recorder import Run
from sim.store.packing import Table, plain, stacked
from sim.store.shelf import Facts
from sim.tables import canonical_run, concatenate

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.store.shelf import Shelf

MAX_REPLICATIONS = 1_000_000
_CHUNKS_PER_WORKER = 8
"""Small enough to keep workers equally busy, large enough that a chunk's overhead (about 2 ms) is lost."""


@dataclass(frozen=True)
class Replicated:
    """Tables and metrics of the replications that finished."""

    run: Run
    metrics: pd.DataFrame
    finished: int
    complete: bool


Vary = Callable[["Scenario", int, int], "Scenario"]
"""(scenario, seed, replication) -> the scenario of that replication."""


class _Outcome(NamedTuple):
    replication: int
    facts: Facts | None
    """None where nobody asked for the tables."""
    metrics: Table


class _Task(NamedTuple):
    """What a worker needs to know, besides the numbers of its replications."""

    scenario: Scenario
    seed: int
    vary: Vary | None = None
    shelf: Shelf | None = None
    tables: bool = True


def _light(scenario: Scenario) -> Scenario:
    """The scenario with plain partials as metrics: Hydra's own would make every worker import Hydra."""
    return replace(scenario, metrics=tuple(_plain(family) for family in scenario.metrics))


def _plain(family: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    return partial(family.func, *family.args, **family.keywords) if isinstance(family, partial) else family


def _one(task: _Task, replication: int, wait: bool = True) -> _Outcome | None:
    """A replication out of the store, or simulated and stored; None if another process is at it."""
    if task.shelf is None:
        return _simulated(task, replication)
    found = _kept(task, replication)
    if found is not None:
        return found
    with task.shelf.held(replication, wait) as mine:
        if not mine:
            return None
        try:
            return _kept(task, replication) or _simulated(task, replication)
        except Exception as error:
            task.shelf.put_failure(replication, f"{type(error).__name__}: {error}")
            raise


def _kept(task: _Task, replication: int) -> _Outcome | None:
    """A replication out of the store, if all that is needed of it is there."""
    metrics = task.shelf.metrics(replication) if task.shelf else None
    if task.shelf is None or metrics is None:
        return None
    facts = task.shelf.facts(replication) if task.tables else None
    return None if task.tables and facts is None else _Outcome(replication, facts, metrics)


def _simulated(task: _Task, replication: int) -> _Outcome:
    """Simulate (or take the tables from the store) and measure one replication."""
    facts = task.shelf.facts(replication) if task.shelf else None
    if facts is None:
        from sim.simulation import simulate

        own = task.vary(task.scenario, task.seed, replication) if task.vary else task.scenario
        run = canonical_run(simulate(own, task.seed, replication))
        facts = Facts.of(run)
        if task.shelf is not None:
            task.shelf.put_facts(replication, facts)
    else:
        run = facts.run()
    frame = measure(run, task.scenario.metrics)
    frame.insert(0, "replication", replication)
    metrics = plain(frame.astype({"replication": "int32"}))
    if task.shelf is not None:
        task.shelf.put_metrics(replication, metrics)
    return _Outcome(replication, facts if task.tables else None, metrics)


def _chunk(task: _Task, numbers: Sequence[int], wait: bool) -> list[_Outcome]:
    """What a worker does. Ctrl-C is the driver's business: it stops the workers itself."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return [found for number in numbers if (found := _one(task, number, wait)) is not None]


def _parallel(task: _Task, numbers: Sequence[int], n_jobs: int, wait: bool) -> Generator[list[_Outcome], None, None]:
    from joblib import Parallel, delayed

    size = max(1, len(numbers) // (n_jobs * _CHUNKS_PER_WORKER))
    chunks = [numbers[first : first + size] for first in range(0, len(numbers), size)]
    pool = Parallel(n_jobs=n_jobs, backend="loky", return_as="generator_unordered", batch_size=1)
    results = cast(
        "Generator[list[_Outcome], None, None]", pool(delayed(_chunk)(task, chunk, wait) for chunk in chunks)
    )
    try:
        for outcomes in results:  # noqa: UP028 - joblib's own warning must not reach the user
            yield outcomes
    finally:
        with warnings.catch_warnings(action="ignore"):
            results.close()


def _outcomes(task: _Task, numbers: Sequence[int], n_jobs: int, wait: bool) -> Generator[list[_Outcome], None, None]:
    if n_jobs == 1 or len(numbers) == 1:
        return ([found] for number in numbers if (found := _one(task, number, wait)) is not None)
    return _parallel(task, numbers, min(n_jobs, len(numbers)), wait)


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
    progress: Callable[[int, int], None] | None = None,
    vary: Vary | None = None,
    shelf: Shelf | None = None,
    tables: bool = True,
) -> Replicated:
    """Simulate and measure `replications` independent replications of a scenario.

    `progress(done, total)` is called here after every chunk, and once at the beginning with what the `shelf`
    of the store already held. On KeyboardInterrupt what has finished is returned with `complete` False. The
    result depends neither on `n_jobs` (-1: all cores) nor on the shelf. `vary` makes the scenario of each
    replication out of the common one (a panel of firms). Without `tables` the run comes back empty.
    """
    whole("seed", seed, 0, 2**63 - 1)
    whole("replications", replications, 1, MAX_REPLICATIONS)
    task, n_jobs = _Task(_light(scenario), seed, vary, shelf, tables), workers(n_jobs)
    done: dict[int, _Outcome] = {}
    stream = _all(task, replications, n_jobs, done)
    with contextlib.suppress(KeyboardInterrupt), contextlib.closing(stream):
        for outcomes in stream:
            done.update((outcome.replication, outcome) for outcome in outcomes)
            if progress is not None:
                progress(len(done), replications)
    found = [done[number] for number in sorted(done)]
    return Replicated(_joined(scenario, found), _metrics(found), len(found), len(found) == replications)


def _all(
    task: _Task, replications: int, n_jobs: int, done: dict[int, _Outcome]
) -> Generator[list[_Outcome], None, None]:
    """What the store holds, then what nobody works on, then what others left or are finishing."""
    if task.shelf is not None and (there := task.shelf.finished(task.tables)):
        numbers = [number for number in range(replications) if number in there]
        yield [found for number in numbers if (found := _kept(task, number)) is not None]
    for wait in (False, True):
        missing = [number for number in range(replications) if number not in done]
        if missing:
            with contextlib.closing(_outcomes(task, missing, n_jobs, wait)) as stream:
                yield from stream


def _joined(scenario: Scenario, done: list[_Outcome]) -> Run:
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


def _metrics(done: list[_Outcome]) -> pd.DataFrame:
    import pandas as pd

    if not done:
        frame = Rows().frame()
        frame.insert(0, "replication", pd.Series(dtype="int32"))
        return frame
    return stacked([outcome.metrics for outcome in done])
