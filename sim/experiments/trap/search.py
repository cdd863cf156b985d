"""A search for the smallest change: along each assumption alone, then along pairs, each by bisection.

Places are shares of an assumption's declared range; a change's size is its Euclidean length in them. A trap is a place
where both differences are clear and of opposite sign. Along a line the change is found as if nothing turned twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from sim.experiments.interval import Interval

HALVINGS: Final = 5
"""A line is known to 1/32 of its length."""

Place = tuple[float, ...]


class Seen(NamedTuple):
    """What two arms showed at a place: arm minus baseline, higher is better."""

    score: Interval
    value: Interval

    @property
    def is_trap(self) -> bool:
        """Clearly opposite orders."""
        low, high = sorted((self.score, self.value), key=lambda one: one.mean)
        return high.low > 0.0 > low.high

    @property
    def apart(self) -> float:
        """How far towards opposite orders, in standard errors; negative where both agree."""
        ones = [_errors(one) for one in self]
        return max(min(ones[0], -ones[1]), min(-ones[0], ones[1]))


class Line(NamedTuple):
    """What was found between the start and the end of one line."""

    moved: tuple[int, ...]
    """Positions of the assumptions that change."""
    end: Place
    found: Place | None
    """The nearest place that is a trap."""
    size: float
    """Of the change; nan where there is none."""
    apart: float
    """At the far end."""


class Found(NamedTuple):
    """The answer."""

    place: Place | None
    size: float
    lines: tuple[Line, ...]


Trial = Callable[[Place], Seen]


def search(trial: Trial, start: Place) -> Found:
    """The smallest change of `start` that makes a trap; place None where no line held one."""
    if trial(start).is_trap:
        return Found(start, 0.0, ())
    lines = [_line(trial, start, (i,), _moved(start, {i: end})) for i in range(len(start)) for end in (0.0, 1.0)
             if start[i] != end]  # fmt: skip
    ends = {i: _better(lines, i) for i in range(len(start))}
    for pair in combinations(range(len(start)), 2):
        corner = _moved(start, {i: ends[i] for i in pair})
        smallest = min((line.size for line in lines if line.found), default=math.inf)
        reach = math.dist(start, corner)
        if smallest < reach:
            corner = _between(start, corner, smallest / reach)
        lines.append(_line(trial, start, pair, corner))
    best = min((line for line in lines if line.found), key=lambda line: line.size, default=None)
    return Found(best.found if best else None, best.size if best else math.nan, tuple(lines))


def _line(trial: Trial, start: Place, moved: tuple[int, ...], end: Place) -> Line:
    """Bisection between a start that is no trap and an end that may be one."""
    seen = trial(end)
    if not seen.is_trap:
        return Line(moved, end, None, math.nan, seen.apart)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if trial(_between(start, end, middle)).is_trap else (middle, high)
    place = _between(start, end, high)
    return Line(moved, end, place, math.dist(start, place), seen.apart)


def _better(lines: Sequence[Line], i: int) -> float:
    """The end of an assumption's range at which the two orders are further apart."""
    return max((line for line in lines if line.moved == (i,)), key=lambda line: line.apart).end[i]


def _moved(start: Place, ends: dict[int, float]) -> Place:
    return tuple(ends.get(i, own) for i, own in enumerate(start))


def _between(start: Place, end: Place, share: float) -> Place:
    return tuple(a + share * (b - a) for a, b in zip(start, end, strict=True))


def _errors(one: Interval) -> float:
    """The mean in standard errors."""
    if not one.deviation > 0.0 or one.replications < 2:
        return math.copysign(math.inf, one.mean) if one.mean else 0.0
    return one.mean / (one.deviation / math.sqrt(one.replications))
