"""From which month the order of two arms is the other way round, with an interval over replications.

Between the tenures that metrics are read at, every replication's difference is drawn straight; the turning point and
its interval are those of a frontier (sim.experiments.frontier): the months at which the paired interval of the mean
holds 0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.experiments.frontier import flip
from sim.experiments.interval import Interval, mean_interval
from sim.metrics.by_replication import by_replication
from sim.metrics.catalogue import TENURE, about

if TYPE_CHECKING:
    import pandas as pd

    from sim.metrics.long import Measure

WHOLE: Final = "net_cash_per_candidate"
COURSE: Final = "net_cash_by"
"""WHOLE cut off at tenures."""
DASHBOARD: Final = "nrr"
"""What dashboards show."""
FEWEST_REPLICATIONS: Final = 2


class Point(NamedTuple):
    """One row of `horizon_profile.parquet`: an arm minus the baseline after so many months."""

    context: str
    metric: str
    arm: str
    baseline: str
    level: float
    """months"""
    value: float
    low: float
    high: float
    replications: int


class Turn(NamedTuple):
    """One row of `horizon_flips.parquet`: where the order of two arms turns."""

    context: str
    metric: str
    arm: str
    baseline: str
    word: str
    """clear: the arm is clearly on one side at first and clearly on the other at last; none: no turn; else unclear"""
    level: float
    """months"""
    low: float
    high: float
    crossings: int
    first: str
    """ahead, behind or open (the interval holds 0) at the first tenure, in the metric's own sense of better"""
    last: str


def stems(decision_metric: str) -> tuple[str, ...]:
    """Metrics that a profile is drawn of, without their tenure: the decision metric's own course first, then NRR.

    `net_earned_by_48` is a point of the course `net_earned_by`; a metric without a tenure has no course, and net cash
    is drawn.
    """
    own = TENURE.sub("", decision_metric)
    return tuple(dict.fromkeys((COURSE if own == decision_metric else own, DASHBOARD)))


def profile(
    here: pd.DataFrame,
    context: str,
    baseline: str,
    decision_metric: str = WHOLE,
    known: Mapping[str, Measure] | None = None,
) -> tuple[list[Point], list[Turn]]:
    """Points and turns of every arm against the baseline; `here` is the long table of one context."""
    points: list[Point] = []
    turns: list[Turn] = []
    for stem in stems(decision_metric):
        grids = {month: by_replication(here, f"{stem}_{month:g}", known) for month in _months(here, stem)}
        grids = {month: grid for month, grid in grids.items() if len(grid) >= FEWEST_REPLICATIONS}
        sign = 1.0 if about(stem, known).higher_is_better else -1.0
        for arm in dict.fromkeys(here["arm"]) if len(grids) > 1 else ():
            if arm == baseline:
                continue
            gaps = {month: grid[arm] - grid[baseline] for month, grid in grids.items()}
            found = {month: mean_interval(gap.to_numpy(float)) for month, gap in gaps.items()}
            place = (context, stem, str(arm), baseline)
            points += [Point(*place, month, *one[:3], one.replications) for month, one in found.items()]
            turns.append(_turn(place, gaps, found, sign))
    return points, turns


def _months(here: pd.DataFrame, stem: str) -> list[float]:
    """Tenures that a metric was read at, rising."""
    names = [re.fullmatch(rf"{stem}_(\d+(?:\.\d+)?)", name) for name in dict.fromkeys(here["metric"].astype(str))]
    return sorted(float(match[1]) for match in names if match)


def _turn(
    place: tuple[str, str, str, str],
    gaps: Mapping[float, pd.Series[float]],
    found: Mapping[float, Interval],
    sign: float,
) -> Turn:
    import pandas as pd

    values = pd.DataFrame(dict(gaps)).dropna()
    turned = flip(list(gaps), values.to_numpy(float))
    sides = [_side(one, sign) for one in found.values()]
    first, last = sides[0], sides[-1]
    clear = {first, last} == {"ahead", "behind"}
    word = "none" if math.isnan(turned.at) else "clear" if clear else "unclear"
    return Turn(*place, word, turned.at, turned.low, turned.high, turned.crossings, first, last)


def _side(found: Interval, sign: float) -> str:
    if not np.isfinite(found.low) or found.low <= 0.0 <= found.high:
        return "open"
    return "ahead" if sign * found.mean > 0.0 else "behind"


def turn_line(row: Turn) -> str:
    """`horizon_profile <metric> <arm> <baseline> <word> <month> <low> <high> <first> <last> <context>`; - for none."""
    numbers = ["-" if math.isnan(one) else f"{one:.1f}" for one in (row.level, row.low, row.high)]
    words: list[Any] = [row.metric, row.arm, row.baseline, row.word, *numbers, row.first, row.last, row.context]
    return " ".join(["horizon_profile", *words])
