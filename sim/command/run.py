"""`outcomelab run`: plan, check everything, run the jobs, compare, report."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.command.arguments import Arguments, read

if TYPE_CHECKING:
    from sim.experiments.collect import Outcome
    from sim.experiments.composer import Composer
    from sim.experiments.plan import Study
    from sim.experiments.until import Place

OK, CRASH = 0, 1
IN_PROCESSES = ("sim.experiments.replication", "sim.simulation")
IN_DRAWING = ("matplotlib.figure", "matplotlib.backends.backend_svg")
"""What takes a process longest to import; it does so while this one builds the scenarios, and compares them."""


@dataclass(frozen=True)
class _Ready:
    """A study whose every scenario has been built once, and the folder that waits for it."""

    study: Study
    families: tuple[Any, ...]
    places: dict[str, Place]
    """By job folder; empty without `until`."""
    folder: Path


def main(argv: Sequence[str]) -> int:
    """Run one command line; the exit code, or InputError before anything was simulated."""
    from sim.experiments.composer import composer
    from sim.experiments.plan import plan

    arguments = read(argv)
    with composer(arguments.config_dir) as tree, ExitStack() as meanwhile:
        studies = plan(tree, arguments.overrides, arguments.multirun)
        if arguments.show:
            return _show(tree, studies, arguments.show)
        checked = [(study, *_built(tree, study, meanwhile)) for study in studies]
        folders: list[Path] = []
        try:
            folders += (_folder(studies, position, arguments.command) for position in range(len(studies)))
            _prove_stores(studies)
            ready = [_Ready(*pair, folder) for pair, folder in zip(checked, folders, strict=True)]
            return max(_run(tree, one, arguments) for one in ready)
        finally:
            _remove_empty(folders)


def _show(tree: Composer, studies: list[Study], what: str) -> int:
    """Print the composed configuration of each job, Hydra's node included for `all`."""
    from omegaconf import OmegaConf

    from sim.experiments.checked import without_hydra

    for study in studies:
        for job in study.jobs:
            cfg = tree.compose(job.overrides)
            print(f"# {job.arm} in {job.context.name}")
            print(OmegaConf.to_yaml(cfg if what == "all" else without_hydra(cfg)), end="")
    return OK


def _built(tree: Composer, study: Study, meanwhile: ExitStack) -> tuple[tuple[Any, ...], dict[str, Place]]:
    """Metric families and places, with every scenario built once: wrong input ends the command without a trace.

    `meanwhile` holds the processes that will simulate, which get ready while the others are built.
    """
    from sim.build import build
    from sim.experiments.checked import compositions
    from sim.experiments.metric_names import check_metrics
    from sim.experiments.panel import panel_of
    from sim.experiments.processes import ready
    from sim.experiments.statement import check_statement
    from sim.experiments.until import place_of, refuse_lonely

    if study.settings.allow_code and os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())  # the user's own package lies where the command is run
    refuse_lonely(study)
    check_statement(study.tree)
    panel_of(study.tree)
    families: tuple[Any, ...] = ()
    places: dict[str, Place] = {}
    for job, cfg in compositions(tree, study):
        scenario = build(cfg)
        if job is study.jobs[0]:
            meanwhile.enter_context(ready(_processes(study), *IN_PROCESSES))
        families = scenario.metrics
        check_metrics(study, families)
        if study.settings.until is not None:
            places[job.folder] = place_of(cfg, scenario)
    return families, places


def _processes(study: Study) -> int:
    """How many will share the replications; 1: this one does it alone, or there is nothing to do meanwhile."""
    from sim.experiments.launch import BASIC, launcher_of
    from sim.experiments.panel import runs_of
    from sim.experiments.replicate import workers

    alone = len(study.jobs) == 1 or launcher_of(study) != BASIC
    return 1 if alone else min(workers(study.settings.n_jobs), runs_of(study.tree))


def _prove_stores(studies: list[Study]) -> None:
    """Refuse a store that cannot be written."""
    from sim.store.place import prove_writable

    for folder in {study.settings.store_folder for study in studies} - {None}:
        assert folder is not None
        prove_writable(folder)


def _folder(studies: list[Study], position: int, command: str) -> Path:
    from sim.experiments.arms import numbered
    from sim.experiments.folders import claim

    names = numbered([study.name for study in studies])
    return claim(studies[position].settings.output, names[position], len(studies) > 1, command)


def _remove_empty(folders: list[Path]) -> None:
    from sim.experiments.folders import give_up

    for folder in folders:
        give_up(folder)


def _run(tree: Composer, prepared: _Ready, arguments: Arguments) -> int:
    """Launch, gather, compare, report.

    The manifest follows the tables, is what the report reads, and is written once more as the last file.
    """
    from sim.experiments.collect import finish, gather, write_study
    from sim.experiments.folders import point_latest_at
    from sim.experiments.processes import ready
    from sim.experiments.replicate import workers
    from sim.experiments.running import run_jobs, settle

    started, begun = time.perf_counter(), time.time()
    study, ended = settle(tree, prepared.study, prepared.folder, prepared.places, prepared.families)
    interrupted = run_jobs(tree, study, prepared.folder)
    keep_within_size(study, begun)
    outcome = gather(study, prepared.folder, prepared.families, ended)
    _name_missing(outcome)
    if not outcome.manifests and not interrupted:
        return _nothing(outcome)
    n_jobs = 1 if interrupted else workers(study.settings.n_jobs)
    with ready(n_jobs, *IN_DRAWING):
        lines = write_study(outcome) if outcome.manifests else []
    finish(outcome, arguments.command, started)
    report = _report(outcome, n_jobs) if outcome.manifests else None
    finish(outcome, arguments.command, started)
    if outcome.manifests:
        point_latest_at(prepared.folder)
    for line in lines:
        print(line)
    if report is not None:
        print(report)
    if interrupted:
        raise KeyboardInterrupt
    return CRASH if outcome.missing or report is None else OK


def _name_missing(outcome: Outcome) -> None:
    for row in outcome.missing:
        own = f" ({' '.join(row['overrides'])})" if row["overrides"] else ""
        print(f"outcomelab: arm {row['arm']} in {row['context']} is missing: {row['reason']}{own}", file=sys.stderr)


def keep_within_size(study: Study, begun: float) -> None:
    """Keep the store within its size, and say what was taken off."""
    from sim.store.place import make_room

    folder, size = study.settings.store_folder, study.settings.store_gigabytes
    if folder is not None and (removed := make_room(folder, size, begun)):
        print(f"outcomelab: the store was above {size:g} GB: {removed} scenarios were taken off", file=sys.stderr)


def _nothing(outcome: Outcome) -> int:
    if all(row["wrong_input"] for row in outcome.missing):
        raise InputError(outcome.missing[0]["reason"])
    print("outcomelab: no arm finished, there is nothing to report (HYDRA_FULL_ERROR=1 shows where)", file=sys.stderr)
    return CRASH


def _report(outcome: Outcome, n_jobs: int) -> Path | None:
    """The report's path, or None after saying why there is none; the result itself is safe by then."""
    from sim.command.main import told
    from sim.report.page import build_report

    try:
        return build_report(outcome.folder, n_jobs)
    except Exception as error:
        told(error)
        return None
