"""Start the jobs of a study with the Hydra launcher that was chosen (basic, joblib, ...)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.checks import InputError
from sim.experiments.composer import quoted

if TYPE_CHECKING:
    from sim.experiments.composer import Composer
    from sim.experiments.plan import Study


def launch(composer: Composer, study: Study, folder: Path) -> None:
    """Run every job below `folder`; returns when all have ended, whatever became of them.

    The configuration has been checked (sim.experiments.plan): only now does Hydra instantiate anything.
    """
    from hydra._internal.callbacks import Callbacks
    from hydra.core.plugins import Plugins
    from hydra.types import HydraContext

    from sim.experiments.job import job

    overrides = [*study.overrides, f"hydra.sweep.dir={quoted(str(folder))}"]
    master = composer.compose(overrides, multirun=True)
    sweeper = master.hydra.runtime.choices["hydra/sweeper"]
    if sweeper != "basic":
        raise InputError(f"hydra/sweeper must be basic, because arms and contexts are planned here, got {sweeper}")
    launcher = Plugins.instance().instantiate_launcher(
        hydra_context=HydraContext(config_loader=composer.loader, callbacks=Callbacks()),
        task_function=job,
        config=master,
    )
    store = study.settings.store_folder
    batches = [
        [
            *(word for word in one.overrides if not word.startswith(("hydra.", "hydra/"))),
            f"store={'null' if store is None else quoted(str(store))}",
            *([] if one.replications is None else [f"replications={one.replications}"]),
            *(["only_fill=true"] if one.only_fill else []),
            f"hydra.sweep.subdir={quoted(one.folder)}",
        ]
        for one in study.jobs
    ]
    launcher.launch(batches, initial_job_idx=0)
