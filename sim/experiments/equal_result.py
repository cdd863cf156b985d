"""The mode `iso_result`: every context also at other budgets, and what each arm needs for the baseline's result.

Rungs of the grid are ordinary jobs in contexts of their own (`preventable,budget_scale=0.8`), which the baseline has
none of; what an equal result costs is written into the long table under the context they were made from, so that
verdicts and claims read it like any metric.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.checks import Checked, InputError, real, series, text
from sim.experiments.arms import Context
from sim.experiments.interval import mean_interval
from sim.metrics.catalogue import about
from sim.metrics.equal_result import COSTS, Curves, pseudo_values
from sim.metrics.facts import Floats

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.plan import Study
    from sim.metrics.long import Measure

KEY: Final = "budget_scale"


@dataclass(frozen=True)
class IsoResult(Checked):
    """Which result is held equal, and the grid of budgets on which it is looked for."""

    metric: str = text("metric whose mean is held equal")
    scales: tuple[float, ...] = series("1", 0.05, 20, "budgets tried besides the given one, relative to it")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.scales or len(set(self.scales) | {1.0}) <= len(self.scales):
            raise InputError(f"scales must be budgets besides 1, each once, got {list(self.scales)}")


def declared_result(node: object) -> IsoResult | None:
    """The checked `iso_result:` of a configuration."""
    if node is None:
        return None
    known = [f.name for f in fields(IsoResult)]
    if not isinstance(node, Mapping) or set(node) != set(known):
        raise InputError(f"iso_result must have {' and '.join(known)}, got {node!r}")
    try:
        return IsoResult(**{str(key): value for key, value in node.items()})
    except InputError as error:
        raise InputError(f"iso_result.{error}") from error


def with_rungs(places: list[Context], wanted: IsoResult | None, budget: object) -> list[Context]:
    """The contexts, and after them each of them at every other budget."""
    if wanted is None:
        return places
    given = real(KEY, budget, 0.05, 20)
    if any(word.startswith(f"{KEY}=") for place in places for word in place.overrides):
        raise InputError(f"{KEY} is moved by iso_result and cannot differ between contexts")
    rungs = [
        replace(
            place,
            columns=(*place.columns, (KEY, f"{scale:g}")),
            overrides=(*place.overrides, f"{KEY}={scale * given:.12g}"),
        )
        for scale in wanted.scales
        for place in places
    ]
    return [*places, *rungs]


def base_of(place: Context) -> tuple[str, float]:
    """(name of the context a rung was made from, its budget relative to that); (own name, 1) of any other."""
    if place.columns and place.columns[-1][0] == KEY:
        return Context(place.columns[:-1]).name, float(place.columns[-1][1])
    return place.name, 1.0


def is_base(study: Study, place: Context) -> bool:
    """Whether a context is no rung."""
    return study.iso_result is None or base_of(place)[1] == 1.0


def equal_results(study: Study, metrics: pd.DataFrame, known: Mapping[str, Measure] | None = None) -> pd.DataFrame:
    """Rows of the long table (arm, context, replication, LONG_COLUMNS); none without `iso_result`."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    if study.iso_result is not None:
        for base, rungs in _ladders(study).items():
            table = _table(study.iso_result.metric, metrics, rungs, known)
            for arm in study.arms:
                rows += _rows(_costs(study, table, rungs, arm, known), arm, base)
    return pd.DataFrame(rows)


def with_equal_results(study: Study, metrics: pd.DataFrame, known: Mapping[str, Measure] | None = None) -> pd.DataFrame:
    """The study's long table with what an equal result costs, where the study asks for it.

    `known`: what a user's own metric families say about themselves.
    """
    import pandas as pd

    rows = equal_results(study, metrics, known)
    if rows.empty:
        return metrics
    kinds = {name: kind for name, kind in metrics.dtypes.items() if name in rows.columns}
    return pd.concat([metrics, rows.astype(kinds)], ignore_index=True)


def _costs(
    study: Study, table: pd.DataFrame, rungs: Mapping[float, str], arm: str, known: Mapping[str, Measure] | None
) -> dict[str, Floats]:
    """What the arm needs, one value per replication; nothing where it or the baseline is missing.

    A result that is the better the lower it is counts with its sign turned, so that money raises every result.
    """
    assert study.iso_result is not None
    metric, own = study.iso_result.metric, {1.0: rungs[1.0]}
    target = _values(table, study.baseline, metric, own)
    budgets = own if arm == study.baseline else rungs
    results = _values(table, arm, metric, budgets)
    if target is None or results is None:
        return {}
    read = {name: _values(table, arm, source, budgets) for name, source in COSTS.items()}
    costs = {name: cost for name, cost in read.items() if cost is not None}
    if arm == study.baseline:
        return {"budget_at_equal_result": np.ones(len(table)), **{name: cost[:, 0] for name, cost in costs.items()}}
    sign = 1.0 if about(metric, known).higher_is_better else -1.0
    return pseudo_values(Curves(np.array(list(rungs)), sign * results, costs, sign * target[:, 0]))


def _rows(found: Mapping[str, Floats], arm: str, context: str) -> list[dict[str, Any]]:
    labels = {"arm": arm, "context": context, "view": "truth", "segment": "all", "time_days": math.nan}
    return [
        {**labels, "replication": number, "metric": name, "value": float(value), "n": numbers.size}
        for name, numbers in found.items()
        for number, value in enumerate(numbers)
    ]


def equal_result_lines(study: Study, metrics: pd.DataFrame) -> list[str]:
    """`equal_result <metric held equal> <arm> <budget> <low> <high> <context>`, the baseline's budget being 1."""
    if study.iso_result is None:
        return []
    rows = metrics[(metrics["metric"] == "budget_at_equal_result") & (metrics["arm"] != study.baseline)]
    lines = []
    for (context, arm), group in rows.groupby(["context", "arm"], sort=False):
        found = mean_interval(group["value"].to_numpy(np.float64))
        numbers = " ".join(f"{value:.4g}" for value in found[:3])
        lines.append(f"equal_result {study.iso_result.metric} {arm} {numbers} {context}")
    return lines


def _ladders(study: Study) -> dict[str, dict[float, str]]:
    """Context -> budget -> the context's name at that budget, budgets rising."""
    found: dict[str, dict[float, str]] = {}
    for job in study.jobs:
        base, scale = base_of(job.context)
        found.setdefault(base, {})[scale] = job.context.name
    return {base: dict(sorted(rungs.items())) for base, rungs in found.items() if len(rungs) > 1}


def _table(
    result: str, metrics: pd.DataFrame, rungs: Mapping[float, str], known: Mapping[str, Measure] | None
) -> pd.DataFrame:
    """Rows: replications in which everything is defined; columns: (arm, metric, context)."""
    here = metrics[metrics["metric"].isin((result, *COSTS.values())) & metrics["context"].isin(rungs.values())]
    own = here["metric"].map(lambda name: about(str(name), known).view)
    here = here[(here["segment"] == "all") & (here["view"] == own)]
    return here.pivot_table(index="replication", columns=["arm", "metric", "context"], values="value").dropna()


def _values(table: pd.DataFrame, arm: str, metric: str, rungs: Mapping[float, str]) -> Floats | None:
    """(replications, budgets) of one metric; None where a rung lacks it."""
    columns = [(arm, metric, rung) for rung in rungs.values()]
    if not all(column in table.columns for column in columns):
        return None
    return table[columns].to_numpy(np.float64)
