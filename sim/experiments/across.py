"""Tables that need several arms or contexts at once, written beside the comparison.

reversal.parquet, twins.parquet, twin_customers.parquet wherever a context has two arms; frontier.parquet and
flips.parquet wherever contexts differ in nothing but one number; panel.parquet where replications are firms.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.experiments.designs.sampling import SAMPLED
from sim.experiments.firm_panel import associations, panel_lines, panel_table
from sim.experiments.frontier import flip_line, flips, frontier
from sim.experiments.panel import panel_of
from sim.experiments.reversal import reversal
from sim.experiments.setting import leaves, tree_of
from sim.experiments.twins import twin_customers, twins
from sim.metrics.catalogue import measures_of
from sim.tables import read_tables, write_result

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from sim.experiments.collect import Outcome

SETTING: Final = (
    *("market", "world", "seed", "replications", "horizon_months", "entry", "candidates_share", "budget_scale"),
    *("discount_rate_per_year", "metrics", "panel", "policy", "pricing", "survey"),
)
"""Top-level keys that make a context (the levers as its first arm has them); a frontier compares contexts alike in
all of them but one number."""


TWINNED: Final = ("customers", "ledger")
"""Tables in which twins are compared."""


class _Here(NamedTuple):
    """The arms of one context that finished."""

    context: str
    baseline: str
    folders: dict[str, Path]


def write_across(outcome: Outcome, metrics: pd.DataFrame) -> list[str]:
    """Write what can be written; lines to print (turning points)."""
    places = list(_places(outcome))
    _write(outcome.folder, "reversal", [_reversal(outcome, metrics, here) for here in places])
    customers = [one for here in places for one in _twin_customers(here)]
    _write(outcome.folder, "twin_customers", customers)
    _write(outcome.folder, "twins", [_twins(one) for one in customers if len(one)])
    return _panels(outcome, metrics) + _frontiers(outcome, metrics, places)


def _panels(outcome: Outcome, metrics: pd.DataFrame) -> list[str]:
    """Firms of every job that is a panel, and what associates their score with their growth."""
    tables, lines = [], []
    for job in outcome.finished_jobs if outcome.study.tree.get("panel") else []:
        panel = panel_of(tree_of(outcome.folder / job.folder))
        if panel is None:
            continue
        rows = metrics[(metrics["context"] == job.context.name) & (metrics["arm"] == job.arm)]
        table = panel_table(rows, panel, int(outcome.manifests[job.folder]["seed"]))
        lines += panel_lines(associations(table), f"{job.arm} {job.context.name}")
        table.insert(0, "context", job.context.name)
        table.insert(1, "arm", job.arm)
        tables.append(table)
    _write(outcome.folder, "panel", tables)
    return lines


def _places(outcome: Outcome) -> Iterator[_Here]:
    """Contexts with at least two arms; the first arm stands in for a missing baseline."""
    jobs = outcome.finished_jobs
    for context in dict.fromkeys(job.context.name for job in jobs):
        folders = {job.arm: outcome.folder / job.folder for job in jobs if job.context.name == context}
        if len(folders) > 1:
            wanted = outcome.study.baseline
            yield _Here(context, wanted if wanted in folders else next(iter(folders)), folders)


def _write(folder: Path, name: str, tables: list[pd.DataFrame]) -> None:
    import pandas as pd

    if any(len(table) for table in tables):
        write_result(pd.concat(tables, ignore_index=True), folder / f"{name}.parquet")


def _reversal(outcome: Outcome, metrics: pd.DataFrame, here: _Here) -> pd.DataFrame:
    known = measures_of(outcome.families)
    rows = metrics[metrics["context"] == here.context]
    return reversal(rows, outcome.study.settings.decision_metric, here.context, known)


def _twin_customers(here: _Here) -> Iterator[pd.DataFrame]:
    """Of every arm against the baseline."""
    baseline = read_tables(here.folders[here.baseline], only=TWINNED)
    for arm in (name for name in here.folders if name != here.baseline):
        frame = twin_customers(baseline, read_tables(here.folders[arm], only=TWINNED))
        for place, (name, value) in enumerate((("context", here.context), ("baseline", here.baseline), ("arm", arm))):
            frame.insert(place, name, value)
        yield frame


def _twins(customers: pd.DataFrame) -> pd.DataFrame:
    frame = twins(customers)
    for place, name in enumerate(("context", "baseline", "arm")):
        frame.insert(place, name, customers[name].iloc[0])
    return frame


def _frontiers(outcome: Outcome, metrics: pd.DataFrame, places: list[_Here]) -> list[str]:
    """One frontier per group of contexts alike in all but one number, those with most levels first."""
    design = outcome.study.design
    if design is not None and design.kind in SAMPLED:
        return []  # points are spread out; where two of them differ in one number is chance
    levels, turns, lines = [], [], []
    for number, (key, group) in enumerate(_groups(places), start=1):
        here = metrics[metrics["context"].isin(group)]
        arms = list(dict.fromkeys(here["arm"]))
        baseline = outcome.study.baseline if outcome.study.baseline in arms else arms[0]
        asked = (here, group, arms, baseline, outcome.study.settings.decision_metric)
        name = "-" if len(set(metrics["context"])) == len(group) else _shared(list(group)) or f"frontier={number}"
        levels.append(frontier(*asked).assign(key=key, context=name))
        turns.append(flips(*asked).assign(key=key, context=name))
        lines += [flip_line(row, name) for row in turns[-1].to_dict("records")]
    _write(outcome.folder, "frontier", levels)
    _write(outcome.folder, "flips", turns)
    return lines


def _groups(places: list[_Here]) -> list[tuple[str, dict[str, float]]]:
    """(key, contexts by its level), alike in everything else; only groups with two levels or more."""
    settings = {here.context: leaves(_setting(next(iter(here.folders.values())))) for here in places}
    keys = dict.fromkeys(key for numbers in settings.values() for key in numbers)
    varied = [key for key in keys if len({json.dumps(numbers.get(key)) for numbers in settings.values()}) > 1]
    found: dict[tuple[str, str], dict[str, float]] = {}
    for key in varied:
        for context, numbers in settings.items():
            level = numbers.get(key)
            if isinstance(level, bool) or not isinstance(level, (int, float)):
                continue
            rest = json.dumps([numbers.get(other) for other in varied if other != key])
            group = found.setdefault((key, rest), {})
            if float(level) not in group.values():
                group[context] = float(level)
    groups = [(key, group) for (key, _), group in found.items() if len(group) > 1]
    return sorted(groups, key=lambda one: -len(one[1]))


def _shared(contexts: list[str]) -> str:
    """Words that declared names begin with alike: `late` of `late_0` and `late_50`; nothing for a sweep's names."""
    if any("=" in context for context in contexts):
        return ""
    words = zip(*(context.split("_") for context in contexts), strict=False)
    return "_".join(alike[0] for alike in takewhile(lambda place: len(set(place)) == 1, words))


def _setting(folder: Path) -> dict[str, Any]:
    """What makes the context of a job."""
    tree = tree_of(folder)
    return {key: tree.get(key) for key in SETTING}
