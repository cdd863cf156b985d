"""One replication: out of the store, or simulated, measured and stored. This is what a worker does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.columns import Plain, Table, height, plain
from sim.metrics.long import measure
from sim.store.shelf import Facts
from sim.tables import canonical_run

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.store.shelf import Shelf

Vary = Callable[["Scenario", int, int], "Scenario"]
"""(scenario, seed, replication) -> the scenario of that replication."""


class Outcome(NamedTuple):
    """A finished replication."""

    replication: int
    facts: Facts | None
    """None where nobody asked for the tables."""
    metrics: Table


class Task(NamedTuple):
    """What a worker needs to know, besides the numbers of its replications."""

    scenario: Scenario
    seed: int
    vary: Vary | None = None
    shelf: Shelf | None = None
    tables: bool = True


def light(scenario: Scenario) -> Scenario:
    """The scenario with plain partials as metrics: Hydra's own would make every worker import Hydra."""
    return replace(scenario, metrics=tuple(_plain(family) for family in scenario.metrics))


def _plain(family: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    return partial(family.func, *family.args, **family.keywords) if isinstance(family, partial) else family


def _one(task: Task, replication: int, wait: bool = True) -> Outcome | None:
    """A replication out of the store, or simulated and stored; None if another process is at it."""
    if task.shelf is None:
        return _simulated(task, replication)
    found = kept_in_store(task, replication)
    if found is not None:
        return found
    with task.shelf.held(replication, wait) as mine:
        if not mine:
            return None
        try:
            return kept_in_store(task, replication) or _simulated(task, replication)
        except Exception as error:
            task.shelf.put_failure(replication, f"{type(error).__name__}: {error}")
            raise


def kept_in_store(task: Task, replication: int) -> Outcome | None:
    """A replication out of the store, if all that is needed of it is there."""
    metrics = task.shelf.metrics(replication) if task.shelf else None
    if task.shelf is None or metrics is None:
        return None
    facts = task.shelf.facts(replication) if task.tables else None
    return None if task.tables and facts is None else Outcome(replication, facts, metrics)


def _simulated(task: Task, replication: int) -> Outcome:
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
    table = plain(measure(run, task.scenario.metrics))
    metrics = {"replication": Plain("number", np.full(height(table), replication, np.int32)), **table}
    if task.shelf is not None:
        task.shelf.put_metrics(replication, metrics)
    return Outcome(replication, facts if task.tables else None, metrics)


def chunk(task: Task, numbers: Sequence[int], wait: bool) -> dict[int, Outcome]:
    """What a worker does."""
    return {number: found for number in numbers if (found := _one(task, number, wait)) is not None}
