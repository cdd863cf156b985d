"""Start the blocks of a study with the Hydra launcher that was chosen (basic, joblib, ray, ...)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.experiments.block import BLOCKS, Order, Work, here
from sim.experiments.composer import Composer, quoted

if TYPE_CHECKING:
    from hydra.plugins.launcher import Launcher

    from sim.experiments.plan import Job, Study

BASIC = "basic"
RAY = "sim.experiments.ray_launcher.RayLauncher"
"""Hydra itself makes the launchers of its plug-ins only."""


def launcher_of(study: Study) -> str:
    """Name of the launcher that was chosen."""
    named = [word.partition("=")[2] for word in study.overrides if word.startswith("hydra/launcher=")]
    return named[-1] if named else BASIC


def orders(study: Study) -> list[Order]:
    """The scenarios of a study as a block holds them."""
    from sim.experiments.panel import runs_of

    whole = runs_of(study.tree)
    return [
        Order(job.arm, job.context.name, job.folder, job.replications or whole, _overrides(study, job))
        for job in study.jobs
    ]


def _overrides(study: Study, job: Job) -> list[str]:
    store = study.settings.store_folder
    return [
        *(word for word in job.overrides if not word.startswith(("hydra.", "hydra/"))),
        f"store={'null' if store is None else quoted(str(store))}",
        *([] if job.replications is None else [f"replications={job.replications}"]),
        *(["only_fill=true"] if job.only_fill else []),
    ]


def launch(composer: Composer, study: Study, folder: Path, blocks: Sequence[str]) -> None:
    """Run these blocks of the study in `folder`; returns when all have ended, whatever became of them.

    The configuration has been checked (sim.experiments.plan): only now does Hydra instantiate anything.
    Where scenarios are shared out over processes, the replications of one stay in one process unless n_jobs says
    otherwise.
    """
    overrides = [*study.overrides, f"hydra.sweep.dir={quoted(str(folder))}"]
    master = composer.compose(overrides, multirun=True)
    sweeper = master.hydra.runtime.choices["hydra/sweeper"]
    if sweeper != BASIC:
        raise InputError(f"hydra/sweeper must be basic, because arms and contexts are planned here, got {sweeper}")
    alone = launcher_of(study) != BASIC and study.settings.n_jobs == -1
    work = Work(Composer(composer.loader), folder, 1 if alone else None, here(study.settings.allow_code), os.getpid())
    _launcher(composer, work, master).launch([[f"hydra.sweep.subdir={BLOCKS}/{name}"] for name in blocks], 0)


def _launcher(composer: Composer, work: Work, master: Any) -> Launcher:
    """The launcher, set up."""
    from hydra._internal.callbacks import Callbacks
    from hydra.core.plugins import Plugins
    from hydra.types import HydraContext

    from sim.experiments.ray_launcher import RayLauncher

    context = HydraContext(config_loader=composer.loader, callbacks=Callbacks())
    plugins = Plugins.instance()
    if master.hydra.launcher._target_ != RAY:
        return plugins.instantiate_launcher(hydra_context=context, task_function=work, config=master)
    own = RayLauncher(**{key: value for key, value in master.hydra.launcher.items() if key != "_target_"})
    own.setup(hydra_context=context, task_function=work, config=master)
    return own
