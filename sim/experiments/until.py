"""Replications until they are enough (`until=precise|clear`), context by context, round by round.

A round adds replications to the store for every arm of a context that is still open; the rule is then applied
to the replications in their order, so that where it stops depends neither on the rounds nor on the number of
workers. What was simulated beyond stays in the store for a later, stricter question.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.checks import InputError
from sim.experiments.margin import REVENUE_METRIC, margins
from sim.experiments.stopping import Series, Stop, stop
from sim.metrics.catalogue import about, measures_of
from sim.targets import resolved

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from sim.experiments.anytime import Floats
    from sim.experiments.plan import Job, Study
    from sim.metrics.long import Measure
    from sim.scenario import Scenario
    from sim.store.shelf import Shelf

GROWTH = 1.25
"""A round adds at least a quarter, so that rounds stay few."""
MOST_GROWTH = 2.0
"""And at most doubles, because an early projection is a rough one."""


class Place(NamedTuple):
    """Where a job's replications are kept, and how many it may have at most."""

    shelf: Shelf
    ceiling: int


class Ended(NamedTuple):
    """How a context ended: by its rule, or at the ceiling."""

    reached: bool
    replications: int
    needed: float


Fill = Callable[["Study"], None]
"""Runs the jobs of a study, which fill the store."""


def settled(study: Study, places: Mapping[str, Place], families: tuple[Any, ...], fill: Fill) -> dict[str, Ended]:
    """How many replications each context takes, after they were simulated; by context name.

    `places` by job folder. A job that fails leaves the others to be judged without it.
    """
    names = dict.fromkeys(job.context.name for job in study.jobs)
    ceilings = {name: max(places[job.folder].ceiling for job in _jobs(study, name)) for name in names}
    wanted = {name: min(study.settings.replications_at_least, ceilings[name]) for name in names}
    ended: dict[str, Ended] = {}
    while wanted:
        fill(_filling(study, wanted))
        for name, asked in list(wanted.items()):
            found = _judged(study, places, families, name, asked)
            if found is None or found.at is not None or asked == ceilings[name]:
                ended[name] = _ended(found, asked)
                del wanted[name]
            else:
                _say(study, name, asked, found.needed)
                wanted[name] = min(_next(asked, found.needed), ceilings[name])
    return {name: ended[name] for name in names}


def place_of(cfg: DictConfig, scenario: Scenario) -> Place:
    """Where a composed job keeps its replications."""
    from sim.store.place import find

    tree = resolved(cfg)
    return Place(find(Path(tree["store"]).expanduser().resolve(), tree, scenario), int(tree["replications"]))


def _ended(found: Stop | None, asked: int) -> Ended:
    if found is None:
        return Ended(False, asked, math.nan)
    return Ended(found.at is not None, found.at or asked, float(found.at or found.needed))


def with_replications(study: Study, ended: Mapping[str, Ended]) -> Study:
    """The study with as many replications per context as were found to be enough."""
    jobs = [replace(job, replications=ended[job.context.name].replications) for job in study.jobs]
    return replace(study, jobs=tuple(jobs))


def until_lines(study: Study, ended: Mapping[str, Ended]) -> list[str]:
    """`until <rule> <context> <reached|ceiling> <replications> needed=<number>`, no spaces in a field; - for none."""
    return [
        f"until {study.settings.until} {name} {'reached' if one.reached else 'ceiling'} {one.replications} "
        f"needed={'-' if math.isnan(one.needed) else f'{one.needed:.0f}'}"
        for name, one in ended.items()
    ]


def refuse_lonely(study: Study) -> None:
    """A verdict is about two arms."""
    for name in dict.fromkeys(job.context.name for job in study.jobs):
        if study.settings.until == "clear" and len(_jobs(study, name)) < 2:
            raise InputError("until=clear compares arms, and there is one only: use until=precise")


def _jobs(study: Study, context: str) -> list[Job]:
    return [job for job in study.jobs if job.context.name == context]


def _filling(study: Study, asked: Mapping[str, int]) -> Study:
    """The open contexts' jobs, which store replications and write nothing else."""
    jobs = [
        replace(job, replications=asked[job.context.name], only_fill=True)
        for job in study.jobs
        if job.context.name in asked
    ]
    return replace(study, jobs=tuple(jobs))


def _next(asked: int, needed: float) -> int:
    """Replications of the next round."""
    least, most = math.ceil(GROWTH * asked), math.ceil(MOST_GROWTH * asked)
    return most if math.isnan(needed) else int(min(most, max(least, math.ceil(needed))))


def _say(study: Study, context: str, done: int, needed: float) -> None:
    """A line for the log, between rounds."""
    projected = "it cannot be said how many" if math.isnan(needed) else f"about {needed:.0f}"
    text = f"{study.name}: {context} has {done} replications, {projected} needed for until={study.settings.until}"
    print(text, file=sys.stderr, flush=True)


def _judged(
    study: Study, places: Mapping[str, Place], families: tuple[Any, ...], context: str, count: int
) -> Stop | None:
    """The rule applied to what the store holds of a context; None where it holds too little to judge."""
    jobs = _jobs(study, context)
    metric, known = study.settings.decision_metric, measures_of(families)
    read = {job.arm: _values(places[job.folder].shelf, count, metric, about(metric, known)) for job in jobs}
    found = {arm: values for arm, values in read.items() if np.isfinite(values[metric]).any()}
    if not found:
        return None
    baseline = study.baseline if study.baseline in found else next(iter(found))
    worthwhile = _worthwhile(study, about(metric, known).unit, found[baseline])
    arms = [arm for arm in found if arm != baseline]
    if not arms and study.settings.until == "clear":
        return None
    values = [found[arm][metric] - found[baseline][metric] for arm in arms] or [found[baseline][metric]]
    series = [Series(one, worthwhile) for one in values]
    rule = str(study.settings.until)
    return stop(rule, series, study.settings.replications_at_least, study.settings.half_width)


def _values(shelf: Shelf, count: int, metric: str, measure: Measure) -> dict[str, Floats]:
    """A metric over all customers, and revenue, replication by replication; nan where there is none."""
    found = {name: np.full(count, np.nan) for name in (metric, REVENUE_METRIC)}
    for number in range(count):
        table = shelf.metrics(number)
        for name in found if table is not None else ():
            assert table is not None
            chosen = table["metric"].says(name) & table["segment"].says("all")
            if name == metric:
                chosen &= table["view"].says(measure.view) & (np.isnan(table["time_days"].values) | measure.timed)
            rows = table["value"].values[chosen]
            rows = rows[:1] if name == metric else rows[~np.isnan(rows)]
            found[name][number] = rows.mean() if len(rows) else np.nan
    return found


def _worthwhile(study: Study, unit: str, baseline: Mapping[str, Floats]) -> Floats:
    """The margin as the comparison would draw it after each replication."""
    metric, given = study.settings.decision_metric, study.settings.worthwhile_difference
    if given is not None:
        return np.full_like(baseline[metric], given)
    return margins(unit, baseline[metric], baseline[REVENUE_METRIC])


def contexts_of(ended: Mapping[str, Ended]) -> Iterator[dict[str, Any]]:
    """Rows of the manifest."""
    for name, one in ended.items():
        needed = None if math.isnan(one.needed) else one.needed
        yield {"context": name, "reached": one.reached, "replications": one.replications, "needed": needed}
