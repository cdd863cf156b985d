"""Where the ranking of two arms depends on the definition of a metric, and what lies between two definitions.

Everything is paired by replication: both arms, both definitions, the same luck. The unit of every interval is
the replication.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.experiments.interval import Interval, mean_interval
from sim.metrics.facts import Floats

if TYPE_CHECKING:
    import pandas as pd

    from sim.metrics.defined.definition import Definition, Metric


ROUNDING: Final = 1e-12
"""Relative difference that two orders of adding up the same money can leave."""


class Level(NamedTuple):
    """One metric in one context under every definition."""

    metric: Metric
    context: str
    arms: tuple[str, ...]
    values: dict[str, dict[str, Floats]]
    """definition -> arm -> (replications,), nan where undefined"""

    def mean(self, definition: str, arm: str) -> Interval:
        """Mean over the replications in which it is defined."""
        return mean_interval(_known(self.values[definition][arm]))

    def step(self, definition: Definition, arm: str) -> Interval:
        """A definition minus the one it departs from."""
        return mean_interval(_gap(self.values[definition.name][arm], self.values[definition.departs_from][arm]))

    def lead(self, definition: str, arm: str, other: str) -> Interval:
        """By how much `arm` does better than `other`."""
        pair = (arm, other) if self.metric.higher_is_better else (other, arm)
        return mean_interval(_gap(*(self.values[definition][name] for name in pair)))


class Flip(NamedTuple):
    """`arm` does better than `other` by the definition `first`, and worse by `second`."""

    metric: str
    context: str
    first: str
    second: str
    arm: str
    other: str
    by_first: Interval
    """lead of `arm`, positive"""
    by_second: Interval
    """lead of `arm`, negative"""

    @property
    def is_clear(self) -> bool:
        """Both paired intervals exclude 0."""
        return self.by_first.low > 0.0 and self.by_second.high < 0.0


def levels(metric: Metric, values: pd.DataFrame) -> list[Level]:
    """One level per context, out of the long table of all arms."""
    here = values[values["metric"] == metric.row_name]
    found = []
    for context in dict.fromkeys(here["context"]):
        rows = here[here["context"] == context]
        table = rows.pivot(index=["view", "arm"], columns="replication", values="value")
        arms = tuple(dict.fromkeys(rows["arm"]))
        by_name = {
            one.name: {arm: table.loc[(one.name, arm)].to_numpy(np.float64) for arm in arms}
            for one in metric.definitions
        }
        found.append(Level(metric, str(context), arms, by_name))
    return found


def flips(level: Level) -> list[Flip]:
    """Every pair of definitions that put a pair of arms in opposite order; clear ones first."""
    found = list(_flips(level))
    return sorted(found, key=lambda flip: not flip.is_clear)


def rankings(level: Level) -> int:
    """How many pairs of arms were looked at under how many pairs of definitions."""
    definitions, arms = len(_distinct(level)), len(level.arms)
    return definitions * (definitions - 1) // 2 * (arms * (arms - 1) // 2)


def _distinct(level: Level) -> list[str]:
    """Definitions without those that are, here, the one they depart from: they would say every flip twice."""
    return [one.name for one in level.metric.definitions if not one.departs_from or _moves(level, one)]


def _moves(level: Level, definition: Definition) -> bool:
    first, second = (level.values[name] for name in (definition.name, definition.departs_from))
    return any(bool(_gap(first[arm], second[arm]).any()) for arm in level.arms)


def _flips(level: Level) -> Iterator[Flip]:
    names = _distinct(level)
    for pair in combinations(level.arms, 2):
        lead = {name: level.lead(name, *pair) for name in names}
        for first, second in combinations(names, 2):
            if lead[first].mean * lead[second].mean < 0.0:
                arm, other = pair if lead[first].mean > 0.0 else pair[::-1]
                both = (level.lead(name, arm, other) for name in (first, second))
                yield Flip(level.metric.name, level.context, first, second, arm, other, *both)


def _gap(first: Floats, second: Floats) -> Floats:
    """Differences where both are defined; what only rounding tells apart is equal."""
    gap = first - second
    return _known(np.where(np.abs(gap) <= ROUNDING * np.maximum(np.abs(first), np.abs(second)), 0.0, gap))


def _known(values: Floats) -> Floats:
    return values[np.isfinite(values)]
