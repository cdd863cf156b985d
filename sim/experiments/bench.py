"""`outcomelab bench`: what the simulator costs, measured on this machine, as one JSON line.

Machines are shared and noisy, so the figure to compare is `event_rate_ratio`: the model's event rate
over that of bare SimPy timeouts, the median of five interleaved pairs. Thinned rejections (customers
visited for a ticket that was then not raised) are taken out of the model's events.
"""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.store.words import Words
from sim.tables import write_atomically

if TYPE_CHECKING:
    from sim.scenario import Scenario

ABOUT = {
    "simulation": "events, draws, memory of a customer",
    "store": "keeping and reading a replication, queries",
    "experiment": "what scenarios and replications cost besides simulating",
}
WHAT = tuple(ABOUT)
MARKS = ("<!-- bench -->", "<!-- /bench -->")
GOALS = {
    "event_rate_ratio": ">= 0.2",
    "draw_us": "<= 1",
    "bytes_per_live_customer": "<= 2,048",
    "bytes_per_draw_block_customer": "<= 1,024",
    "bytes_per_event": "<= 40",
    "two_worker_speedup": ">= 1.7",
}
PAIRS = 5
WAITING = 1000
BARE_EVENTS = 200_000
SPEEDUP_REPLICATIONS = 40
SPEEDUP_SERIAL_SECONDS = 20.0


def main(argv: list[str]) -> int:
    """Measure one of three things, print its figures, write them where asked."""
    parser = Words(prog="outcomelab bench", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "what",
        nargs="?",
        choices=WHAT,
        default=WHAT[0],
        help="; ".join(f"{name}: {told}" for name, told in ABOUT.items()),
    )
    parser.add_argument("--quick", action="store_true", help="leave out the two workers, who want two idle cores")
    parser.add_argument("--write", metavar="FILE", type=Path, help="also write the table into FILE")
    options = parser.parse_args(argv)
    from sim.build import load_scenario

    marks, goals, figures = _measured(options.what, load_scenario(), options.quick)
    rounded = {name: float(f"{value:.4g}") for name, value in figures.items()}
    if options.write:
        write_table(options.write, rounded, marks, goals)
    print(json.dumps(rounded))
    return 0


def _measured(what: str, scenario: Scenario, quick: bool) -> tuple[tuple[str, str], dict[str, str], dict[str, float]]:
    """Where the table stands, what is aimed at, and the figures."""
    from sim.experiments import bench_experiment, bench_store

    if what == "store":
        return bench_store.MARKS, bench_store.GOALS, bench_store.store_costs(scenario)
    if what == "experiment":
        return bench_experiment.MARKS, bench_experiment.GOALS, bench_experiment.experiment_costs(scenario, quick)
    figures = event_rates(scenario) | draw_costs() | memory(scenario)
    return MARKS, GOALS, figures if quick else figures | {"two_worker_speedup": two_worker_speedup(scenario)}


def write_table(
    path: Path, figures: dict[str, float], marks: tuple[str, str] = MARKS, goals: dict[str, str] = GOALS
) -> None:
    """Replace what stands between the marks of `path` by a table of figures and goals; a row that was not measured
    this time (`--quick`) stays as it is."""
    text = path.read_text(encoding="utf-8")
    if text.count(marks[0]) != 1 or text.count(marks[1]) != 1:
        raise InputError(f"{path} must hold the marks {marks[0]} and {marks[1]} once each")
    before, old = text.split(marks[0])
    old, after = old.split(marks[1])
    rows = ["| figure | measured | goal |", "|---|---|---|"]
    rows += [f"| `{name}` | {value:,.4g} | {goals.get(name, '')} |" for name, value in figures.items()]
    rows += [row for row in old.splitlines() if row.startswith("| `") and row.split("`")[1] not in figures]
    write_atomically(path, "\n".join([before + marks[0], *rows, marks[1] + after]).encode())


def _seconds(act: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    made = act()
    return time.process_time() - start, made


def _bare() -> float:
    """Events per second of 1,000 SimPy processes that only wait."""
    import simpy

    def wait(env: simpy.Environment, days: float) -> Generator[Any, Any, None]:
        while True:
            yield env.timeout(days)

    env = simpy.Environment()
    for i in range(WAITING):
        env.process(wait(env, 1.0 + i / WAITING))
    done = 0

    def run() -> None:
        nonlocal done
        while done < BARE_EVENTS:
            env.step()
            done += 1

    return BARE_EVENTS / _seconds(run)[0]


def event_rates(scenario: Scenario) -> dict[str, float]:
    """Rates of bare SimPy and of the model in interleaved pairs, and what a recorded event costs."""
    from sim.simulation import simulate

    simulate(scenario, 0, 0)
    bare, model, ratios, per_event, lifetimes = [], [], [], [], []
    for pair in range(PAIRS):
        bare.append(_bare())
        seconds, run = _seconds(partial(simulate, scenario, 0, pair + 1))
        model.append(run.kernel_events / seconds)
        ratios.append(model[-1] / bare[-1])
        per_event.append(1e6 * seconds / len(run.events))
        lifetimes.append(int(run.customers["won_days"].notna().sum()) / seconds)
    return {
        "bare_events_per_s": median(bare),
        "model_events_per_s": median(model),
        "event_rate_ratio": median(ratios),
        "lifetimes_per_s": median(lifetimes),
        "us_per_recorded_event": median(per_event),
    }


def draw_costs() -> dict[str, float]:
    """Microseconds of an addressed draw, blocks included, customers in turn."""
    from sim.streams import Streams

    draw, customers, occurrences = Streams(0, 0).purpose("bench", 5), 1000, 64

    def run() -> None:
        for occurrence in range(occurrences):
            for customer in range(customers):
                draw(customer, occurrence)

    return {"draw_us": 1e6 * _seconds(run)[0] / (customers * occurrences)}


def two_worker_speedup(scenario: Scenario) -> float:
    """Wall time of 40 replications on one worker over that on two; longer horizons until the serial
    run takes at least 20 seconds."""
    from dataclasses import replace

    from sim.experiments.replicate import replicate

    while True:
        start = time.perf_counter()
        replicate(scenario, 0, SPEEDUP_REPLICATIONS, n_jobs=1)
        serial = time.perf_counter() - start
        if serial >= SPEEDUP_SERIAL_SECONDS or scenario.horizon_months >= 120:
            break
        scenario = replace(scenario, horizon_months=min(120.0, 1.5 * scenario.horizon_months))
    start = time.perf_counter()
    replicate(scenario, 0, SPEEDUP_REPLICATIONS, n_jobs=2)
    return serial / (time.perf_counter() - start)


def memory(scenario: Scenario) -> dict[str, float]:
    """Bytes per live customer, of draw blocks per customer, and per recorded event."""
    from sim.experiments.bench_memory import bytes_of_traits, bytes_per_draw_block_customer, bytes_per_live_customer
    from sim.recorder import Recorder

    recorder, n = Recorder(), 200_000
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for i in range(n):
        recorder.event(float(i), "contact_end", i, 1, i, 0.5, "resolved")
    per_event = (tracemalloc.get_traced_memory()[0] - before) / n
    tracemalloc.stop()
    return {
        "bytes_per_live_customer": bytes_per_live_customer(scenario),
        "bytes_of_traits": bytes_of_traits(scenario),
        "bytes_per_draw_block_customer": bytes_per_draw_block_customer(scenario),
        "bytes_per_event": per_event,
    }
