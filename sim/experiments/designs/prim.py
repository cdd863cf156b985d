"""PRIM: a box of conditions in which cases of interest are dense (Friedman & Fisher 1999, Statistics and Computing 9).

Peeling cuts off, again and again, the thin slice at one side of one key that raises the share of cases per point given
up the most; pasting puts slices back that do no harm. Of the boxes passed on the way the one is taken whose coverage
and density have the highest harmonic mean. Conditions that could as well be chance are dropped again: the binomial
test of Bryant & Lempert (2010), Technological Forecasting & Social Change 77. Because the box was searched for, what
a search finds where there is nothing to find stands beside it: the share of reshuffled outcomes with a box as good.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.metrics.facts import Floats
from sim.streams import generator

PEEL: Final = 0.05
"""Share of the points in the box that one cut takes off, at least one point."""
SMALLEST: Final = 3
"""Points in a box."""
CHANCE: Final = 0.05
"""A condition is dropped where the points beyond it would do as well with this probability or more."""
SHUFFLES: Final = 99

Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Box:
    """Limits (keys,) between points, infinite where a key is free, and what lies within."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    points: int
    hits: int
    """Cases of interest within."""
    all_hits: int

    @property
    def coverage(self) -> float:
        """Share of all cases of interest that lie within."""
        return self.hits / self.all_hits if self.all_hits else math.nan

    @property
    def density(self) -> float:
        """Share of the points within that are cases of interest."""
        return self.hits / self.points if self.points else math.nan

    @property
    def worth(self) -> float:
        """Harmonic mean of coverage and density."""
        return 2.0 * self.hits / (self.points + self.all_hits) if self.points + self.all_hits else 0.0

    @property
    def limited(self) -> list[int]:
        """Positions of the keys with a condition."""
        return [k for k in range(len(self.low)) if math.isfinite(self.low[k]) or math.isfinite(self.high[k])]


@dataclass(frozen=True)
class Found:
    """What the search came to."""

    box: Box
    passed: tuple[Box, ...]
    """Boxes on the way, the whole space first."""
    p_values: tuple[float, ...]
    """Per key: chance that the points gained by dropping its condition are as dense; nan without a condition."""
    by_chance: float
    """Share of reshuffled outcomes in which the search finds a box as good."""


def discover(places: Floats, hit: Truth, address: str, shuffles: int = SHUFFLES) -> Found:
    """The box of `places` (points, keys) in which `hit` (points,) is dense; at least one hit and one miss needed."""
    box, passed = _best(places, hit)
    rng = generator(f"{address}/prim")
    as_good = sum(_best(places, rng.permutation(hit))[0].worth >= box.worth for _ in range(shuffles))
    p_values = tuple(_chance_of(places, hit, box, _free(box, key)) for key in range(places.shape[1]))
    return Found(box, passed, p_values, (1 + as_good) / (1 + shuffles))


def within(places: Floats, box: Box) -> Truth:
    """Which points lie in the box."""
    inside = (places > np.array(box.low)) & (places < np.array(box.high))
    return np.asarray(inside.all(axis=1), np.bool_)


def _best(places: Floats, hit: Truth) -> tuple[Box, tuple[Box, ...]]:
    passed = tuple(_peeled(places, hit))
    top = max(passed, key=lambda box: (box.worth, -len(box.limited)))
    return _without_chance(places, hit, _pasted(places, hit, top)), passed


def _counted(places: Floats, hit: Truth, box: Box) -> Box:
    """The box of these limits with what lies within."""
    inside = within(places, box)
    return replace(box, points=int(inside.sum()), hits=int(hit[inside].sum()))


def _peeled(places: Floats, hit: Truth) -> Iterator[Box]:
    """The whole space and every box that a cut leaves."""
    free, cases = (math.inf,) * places.shape[1], int(hit.sum())
    box = Box(tuple(-x for x in free), free, len(hit), cases, cases)
    while True:
        yield box
        inside = within(places, box)
        cut = None if box.density == 1.0 else _cut(places[inside], hit[inside], box)
        if cut is None:
            return
        box = cut


