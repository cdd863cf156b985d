"""One scenario with all its replications, in a folder of its own.

A job that fails stores why and returns, so that the other arms go on and the comparison is still made
(`on_failure=stop`: those that have not begun do not). It prints nothing: what it has done is counted for the
driver.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.command_keys import OF_A_JOB, PLACES, SCENARIOS
from sim.experiments.manifest import configuration_hash, write_manifest
from sim.experiments.tally import Counter
from sim.tables import write_atomically, write_result, write_tables

if TYPE_CHECKING:
    import pandas as pd
    from omegaconf import DictConfig

    from sim.experiments.block import Order, Work
    from sim.experiments.replicate import Replicated
    from sim.scenario import Scenario
    from sim.store.shelf import Shelf

FAILURE = "failure.json"
METRICS = "metrics.parquet"
NOT_IN_CONFIG = (*SCENARIOS, *OF_A_JOB, *PLACES, "claims", "block")
"""Keys of the command that a job's own config.yaml leaves out."""


def job(work: Work, order: Order, counter: Counter) -> None:
    """Compose and run one scenario; whatever goes wrong is kept in its folder and counted."""
    from sim.loader import freed_of_hydra

    folder = work.folder / order.folder
    (folder / FAILURE).unlink(missing_ok=True)
    counter.begin(f"{order.arm} in {order.context}", order.runs)
    try:
        cfg = freed_of_hydra(work.composer.compose(order.overrides))
        if cfg.on_failure == "stop" and any(work.folder.glob(f"arms/*/*/{FAILURE}")):
            counter.skipped()
            return
        run_in(folder, cfg, counter, work.n_jobs)
    except Exception as error:
        reason = _store_failure(folder, error)
        counter.failed(f"outcomelab: arm {order.arm} in {order.context} failed: {reason}")
    else:
        counter.ended()


def run_in(folder: Path, cfg: DictConfig, counter: Counter, n_jobs: int | None) -> None:
    """Simulate, measure and write; the manifest last. Raises KeyboardInterrupt after a partial result."""
    from sim.build import build
    from sim.targets import resolved

    started = time.perf_counter()
    tree = resolved(cfg)
    scenario = build(cfg)
    shelf = shelf_for(scenario, tree)
    if shelf is not None:
        counter.kept(_kept(shelf, tree))
    done = replicated(scenario, tree, counter.advance, shelf, n_jobs)
    if not tree["only_fill"]:
        _write(folder, scenario, tree, done, started, None if shelf is None else shelf.name)
    if not done.complete:
        raise KeyboardInterrupt


def _kept(shelf: Shelf, tree: dict[str, Any]) -> int:
    """How many of the replications asked for lie in the store."""
    from sim.experiments.panel import runs_of

    asked = runs_of(tree)
    return sum(number < asked for number in shelf.finished(tables=not tree["only_fill"]))


def _write(
    folder: Path, scenario: Scenario, tree: dict[str, Any], done: Replicated, started: float, stored_as: str | None
) -> None:
    """What a job leaves behind."""
    from sim.experiments.tariffs import tariff_facts
    from sim.store.key import version

    columns = labels(tree)
    if done.finished:
        write_tables(done.run, folder)
        write_result(labelled(done.metrics, columns), folder / METRICS)
    write_config(folder, {key: value for key, value in tree.items() if key not in NOT_IN_CONFIG})
    facts = {
        "complete": done.complete,
        "arm": tree["arm"],
        "context": columns["context"],
        "seed": tree["seed"],
        "replications": tree["replications"],
        "finished": done.finished,
        "events": len(done.run.events) if done.finished else 0,
        "kernel_events": done.run.kernel_events if done.finished else 0,
        "config_hash": configuration_hash(tree),
        "stored_as": stored_as,
        "code": version(tree),
        "tariff": tariff_facts(scenario),
        "wall_seconds": round(time.perf_counter() - started, 3),
    }
    write_manifest(folder, facts)


def shelf_for(scenario: Scenario, tree: dict[str, Any]) -> Shelf | None:
    """Where the store keeps this scenario; None without a store."""
    from sim.experiments.panel import runs_of
    from sim.store.place import shelf

    return None if tree["store"] is None else shelf(tree["store"], tree, scenario, runs_of(tree))


def replicated(
    scenario: Scenario,
    tree: dict[str, Any],
    callback: Callable[[int, int], None],
    shelf: Shelf | None = None,
    n_jobs: int | None = None,
) -> Replicated:
    """Replications of the scenario, or of every firm of the panel made from it."""
    from sim.experiments.panel import panel_of, runs_of
    from sim.experiments.replicate import replicate

    panel = panel_of(tree)
    vary = None if panel is None else panel.firm
    tables, processes = not tree["only_fill"], tree["n_jobs"] if n_jobs is None else n_jobs
    return replicate(scenario, tree["seed"], runs_of(tree), processes, callback, vary, shelf, tables)


def labels(tree: Mapping[str, Any]) -> dict[str, str]:
    """Columns that place a job's rows: arm, context (its whole name) and one per swept key."""
    from sim.experiments.arms import Context

    pairs = [tuple(word.split("=", 1)) for word in tree["context"]]
    name = Context(tuple((key, value) for key, value in pairs)).name
    return {"arm": str(tree["arm"]), "context": name, **{key: value for key, value in pairs if key != "context"}}


def labelled(metrics: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """The long table with its label columns in front."""
    frame = metrics.copy()
    for position, (name, value) in enumerate(columns.items()):
        frame.insert(position, name, value)
    return frame


def write_config(folder: Path, tree: dict[str, Any]) -> None:
    """A resolved configuration as config.yaml."""
    from sim.yaml_text import dumped

    write_atomically(folder / "config.yaml", dumped(tree).encode())


def _store_failure(folder: Path, error: Exception) -> str:
    """Write failure.json and return the reason: a wrong input's sentence, else the first line of the error."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, InputError):
        cause = cause.__cause__
    reason = " ".join(str(cause).split()) if cause is not None else _first_line(error)
    trace = "".join(traceback.format_exception(error))
    if os.environ.get("HYDRA_FULL_ERROR") == "1":
        print(trace, file=sys.stderr)
    facts = {"reason": reason, "wrong_input": cause is not None, "traceback": trace}
    write_atomically(folder / FAILURE, (json.dumps(facts, indent=2) + "\n").encode())
    return reason


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0] if lines else 'no message'}"
