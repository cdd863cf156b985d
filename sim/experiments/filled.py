"""A study that leaves nothing but what the store keeps: simulate what is missing, read its long table."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.checks import InputError
from sim.experiments.job import FAILURE, labelled, measured, shelf_for
from sim.experiments.panel import runs_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.composer import Composer
    from sim.experiments.plan import Job, Study
    from sim.scenario import Scenario


class Filled(NamedTuple):
    """What a study measured."""

    metrics: pd.DataFrame
    """The long table, labelled by context and arm."""
    trees: dict[str, dict[str, Any]]
    """Resolved configuration of each context, as its first arm has it."""


class _Ready(NamedTuple):
    job: Job
    tree: dict[str, Any]
    scenario: Scenario


def filled(composer: Composer, study: Study) -> Filled:
    """Run what the store lacks, under one progress, and read all of it.

    InputError before anything is simulated where input is wrong; KeyboardInterrupt after Ctrl-C. A study of which a
    scenario fails is not half told: its reason is raised.
    """
    import pandas as pd

    from sim.experiments.running import run_jobs
    from sim.store.place import prove_writable

    store = study.settings.store_folder
    if store is None:
        raise InputError("store must name a folder, because nothing else is kept, got store=null")
    if study.settings.until is not None:
        raise InputError(f"until must be null, as every step has as many replications, got {study.settings.until}")
    ready = _built(composer, study)
    prove_writable(store)
    lacking = tuple(replace(one.job, only_fill=True) for one in ready if not _is_kept(store, one))
    with tempfile.TemporaryDirectory(prefix="outcomelab") as folder:
        if lacking and run_jobs(composer, replace(study, jobs=lacking), Path(folder)):
            raise KeyboardInterrupt
        _refuse_failures(study, Path(folder))
    tables = [_read(one) for one in ready]
    trees = {one.job.context.name: one.tree for one in reversed(ready)}
    return Filled(pd.concat(tables, ignore_index=True), trees)


def _built(composer: Composer, study: Study) -> list[_Ready]:
    """Every scenario, built once so that wrong input ends the command without a trace."""
    from sim.build import build
    from sim.experiments.checked import compositions
    from sim.targets import resolved

    if study.settings.allow_code and os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())  # the user's own package lies where the command is run
    found = []
    for job, cfg in compositions(composer, study):
        tree = resolved(cfg)
        found.append(_Ready(job, tree, build(cfg, tree)))
    return found


def _is_kept(store: Path, one: _Ready) -> bool:
    """Whether the store has every replication of a scenario."""
    from sim.store.place import find

    kept = find(store, one.tree, one.scenario).finished(tables=False)
    return all(number in kept for number in range(runs_of(one.tree)))


def _refuse_failures(study: Study, folder: Path) -> None:
    for job in study.jobs:
        path = folder / job.folder / FAILURE
        if path.exists():
            facts = json.loads(path.read_text(encoding="utf-8"))
            reason = f"arm {job.arm} in {job.context.name} failed: {facts['reason']}"
            raise InputError(reason) if facts["wrong_input"] else RuntimeError(reason)


def _read(one: _Ready) -> pd.DataFrame:
    """The replications of a scenario, out of the store; what was taken off it meanwhile is simulated again."""
    table = measured(one.scenario, one.tree, shelf_for(one.scenario, one.tree))
    return labelled(table, {"context": one.job.context.name, "arm": one.job.arm})
