"""Replications of one scenario, in this process or in several, with the same bytes either way.

A worker simulates and measures; its tables travel back as plain columns. Results are put in order
by replication number, so neither the number of workers nor the chunks can be seen in them.
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
from sim.tables import canonical_run, concatenate

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

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
    run: Run
    metrics: pd.DataFrame


def _light(scenario: Scenario) -> Scenario:
    """The scenario with plain partials as metrics: Hydra's own would make every worker import Hydra."""
    return replace(scenario, metrics=tuple(_plain(family) for family in scenario.metrics))


def _plain(family: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    return partial(family.func, *family.args, **family.keywords) if isinstance(family, partial) else family


def _one(scenario: Scenario, seed: int, replication: int, vary: Vary | None) -> _Outcome:
    """Simulate and measure one replication."""
    from sim.simulation import simulate

    own = vary(scenario, seed, replication) if vary is not None else scenario
    run = canonical_run(simulate(own, seed, replication))
    metrics = measure(run, scenario.metrics)
    metrics.insert(0, "replication", replication)
    return _Outcome(replication, run, metrics.astype({"replication": "int32"}))


def _chunk(scenario: Scenario, seed: int, numbers: Sequence[int], vary: Vary | None) -> list[_Outcome]:
    """What a worker does. Ctrl-C is the driver's business: it stops the workers itself."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return [_one(scenario, seed, number, vary) for number in numbers]


def _parallel(
    scenario: Scenario, seed: int, replications: int, n_jobs: int, vary: Vary | None
) -> Generator[list[_Outcome], None, None]:
    from joblib import Parallel, delayed

    size = max(1, replications // (n_jobs * _CHUNKS_PER_WORKER))
    chunks = [range(first, min(first + size, replications)) for first in range(0, replications, size)]
    pool = Parallel(n_jobs=n_jobs, backend="loky", return_as="generator_unordered", batch_size=1)
    tasks = (delayed(_chunk)(scenario, seed, chunk, vary) for chunk in chunks)
    results = cast("Generator[list[_Outcome], None, None]", pool(tasks))
    try:
        for outcomes in results:  # noqa: UP028 - joblib's own warning must not reach the user
            yield outcomes
    finally:
        with warnings.catch_warnings(action="ignore"):
            results.close()


def _outcomes(
    scenario: Scenario, seed: int, replications: int, n_jobs: int, vary: Vary | None
) -> Generator[list[_Outcome], None, None]:
    if n_jobs == 1 or replications == 1:
        return ([_one(scenario, seed, number, vary)] for number in range(replications))
    return _parallel(scenario, seed, replications, min(n_jobs, replications), vary)


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
) -> Replicated:
    """Simulate and measure `replications` independent replications of a scenario.

    `progress(done, total)` is called here after every chunk. On KeyboardInterrupt what has finished is
    returned with `complete` False. The result does not depend on `n_jobs` (-1: all cores). `vary` makes the
    scenario of each replication out of the common one (a panel of firms).
    """
    whole("seed", seed, 0, 2**63 - 1)
    whole("replications", replications, 1, MAX_REPLICATIONS)
    done: list[_Outcome] = []
    stream = _outcomes(_light(scenario), seed, replications, workers(n_jobs), vary)
    with contextlib.suppress(KeyboardInterrupt), contextlib.closing(stream):
        for outcomes in stream:
            done += outcomes
            if progress is not None:
                progress(len(done), replications)
    done.sort(key=lambda outcome: outcome.replication)
    return Replicated(_joined(scenario, done), _metrics(done), len(done), len(done) == replications)


def _joined(scenario: Scenario, done: list[_Outcome]) -> Run:
    tables = {
        name: concatenate([outcome.run.tables[name] for outcome in done], schema) for name, schema in SCHEMAS.items()
    }
    kernel = sum(outcome.run.kernel_events for outcome in done)
    rate = scenario.discount_rate_per_year
    return Run(**tables, windows=scenario.windows, discount_rate_per_year=rate, kernel_events=kernel)


def _metrics(done: list[_Outcome]) -> pd.DataFrame:
    import pandas as pd

    if not done:
        frame = Rows().frame()
        frame.insert(0, "replication", pd.Series(dtype="int32"))
        return frame
    return pd.concat([outcome.metrics for outcome in done], ignore_index=True)
