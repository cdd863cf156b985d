"""The frontier over one number of the world or market: where an advantage turns into its opposite, with interval.

Between two levels that were simulated every replication's curve is drawn straight. The interval of the
turning point is the set of levels at which the paired 95 % interval of the mean holds 0: an inverted test
(Fieller's idea, for a curve in pieces), so it may be open where the grid ends.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.experiments.interval import mean_interval
from sim.metrics.facts import Floats
from sim.metrics.overall import overall

if TYPE_CHECKING:
    import pandas as pd

STEPS: Final = 1000
"""Points of the grid on which the test is inverted."""
GAP: Final = "predictive_gap"


class Flip(NamedTuple):
    """Where a mean curve crosses 0; nan where it does not."""

    at: float
    low: float
    high: float
    """Ends of the levels whose interval holds 0: the grid's own end where it is still held there."""
    crossings: int


def flip(levels: Sequence[float], values: Floats) -> Flip:
    """Turning point of curves `values` (replications, levels); levels rise; nan where undefined."""
    if len(levels) < 2:
        return Flip(math.nan, math.nan, math.nan, 0)
    grid = np.linspace(levels[0], levels[-1], STEPS + 1)
    curves = np.array([np.interp(grid, levels, row) for row in values])
    found = [mean_interval(column[np.isfinite(column)]) for column in curves.T]
    means = np.array([interval.mean for interval in found])
    held = grid[[interval.low <= 0.0 <= interval.high for interval in found]]
    apart = np.flatnonzero(means)  # a point at exactly 0 lies between two sides
    turns = np.flatnonzero(np.sign(means[apart[1:]]) != np.sign(means[apart[:-1]]))
    at = _zero(grid[apart], means[apart], int(turns[0])) if turns.size else math.nan
    ends = (float(held[0]), float(held[-1])) if held.size else (math.nan, math.nan)
    return Flip(at, *ends, int(turns.size))


def _zero(grid: Floats, means: Floats, left: int) -> float:
    """Linear interpolation between two neighbours of different sign."""
    low, high = means[left], means[left + 1]
    return float(grid[left] - low * (grid[left + 1] - grid[left]) / (high - low))


def frontier(
    metrics: pd.DataFrame, levels: Mapping[str, float], arms: Sequence[str], baseline: str, decision_metric: str
) -> pd.DataFrame:
    """What was found at each level: columns quantity, arm, level, value, low, high, replications.

    `metrics` holds the contexts of `levels` (context -> level). Quantities: the decision metric of an arm
    minus the baseline's, and the predictive gap (truth against truth) of every arm.
    """
    import pandas as pd

    rows = []
    for quantity, arm, curves in _curves(metrics, levels, arms, baseline, decision_metric):
        for level, column in zip(sorted(levels.values()), curves.T, strict=True):
            found = mean_interval(column[np.isfinite(column)])
            rows.append((quantity, arm, level, *found[:3], found.replications))
    columns = ["quantity", "arm", "level", "value", "low", "high", "replications"]
    return pd.DataFrame(rows, columns=columns)


def flips(
    metrics: pd.DataFrame, levels: Mapping[str, float], arms: Sequence[str], baseline: str, decision_metric: str
) -> pd.DataFrame:
    """Turning points: columns quantity, arm, baseline, level, low, high, crossings, grid_low, grid_high."""
    import pandas as pd

    places = sorted(levels.values())
    rows = []
    for quantity, arm, curves in _curves(metrics, levels, arms, baseline, decision_metric):
        against = "-" if quantity == GAP else baseline
        rows.append((quantity, arm, against, *flip(places, curves), places[0], places[-1]))
    columns = ["quantity", "arm", "baseline", "level", "low", "high", "crossings", "grid_low", "grid_high"]
    return pd.DataFrame(rows, columns=columns)


def flip_line(row: Mapping[Any, Any], context: str) -> str:
    """`flip <quantity> <arm> <baseline> <key> <level> <low> <high> <context>`, no field with a space; - for none."""
    numbers = [_number(row[name]) for name in ("level", "low", "high")]
    names = [str(row[name]) for name in ("quantity", "arm", "baseline", "key")]
    return " ".join("_".join(word.split()) for word in ("flip", *names, *numbers, context or "-"))


def _number(number: float) -> str:
    return "-" if math.isnan(number) else f"{number:.3f}"


_Curve = tuple[str, str, Floats]


def _curves(
    metrics: pd.DataFrame, levels: Mapping[str, float], arms: Sequence[str], baseline: str, decision_metric: str
) -> list[_Curve]:
    """(quantity, arm, values (replications, levels in rising order))."""
    order = sorted(levels, key=lambda context: levels[context])
    money = {arm: _grid(metrics, decision_metric, arm, order) for arm in arms}
    gaps = [(GAP, arm, _grid(metrics, GAP, arm, order)) for arm in arms]
    found = [(decision_metric, arm, money[arm] - money[baseline]) for arm in arms if arm != baseline]
    return [curve for curve in found + gaps if np.isfinite(curve[2]).any()]


def _grid(metrics: pd.DataFrame, metric: str, arm: str, contexts: Sequence[str]) -> Floats:
    """Values (replications, contexts) of one arm in the metric's own view."""
    numbers = sorted(set(metrics["replication"]))
    rows = overall(metrics[metrics["arm"] == arm], metric, view="truth" if metric == GAP else None)
    table = rows.pivot_table(index="replication", columns="context", values="value", dropna=False)
    values: Floats = table.reindex(index=numbers, columns=list(contexts)).to_numpy(float)
    return values
