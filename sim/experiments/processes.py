"""The processes that share the work: joblib's own pool, begun in time and ended whatever comes.

Joblib's `Parallel` hands everything back as it comes, however much that is; work in a bounded amount is `ahead`.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, Future
from typing import Any

from sim.experiments.orphan import end_with_parent
from sim.experiments.undisturbed import undisturbed

IDLE_SECONDS = 300
"""After which a process that nobody needs ends."""
HANDED_OVER_SECONDS = 1.0
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def may_have_children() -> bool:
    """Processes of some pools may not start others."""
    from multiprocessing import current_process

    return not current_process().daemon


def pool(n_jobs: int) -> Executor:
    """So many processes, which stay for the next who asks."""
    from joblib.externals.loky import get_reusable_executor, process_executor

    process_executor.kill_process_tree = _killed
    threads = {name: "1" for name in _THREADS if name not in os.environ}
    found: Executor = get_reusable_executor(n_jobs, timeout=IDLE_SECONDS, env=threads)
    return found


def submit(to: Executor, act: Callable[..., Any], *what: Any) -> Future[Any]:
    """Work for the pool. A pool interrupted while it starts its processes would never end them."""
    with undisturbed(), _deaf():
        return to.submit(act, *what)


def prepare() -> None:
    """What a process of the pool does first: Ctrl-C is the driver's business, which ends the processes itself."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def end(one: Executor, flying: Collection[Future[Any]]) -> None:
    """End the processes, whatever they are at; the pool trips over what it has been given and not yet passed on."""
    with undisturbed():
        last = time.monotonic() + HANDED_OVER_SECONDS
        while time.monotonic() < last and not all(task.running() or task.done() for task in flying):
            time.sleep(0.002)
        one.shutdown(wait=True, kill_workers=True)  # type: ignore[call-arg]


@contextlib.contextmanager
def ready(n_jobs: int, *modules: str) -> Iterator[None]:
    """Processes that import `modules` while this one does something else; they end if that fails."""
    if n_jobs == 1 or not may_have_children():
        yield
        return
    with undisturbed():
        found = pool(n_jobs)
        imports = [submit(found, _import, modules) for _ in range(n_jobs)]
    try:
        yield
    except BaseException:
        end(found, imports)
        raise


def _import(modules: Sequence[str]) -> None:
    prepare()
    for name in modules:
        importlib.import_module(name)


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Processes begun meanwhile never hear the Ctrl-C that a terminal sends to them too, not even while they start."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _killed(process: Any) -> None:
    """End a process of the pool. The pool's own way asks `pgrep` for its children: where there is none, or where the
    next Ctrl-C ends it, the process stays and is waited for without end."""
    with contextlib.suppress(OSError):
        os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.join()
