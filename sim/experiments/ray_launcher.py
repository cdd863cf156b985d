"""`hydra/launcher=ray`: blocks as tasks of a ray cluster, one on this machine or one that is named.

The plug-in hydra-ray-launcher cannot be installed beside a current joblib (they want different versions of
cloudpickle), and all that is needed of it is this. A task whose worker was killed is started again by ray, and goes
on where the store and the block's tally say.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from hydra.plugins.launcher import Launcher

from sim.checks import Checked, InputError, count, quantity, text
from sim.extras import missing

if TYPE_CHECKING:
    from hydra.core.utils import JobReturn
    from hydra.types import HydraContext, TaskFunction
    from omegaconf import DictConfig


LOCAL = "local"
PATIENCE_SECONDS = 10.0


class _Job(NamedTuple):
    """What every task shares; it travels to each machine once."""

    context: HydraContext
    config: DictConfig
    task: TaskFunction
    state: dict[Any, Any]
    """Hydra's own singletons."""


@dataclass(frozen=True)
class RayLauncher(Checked, Launcher):
    """Hydra's launcher interface over ray tasks."""

    address: str = text("of a running cluster; auto finds it, local starts one here for as long as the command lasts")
    workers: int = count(0, 4096, "processes of a cluster started here; 0 takes the cores")
    cores: float = quantity("cores", 0, 4096, "what one block asks for")
    retries: int = count(0, 1000, "how often a block is started again after its worker was killed")

    _job: _Job | None = field(default=None, init=False)

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """What Hydra hands to every launcher."""
        from hydra.core.singleton import Singleton

        object.__setattr__(self, "_job", _Job(hydra_context, config, task_function, Singleton.get_state()))

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run the jobs on the cluster; raises if one was killed more often than `retries`."""
        ray = _ray()
        started = not ray.is_initialized()
        if started:
            self._connect(ray)
        try:
            shared = ray.put(self._job)
            task = ray.remote(num_cpus=self.cores, max_retries=self.retries)(run)
            jobs = [task.remote(shared, number, list(words)) for number, words in enumerate(job_overrides)]
            found: list[JobReturn] = ray.get(jobs)
            return found
        finally:
            if started:
                ray.shutdown()

    def _connect(self, ray: Any) -> None:
        """Join the cluster, or start one."""
        own = {"num_cpus": self.workers} if self.address == LOCAL and self.workers else {}
        _prove_reachable(self.address)
        try:
            ray.init(address=self.address, log_to_driver=False, logging_level="ERROR", **own)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise InputError(_no_cluster(self.address, error)) from error


def _prove_reachable(address: str) -> None:
    """Ray itself would try for many minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon:
        return
    try:
        socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS).close()
    except (OSError, ValueError) as error:
        raise InputError(_no_cluster(address, error)) from None


def _no_cluster(address: str, error: Exception) -> str:
    reason = (str(error).splitlines() or ["no reason given"])[0]
    return f"hydra.launcher.address must be a ray cluster that can be reached, got {address} ({reason})"


def run(shared: _Job, number: int, overrides: list[str]) -> JobReturn:
    """One Hydra job in a worker."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.core.singleton import Singleton
    from hydra.core.utils import run_job, setup_globals
    from omegaconf import open_dict

    setup_globals()
    Singleton.set_state(shared.state)
    config = shared.context.config_loader.load_sweep_config(shared.config, overrides)
    with open_dict(config):
        config.hydra.job.id = config.hydra.job.num = number
    HydraConfig.instance().set_config(config)
    return run_job(
        hydra_context=shared.context,
        task_function=shared.task,
        config=config,
        job_dir_key="hydra.sweep.dir",
        job_subdir_key="hydra.sweep.subdir",
    )


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise missing("hydra/launcher=ray", "ray", "ray") from None
    return ray
