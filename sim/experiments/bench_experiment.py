"""What an experiment costs besides simulating: per scenario, per replication, on two workers, taken up again.

Simulating and measuring are timed inside of what is measured and taken off it, so that a small difference of two large
numbers is never formed. Seconds are those of the processor, except for the two workers.
"""

from __future__ import annotations

import pickle
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sim.loader import freed_of_hydra

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from sim.experiments.composer import Composer
    from sim.experiments.plan import Study
    from sim.experiments.replication import Outcome
    from sim.scenario import Scenario

MARKS = ("<!-- experiment -->", "<!-- /experiment -->")
GOALS = {
    "scenario_ms": "<= 30",
    "replication_ms": "<= 5",
    "small_replication_ms": "<= 5",
    "parallel_efficiency": ">= 0.9",
    "resume_10000_s": "<= 3",
    "collect_10000_mb": "<= 300",
}
SCENARIOS, WARM = 24, 4
REPLICATIONS, SMALL_REPLICATIONS = 8, 60
PAIRS, PAIR_REPLICATIONS = 3, 16
PAIR = ("candidates_share=0.25",)
PURE = ("sim.simulation.simulate", "sim.experiments.replication.canonical_run", "sim.experiments.replication.measure")
"""What would be done without any experiment around it."""


def experiment_costs(scenario: Scenario, quick: bool = False) -> dict[str, float]:
    """Every figure; `quick` leaves out the two workers, who want two idle cores."""
    from sim.build import load_scenario
    from sim.experiments.bench_bytes import bytes_per_run
    from sim.experiments.bench_collecting import SMALL, collecting_costs
    from sim.simulation import simulate
    from sim.tables import canonical_run

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        found = per_scenario(folder / "scenarios")
        simulated, own, outcome = per_replication(scenario, REPLICATIONS, folder / "large")
        small = per_replication(load_scenario(*SMALL), SMALL_REPLICATIONS, folder / "small")[1]
        found |= {"simulated_ms": simulated, "replication_ms": own, "small_replication_ms": small}
        found |= {"replication_share": own / simulated, "handed_over_ms": handed_over(outcome)}
        if not quick:
            found["parallel_efficiency"] = efficiency(load_scenario(*PAIR), folder / "pairs")
        found |= collecting_costs(folder / "collecting")
        return found | bytes_per_run(scenario, canonical_run(simulate(scenario, 0, 1)), folder / "bytes")


def _seconds(act: Callable[[], Any]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


@contextmanager
def _inside() -> Iterator[list[float]]:
    """Seconds spent in PURE while this is open, one entry per call."""
    from importlib import import_module

    spent: list[float] = []

    def timed(real: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(real)
        def act(*words: Any, **named: Any) -> Any:
            started = time.process_time()
            try:
                return real(*words, **named)
            finally:
                spent.append(time.process_time() - started)

        return act

    patches = []
    for name in PURE:
        module, _, function = name.rpartition(".")
        patches.append(patch(name, timed(getattr(import_module(module), function))))
    for one in patches:
        one.start()
    try:
        yield spent
    finally:
        for one in patches:
            one.stop()


def _besides(act: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of what is simulated and measured, and of everything else."""
    with _inside() as spent:
        whole = _seconds(act)
    return sum(spent), whole - sum(spent)


def per_scenario(folder: Path) -> dict[str, float]:
    """Milliseconds of a scenario of one small replication: in the driver, in its block, and where it was finished."""
    from sim.build import build
    from sim.experiments.before import set_aside
    from sim.experiments.checked import compositions
    from sim.experiments.composer import composer
    from sim.experiments.launch import orders

    with composer() as tree:
        checked = compositions(tree, _study(tree, folder, 0.0))
        driver = [_seconds(lambda: build(next(checked)[1])) for _ in range(SCENARIOS)]
        asked = orders(_study(tree, folder, 0.01))  # other numbers, so that no component is at hand
        composed = [_seconds(partial(tree.compose, one.overrides)) for one in asked]
        jobs = [partial(_run, folder / one.folder, freed_of_hydra(tree.compose(one.overrides))) for one in asked]
    own = [_besides(act)[1] for act in jobs]
    set_aside(folder)
    left = [_seconds(act) for act in jobs]
    figures = {
        "driver_scenario_ms": driver,
        "composed_ms": composed,
        "scenario_ms": own,
        "finished_scenario_ms": left,
    }
    return {name: 1e3 * median(each[WARM:]) for name, each in figures.items()}


def _study(tree: Composer, folder: Path, more: float) -> Study:
    from sim.experiments.bench_collecting import SMALL
    from sim.experiments.plan import plan

    shares = ",".join(f"{0.2 + more + 0.6 * number / SCENARIOS:.3f}" for number in range(SCENARIOS))
    (study,) = plan(tree, [*SMALL, f"store={folder / 'store'}", f"world.share_experience={shares}"], multirun=True)
    return study


def _run(folder: Path, cfg: DictConfig) -> None:
    from sim.experiments.job import run_in
    from sim.experiments.tally import Counter

    run_in(folder, cfg, Counter(lambda tally, settled: None), 1)


def per_replication(scenario: Scenario, count: int, folder: Path) -> tuple[float, float, Outcome]:
    """Milliseconds of a replication simulated and measured, of all else until it is on disk twice; the last one."""
    from sim.experiments.files import Files
    from sim.experiments.replicate import each
    from sim.store.shelf import Shelf

    kept: list[Outcome] = []

    def whole(runs: int) -> None:
        with Files(folder / "result", scenario, {"arm": "a", "context": "-"}) as files:

            def take(found: Outcome) -> None:
                files.add(found)
                kept[:] = [found]

            each(take, scenario, 0, runs, shelf=Shelf(folder / f"shelf{runs}", "m"))
            files.keep()

    whole(1)
    pure, own = _besides(partial(whole, count))
    return 1e3 * pure / count, 1e3 * own / count, kept[0]


def handed_over(outcome: Outcome) -> float:
    """Milliseconds of the processor to send a replication from a worker to the driver."""
    return 1e3 * median(
        _seconds(lambda: pickle.loads(pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL))) for _ in range(REPLICATIONS)
    )


def efficiency(scenario: Scenario, folder: Path) -> float:
    """Time on one worker over twice the time on two, all files written: the median of interleaved pairs."""
    from sim.experiments.files import Files
    from sim.experiments.replicate import each

    def elapsed(n_jobs: int) -> float:
        started = time.perf_counter()
        with Files(folder, scenario, {"arm": "a", "context": "-"}) as files:
            each(files.add, scenario, 0, PAIR_REPLICATIONS, n_jobs)
            files.keep()
        return time.perf_counter() - started

    elapsed(2)  # starts the workers, who stay
    return median(elapsed(1) / (2.0 * elapsed(2)) for _ in range(PAIRS))