def _cut(inside: Floats, hit: Truth, box: Box) -> Box | None:
    """The slice at one side of one key that raises density the most per point given up; None where nothing is left.

    The limit lies half way between what goes and what stays.
    """
    count = max(1, int(PEEL * len(inside)))
    best, gain = None, -math.inf
    for side in (1.0, -1.0):
        place = side * inside
        edge = np.partition(place, count - 1, axis=0)[count - 1]
        kept = place > edge
        points, hits = kept.sum(axis=0), (kept & hit[:, None]).sum(axis=0)
        for key in range(place.shape[1]):
            left, lost = int(points[key]), len(inside) - int(points[key])
            raised = (int(hits[key]) / left - box.density) / lost if left >= SMALLEST and hits[key] else -math.inf
            if raised > gain:
                limit = side * (edge[key] + place[kept[:, key], key].min()) / 2.0
                best, gain = _cut_box(box, key, side, float(limit), left, int(hits[key])), raised
    return best


def _cut_box(box: Box, key: int, side: float, limit: float, points: int, hits: int) -> Box:
    if side > 0.0:
        return replace(box, low=_with(box.low, key, limit), points=points, hits=hits)
    return replace(box, high=_with(box.high, key, limit), points=points, hits=hits)


def _pasted(places: Floats, hit: Truth, box: Box) -> Box:
    """The box with limits that cut nothing off dropped, and slices put back as long as density does not fall."""
    while True:
        for freed in (_free_side(box, key, side) for key, side in _sides(box)):
            wider = _counted(places, hit, freed)
            if wider.points == box.points:
                box = wider
                break
        else:
            wide = [one for one in _wider(places, hit, box) if one.density >= box.density]
            if not wide:
                return box
            box = max(wide, key=lambda one: (one.density, one.hits))


def _wider(places: Floats, hit: Truth, box: Box) -> Iterator[Box]:
    """The box with one limit moved out to let in the nearest point of those that meet the other conditions."""
    for key, side in _sides(box):
        reach = side * places[within(places, _free_side(box, key, side)), key]
        limit = side * (box.low[key] if side > 0.0 else box.high[key])
        outside = np.unique(reach[reach < limit])
        moved = side * float(outside[-2:].mean()) if outside.size > 1 else -side * math.inf
        yield _counted(places, hit, _cut_box(box, key, side, moved, 0, 0))


def _without_chance(places: Floats, hit: Truth, box: Box) -> Box:
    """The box without limits that could as well be chance, the least telling one dropped first."""
    while sides := _sides(box):
        freed = [_counted(places, hit, _free_side(box, key, side)) for key, side in sides]
        chances = [_chance_of(places, hit, box, one) for one in freed]
        worst = max(range(len(sides)), key=lambda n: chances[n])
        if chances[worst] < CHANCE:
            break
        box = freed[worst]
    return box


def _chance_of(places: Floats, hit: Truth, box: Box, freed: Box) -> float:
    """Probability of as many hits among the box's points if they were as dense as the points of the freed box."""
    if freed.low == box.low and freed.high == box.high:
        return math.nan
    from scipy.special import bdtrc

    whole = _counted(places, hit, freed)
    return float(bdtrc(box.hits - 1, box.points, whole.density)) if box.hits else 1.0


def _sides(box: Box) -> list[tuple[int, float]]:
    """(key, 1 for a lower or -1 for an upper limit) of every finite limit."""
    low = [(key, 1.0) for key, limit in enumerate(box.low) if math.isfinite(limit)]
    return low + [(key, -1.0) for key, limit in enumerate(box.high) if math.isfinite(limit)]


def _free_side(box: Box, key: int, side: float) -> Box:
    return _cut_box(box, key, side, -side * math.inf, 0, 0)


def _free(box: Box, key: int) -> Box:
    return _free_side(_free_side(box, key, 1.0), key, -1.0)


def _with(limits: tuple[float, ...], key: int, limit: float) -> tuple[float, ...]:
    return (*limits[:key], limit, *limits[key + 1 :])
