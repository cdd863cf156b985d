"""One scenario with all its replications, in a folder of its own.

A job that fails stores why and returns, so that the other arms go on and the comparison is still made
(`on_failure=stop`: those that have not begun do not). It prints nothing: what it has done is counted for the
driver.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.checks import InputError, Trouble
from sim.command_keys import OF_A_JOB, PLACES, SCENARIOS
from sim.experiments.before import put_back
from sim.experiments.manifest import configuration_hash, write_manifest
from sim.experiments.panel import panel_of, runs_of
from sim.experiments.tally import Counter
from sim.tables import write_atomically
from sim.targets import resolved

if TYPE_CHECKING:
    import pandas as pd
    from omegaconf import DictConfig

    from sim.experiments.block import Order, Work
    from sim.scenario import Scenario
    from sim.store.shelf import Shelf

FAILURE, CONFIG = "failure.json", "config.yaml"
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
        reason, is_kept = _store_failure(folder, error)
        sentence = f"outcomelab: arm {order.arm} in {order.context} failed: {reason}"
        counter.failed(sentence)
        if not is_kept:  # nor can the driver be told
            print(sentence, file=sys.stderr, flush=True)
    else:
        counter.ended()


def run_in(folder: Path, cfg: DictConfig, counter: Counter, n_jobs: int | None) -> None:
    """Simulate, measure and write; the manifest last. Raises KeyboardInterrupt after a partial result.

    A result that an interrupted command left whole stays as it is.
    """
    from sim.build import build
    from sim.experiments.tariffs import tariff_facts

    started = time.perf_counter()
    tree = resolved(cfg)
    scenario = build(cfg, tree)
    shelf = shelf_for(scenario, tree)
    if tree["only_fill"]:
        _fill(scenario, tree, shelf, counter, n_jobs)
        return
    text = config_text({key: value for key, value in tree.items() if key not in NOT_IN_CONFIG})
    about = _about(tree, scenario)
    if put_back(folder, about, {CONFIG: hashlib.sha256(text).hexdigest()}):
        counter.kept(runs_of(tree))
        counter.advance(runs_of(tree), runs_of(tree))
        return
    _count_kept(shelf, tree, counter)
    facts = _written(folder, scenario, tree, shelf, counter, n_jobs)
    write_atomically(folder / CONFIG, text)
    facts["files"][CONFIG] = hashlib.sha256(text).hexdigest()
    seconds = round(time.perf_counter() - started, 3)
    write_manifest(folder, {**about, **facts, "tariff": tariff_facts(scenario), "wall_seconds": seconds})
    if not facts["complete"]:
        raise KeyboardInterrupt


def _fill(scenario: Scenario, tree: dict[str, Any], shelf: Shelf | None, counter: Counter, n_jobs: int | None) -> None:
    """Put the replications into the store and leave nothing else."""
    from sim.experiments.replicate import each

    _count_kept(shelf, tree, counter)
    if each(lambda found: None, scenario, **_asked(tree, counter.advance, shelf, n_jobs)) < runs_of(tree):
        raise KeyboardInterrupt


def _written(
    folder: Path, scenario: Scenario, tree: dict[str, Any], shelf: Shelf | None, counter: Counter, n_jobs: int | None
) -> dict[str, Any]:
    """The tables, on disk; what the manifest says of them."""
    from sim.experiments.files import Files
    from sim.experiments.replicate import each

    with Files(folder, scenario, labels(tree)) as files:
        finished = each(files.add, scenario, **_asked(tree, counter.advance, shelf, n_jobs))
        sums = files.keep() if finished else {}
    return {
        "complete": finished == runs_of(tree),
        "finished": finished,
        "events": files.events,
        "kernel_events": files.kernel_events,
        "files": sums,
    }


def _about(tree: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    """What a result is of: equal ones hold the same."""
    from sim.store.key import metrics_key, scenario_key, version

    return {
        "arm": tree["arm"],
        "context": labels(tree)["context"],
        "seed": tree["seed"],
        "replications": tree["replications"],
        "config_hash": configuration_hash(tree),
        "made_from": f"{scenario_key(tree, scenario)}.{metrics_key(tree)}",
        "code": version(tree),
    }


def _count_kept(shelf: Shelf | None, tree: dict[str, Any], counter: Counter) -> None:
    """Say how many of the replications asked for lie in the store."""
    if shelf is not None:
        counter.kept(sum(number < runs_of(tree) for number in shelf.finished(tables=not tree["only_fill"])))


def shelf_for(scenario: Scenario, tree: dict[str, Any]) -> Shelf | None:
    """Where the store keeps this scenario; None without a store."""
    from sim.store.place import shelf

    return None if tree["store"] is None else shelf(tree["store"], tree, scenario, runs_of(tree))


def measured(scenario: Scenario, tree: dict[str, Any], shelf: Shelf | None = None) -> pd.DataFrame:
    """The long table of a scenario's replications, or of every firm of the panel made from it; nothing is written."""
    from sim.experiments.replicate import replicate

    done = replicate(scenario, **{**_asked(tree, None, shelf, None), "tables": False})
    if not done.complete:
        raise KeyboardInterrupt
    return done.metrics


def _asked(
    tree: dict[str, Any], progress: Callable[[int, int], None] | None, shelf: Shelf | None, n_jobs: int | None
) -> dict[str, Any]:
    """How a scenario is replicated."""
    panel = panel_of(tree)
    return {
        "seed": tree["seed"],
        "replications": runs_of(tree),
        "n_jobs": tree["n_jobs"] if n_jobs is None else n_jobs,
        "progress": progress,
        "vary": None if panel is None else panel.firm,
        "shelf": shelf,
        "tables": not tree["only_fill"],
    }


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


def config_text(tree: dict[str, Any]) -> bytes:
    """Content of config.yaml: a resolved configuration."""
    from sim.yaml_text import dumped

    return dumped(tree).encode()


def _store_failure(folder: Path, error: Exception) -> tuple[str, bool]:
    """Write failure.json; the reason (a wrong input's sentence, else the first line of the error), and whether it could
    be written."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, InputError):
        cause = cause.__cause__
    reason = " ".join(str(cause).split()) if cause is not None else _first_line(error)
    trace = "".join(traceback.format_exception(error))
    if os.environ.get("HYDRA_FULL_ERROR") == "1":
        print(trace, file=sys.stderr)
    wrong_input = cause is not None and not isinstance(cause, Trouble)
    facts = {"reason": reason, "wrong_input": wrong_input, "traceback": trace}
    try:
        write_atomically(folder / FAILURE, (json.dumps(facts, indent=2) + "\n").encode())
    except InputError:
        return reason, False
    return reason, True


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0] if lines else 'no message'}"
