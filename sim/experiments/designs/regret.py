"""Robustness over the points of a design: what each arm loses to the best one at each point (Savage 1951, JASA 46).

Regret at a point is the mean paired difference between the best arm there and this one. The best arm is the one with
the highest mean, so with few replications regret is too high where arms are alike; its paired interval says where it is
clear. Minimax regret picks the arm whose largest regret is smallest. Satisficing (Simon 1956; domain criterion of
Schneller & Sphicas 1983) counts the points at which an arm is clearly good enough.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.experiments.designs.table import Points
from sim.experiments.interval import mean_interval
from sim.experiments.margin import REVENUE_METRIC, margin
from sim.metrics.catalogue import about
from sim.metrics.facts import Floats
from sim.metrics.overall import overall

if TYPE_CHECKING:
    import pandas as pd

    from sim.metrics.long import Measure


class Regret(NamedTuple):
    """One row of `regret.parquet`: an arm at a point."""

    base: str
    context: str
    arm: str
    metric: str
    unit: str
    value: float
    best_arm: str
    regret: float
    low: float
    high: float
    margin: float
    """What is not worth acting on there."""
    is_clear: bool
    """Whether the interval of the regret lies above zero."""
    satisfies: bool
    """Whether the arm is good enough beyond doubt: regret within the margin, or the value above the limit."""
    replications: int


class Robustness(NamedTuple):
    """One row of `robustness.parquet`: an arm over all points."""

    base: str
    arm: str
    metric: str
    unit: str
    points: int
    mean_regret: float
    largest_regret: float
    largest_low: float
    largest_high: float
    largest_at: str
    """Context of the largest regret."""
    clear_points: int
    """Points at which it clearly loses to another arm."""
    satisfied_share: float
    is_minimax: bool
    """Whether its largest regret is the smallest of all arms'."""


class Asked(NamedTuple):
    """What regret is counted in."""

    metric: str
    worthwhile_difference: float | None = None
    satisfied_at: float | None = None
    known: Mapping[str, Measure] | None = None


def regrets(metrics: pd.DataFrame, points: Points, asked: Asked, baseline: str) -> pd.DataFrame:
    """Rows of `Regret` for every point and arm; a point lacking an arm or a replication pairs what is there."""
    import pandas as pd

    asked_for = metrics["metric"].isin((asked.metric, REVENUE_METRIC)) & (metrics["segment"] == "all")
    here = metrics[asked_for & metrics["context"].isin(points.contexts)]
    rows = [row for context in points.contexts for row in _at(here, points.base, context, asked, baseline)]
    return pd.DataFrame(rows, columns=list(Regret._fields))


def _at(here: pd.DataFrame, base: str, context: str, asked: Asked, baseline: str) -> Iterator[Regret]:
    measure = about(asked.metric, asked.known)
    rows = overall(here[here["context"] == context], asked.metric, asked.known)
    table = rows.pivot_table(index="replication", columns="arm", values="value", sort=False).dropna()
    if table.empty or len(table.columns) < 2:
        return
    oriented = table if measure.higher_is_better else -table
    best = str(oriented.mean().idxmax())
    worthwhile = _worthwhile(here[here["context"] == context], table, asked, measure.unit, baseline)
    for arm in map(str, table.columns):
        lost = mean_interval((oriented[best] - oriented[arm]).to_numpy(np.float64))
        own = table[arm].to_numpy(np.float64)
        satisfies = _satisfies(own, _lost_at_most(oriented, arm), worthwhile, asked, measure.higher_is_better)
        yield Regret(
            *(base, context, arm, asked.metric, measure.unit, float(own.mean()), best),
            *(lost.mean, lost.low, lost.high, worthwhile, bool(lost.low > 0.0), satisfies, int(own.size)),
        )


def _lost_at_most(oriented: pd.DataFrame, arm: str) -> float:
    """Upper end of what it may lose to any other arm: the best of a point may owe its place to luck."""
    others = (oriented[other] - oriented[arm] for other in oriented.columns if other != arm)
    return max(mean_interval(lost.to_numpy(np.float64)).high for lost in others)


def _satisfies(own: Floats, lost_at_most: float, worthwhile: float, asked: Asked, higher_is_better: bool) -> bool:
    """Undecided is not good enough."""
    if asked.satisfied_at is None:
        return bool(lost_at_most <= worthwhile)
    found = mean_interval(own)
    return bool(found.low >= asked.satisfied_at if higher_is_better else found.high <= asked.satisfied_at)


def _worthwhile(here: pd.DataFrame, table: pd.DataFrame, asked: Asked, unit: str, baseline: str) -> float:
    """The margin of the verdict at this point."""
    if asked.worthwhile_difference is not None:
        return asked.worthwhile_difference
    source = here[(here["metric"] == REVENUE_METRIC) & (here["arm"] == baseline)]["value"]
    return margin(unit, float(table[baseline].mean()) if baseline in table else math.nan, float(source.mean()))


def robustness(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of `Robustness` out of the regrets of one design, arms in their order."""
    import pandas as pd

    rows = [_over_points(arm, group) for arm, group in table.groupby("arm", sort=False)]
    least = min((row.largest_regret for row in rows), default=math.nan)
    rows = [row._replace(is_minimax=row.largest_regret == least) for row in rows]
    return pd.DataFrame(rows, columns=list(Robustness._fields))


def _over_points(arm: object, group: pd.DataFrame) -> Robustness:
    worst = group.iloc[int(group["regret"].to_numpy().argmax())]
    return Robustness(
        *(str(group["base"].iloc[0]), str(arm), str(group["metric"].iloc[0]), str(group["unit"].iloc[0]), len(group)),
        *(float(group["regret"].mean()), float(worst["regret"]), float(worst["low"]), float(worst["high"])),
        *(str(worst["context"]), int(group["is_clear"].sum()), float(group["satisfies"].mean()), False),
    )


def regret_lines(table: pd.DataFrame) -> list[str]:
    """`regret <context> <metric> <arm> mean=.. largest=..[low,high] at=.. clear=../.. satisfied=..` and the choice."""
    lines = [
        f"regret {r['base']} {r['metric']} {r['arm']} mean={r['mean_regret']:.6g} "
        f"largest={r['largest_regret']:.6g}[{r['largest_low']:.6g},{r['largest_high']:.6g}] at={r['largest_at']} "
        f"clear={r['clear_points']}/{r['points']} satisfied={r['satisfied_share']:.3f}"
        for r in table.to_dict("records")
    ]
    chosen = table[table["is_minimax"]]
    return [*lines, *(f"minimax_regret {r['base']} {r['metric']} {r['arm']}" for r in chosen.to_dict("records"))]
