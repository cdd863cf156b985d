"""Run a study's jobs under one progress, and before that as many rounds as `until` asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiments.composer import Composer
    from sim.experiments.plan import Job, Study
    from sim.experiments.until import Ended, Place


def settle(
    tree: Composer, study: Study, folder: Path, places: Mapping[str, Place], families: tuple[Any, ...]
) -> tuple[Study, dict[str, Ended]]:
    """The study with its number of replications found, and how each context ended; unchanged without `until`."""
    from sim.experiments.until import settled, with_replications

    if study.settings.until is None:
        return study, {}

    def fill(round_: Study) -> None:
        if run_jobs(tree, round_, folder):
            raise KeyboardInterrupt

    ended = settled(study, places, families, fill)
    return with_replications(study, ended), ended


def run_jobs(tree: Composer, study: Study, folder: Path) -> bool:
    """Run the jobs; True if Ctrl-C stopped them.

    One progress for all of them where they run in this process; under another launcher each has its own.
    """
    from sim.experiments import job
    from sim.experiments.launch import launch
    from sim.experiments.progress import Progress

    elsewhere = any(word.startswith("hydra/launcher=") for word in study.overrides)
    total = sum(_runs(study, one) for one in study.jobs)
    try:
        if elsewhere:
            launch(tree, study, folder)
        else:
            with Progress(total, study.name, scenarios=len(study.jobs)) as job.shared_progress:
                launch(tree, study, folder)
    except KeyboardInterrupt:
        return True
    finally:
        job.shared_progress = None
    return False


def _runs(study: Study, job: Job) -> int:
    """Simulations of a job."""
    from sim.experiments.panel import runs_of


    return runs_of(study.tree) if job.replications is None else job.replications
