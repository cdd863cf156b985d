"""When does which arm win? Boxes of conditions over the points of a design, in words.

A point counts as a win only where its paired verdict says so; undecided points are no wins of anybody.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.experiments.designs.prim import Found, Truth, discover, within
from sim.experiments.designs.table import Points

if TYPE_CHECKING:
    import pandas as pd

FEWEST: Final = 8
"""Points below which nothing is looked for."""
LUCK: Final = 0.05
"""A box that reshuffled outcomes give with this share or more is not worded as a finding."""


class Discovery(NamedTuple):
    """One row of `discovery.parquet`: where `winner` clearly does better than `loser`."""

    base: str
    winner: str
    loser: str
    metric: str
    points: int
    wins: int
    losses: int
    alike: int
    """Practically equal or identical."""
    undecided: int
    conditions: str
    """`key > a and key < b`; empty where none tells."""
    box_points: int
    box_wins: int
    box_losses: int
    coverage: float
    """Share of the wins that meet the conditions."""
    density: float
    """Share of the points that meet the conditions that are wins."""
    by_chance: float
    """Share of reshuffled outcomes that give a box as good."""
    found: bool
    """Whether conditions were found that chance does not explain."""


class Limit(NamedTuple):
    """One row of `conditions.parquet`: the condition on one key."""

    base: str
    winner: str
    loser: str
    key: str
    low: float
    """-inf where the key is not limited below."""
    high: float
    by_chance: float
    """Chance that the points gained by dropping the condition are as dense."""
    words: str


class Passed(NamedTuple):
    """One row of `peeling.parquet`: a box on the way."""

    base: str
    winner: str
    loser: str
    step: int
    coverage: float
    density: float
    box_points: int
    conditions: int


class Discoveries(NamedTuple):
    """What all pairs of arms came to."""

    rows: list[Discovery]
    limits: list[Limit]
    passed: list[Passed]


def discoveries(comparison: pd.DataFrame, points: Points, seed: int) -> Discoveries:
    """Both directions of every arm against the baseline; `comparison`: the headline rows of the study."""
    rows = comparison[(comparison["role"] == "headline") & comparison["context"].isin(points.contexts)]
    made = Discoveries([], [], [])
    for (arm, baseline), group in rows.groupby(["arm", "baseline"], sort=False):
        verdicts = group.set_index("context")["verdict"].reindex(points.contexts)
        metric = str(group["metric"].iloc[0])
        for winner, loser, won, lost in ((arm, baseline, "better", "worse"), (baseline, arm, "worse", "better")):
            pair = (points.base, str(winner), str(loser))
            _add(made, pair, metric, points, _Told(verdicts.to_list(), won, lost), seed)
    return made


class _Told(NamedTuple):
    verdicts: list[str]
    """By point; nan where an arm is missing."""
    won: str
    lost: str

    def count(self, *words: str) -> int:
        """Points with one of these verdicts."""
        return sum(word in words for word in self.verdicts)

    def mask(self, word: str) -> Truth:
        """Which points have this verdict."""
        return np.array([verdict == word for verdict in self.verdicts])


def _add(made: Discoveries, pair: tuple[str, str, str], metric: str, points: Points, told: _Told, seed: int) -> None:
    hit, lost = told.mask(told.won), told.mask(told.lost)
    bare = _counted(pair, metric, told)
    if bare.points < FEWEST or not 0 < bare.wins < bare.points:
        made.rows.append(bare)
        return
    found = discover(points.places, hit, f"{seed}/{'/'.join(pair)}")
    limits, box = list(_limits(pair, points, found)), found.box
    row = bare._replace(
        conditions=" and ".join(limit.words for limit in limits),
        box_points=box.points,
        box_wins=box.hits,
        box_losses=int(lost[within(points.places, box)].sum()),
        coverage=box.coverage,
        density=box.density,
        by_chance=found.by_chance,
        found=bool(limits) and found.by_chance < LUCK,
    )
    made.rows.append(row)
    made.limits.extend(limits)
    made.passed.extend(
        Passed(*pair, step, box.coverage, box.density, box.points, len(box.limited))
        for step, box in enumerate(found.passed)
    )


def _counted(pair: tuple[str, str, str], metric: str, told: _Told) -> Discovery:
    """The points by verdict, before anything is looked for."""
    wins, losses, alike = told.count(told.won), told.count(told.lost), told.count("practically-equal", "identical")
    points = len(told.verdicts)
    undecided, nan = points - wins - losses - alike, math.nan
    return Discovery(*pair, metric, points, wins, losses, alike, undecided, "", 0, 0, 0, nan, nan, nan, False)


def _limits(pair: tuple[str, str, str], points: Points, found: Found) -> Iterator[Limit]:
    for position in found.box.limited:
        key, low, high = points.keys[position], found.box.low[position], found.box.high[position]
        told = condition(key, low, high, points.words(key))
        yield Limit(*pair, key, low, high, found.p_values[position], told)


def condition(key: str, low: float, high: float, words: tuple[str, ...] = ()) -> str:
    """`key > 0.7`, `0.2 < key < 0.7`, or `key is a or b` for a key that takes words."""
    if words:
        return f"{key} is {' or '.join(word for number, word in enumerate(words) if low < number < high)}"
    if math.isinf(low):
        return f"{key} < {high:.3g}"
    return f"{key} > {low:.3g}" if math.isinf(high) else f"{low:.3g} < {key} < {high:.3g}"


def sentence(row: Discovery) -> str:
    """What was found, in words."""
    if not row.wins:
        return f"{row.winner} nowhere clearly beats {row.loser} ({row.undecided} of {row.points} points undecided)"
    head = f"{row.winner} clearly beats {row.loser} at {row.wins} of {row.points} points"
    if row.wins == row.points:
        return f"{row.winner} clearly beats {row.loser} at all {row.points} points"
    if row.points < FEWEST:
        return f"{head}; conditions are looked for from {FEWEST} points on"
    if not row.found:
        luck = (
            f": chance gives as good a box in {100.0 * row.by_chance:.0f} % of reshufflings" if row.conditions else ""
        )
        return f"{head}; no condition tells where{luck}"
    inside = f"{row.box_wins} of {row.box_points} points, {row.box_losses} lost"
    return (
        f"{row.winner} wins against {row.loser} when {row.conditions} "
        f"(coverage {row.coverage:.2f}, density {row.density:.2f}: {inside}; {row.wins} wins, {row.losses} losses and "
        f"{row.undecided} undecided among all {row.points}; chance {row.by_chance:.3f})"
    )


def discovery_lines(rows: list[Discovery]) -> list[str]:
    """`discovery <context> <sentence>`."""
    return [f"discovery {row.base} {sentence(row)}" for row in rows]
