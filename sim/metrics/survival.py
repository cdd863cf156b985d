"""Censored durations: Kaplan-Meier, Greenwood, Aalen-Johansen, restricted mean.

Pure functions of arrays. `duration` (n,) is in any one unit (days here); censored durations end at
the time last seen. References: Kaplan & Meier 1958 (JASA 53:457); Greenwood 1926; Aalen & Johansen
1978 (Scand. J. Statist. 5:141). Competing causes are never treated as censoring: that would give a
share reaching value of 1.000 where the truth is .8638.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class Curve(NamedTuple):
    """A step function that starts at `start` and jumps at `time` (k,), right-continuous."""

    time: Floats
    at_risk: Counts
    events: Counts
    level: Floats
    standard_error: Floats
    start: float
    last: float
    """Longest duration seen, censored or not: nothing is known beyond it."""


class _Steps(NamedTuple):
    order: NDArray[np.intp]
    time: Floats
    first: NDArray[np.intp]
    at_risk: Counts


def _steps(duration: Floats) -> _Steps:
    order = np.argsort(duration, kind="stable")
    ordered = duration[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if ordered.size else np.empty(0, np.intp)
    return _Steps(order, ordered[first], first, (ordered.size - first).astype(np.int64))


def _per_step(flag: NDArray[np.bool_], steps: _Steps) -> Counts:
    if not steps.first.size:
        return np.zeros(0, np.int64)
    return np.add.reduceat(flag[steps.order].astype(np.int64), steps.first)


def kaplan_meier(duration: Floats, ended: NDArray[np.bool_]) -> Curve:
    """Survival after each distinct end; standard error by Greenwood (0 where survival is 0)."""
    steps = _steps(duration)
    ends = _per_step(ended, steps)
    kept = ends > 0
    time, at_risk, ends = steps.time[kept], steps.at_risk[kept], ends[kept]
    level: Floats = np.cumprod(1.0 - ends / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(ends / (at_risk * (at_risk - ends)).astype(np.float64))
        error: Floats = np.where(level > 0, level * np.sqrt(variance), 0.0)
    return Curve(time, at_risk, ends, level, error, 1.0, _last(duration))


def cumulative_incidence(duration: Floats, cause: NDArray[np.integer], of: int) -> Curve:
    """Aalen-Johansen share that has ended by cause `of`; cause 0 is censoring, all others compete.

    The standard error is the Aalen-type (counting process) one, as in Marubini & Valsecchi 1995.
    """
    steps = _steps(duration)
    ends, hits = _per_step(cause != 0, steps), _per_step(cause == of, steps)
    hazard: Floats = ends / np.maximum(steps.at_risk, 1)
    survival: Floats = np.cumprod(1.0 - hazard, dtype=np.float64)
    before: Floats = np.r_[1.0, survival[:-1]] if survival.size else survival
    level: Floats = np.cumsum(before * hits / np.maximum(steps.at_risk, 1), dtype=np.float64)
    error = _incidence_error(level, before, steps.at_risk, ends, hits)
    kept = hits > 0
    return Curve(steps.time[kept], steps.at_risk[kept], hits[kept], level[kept], error[kept], 0.0, _last(duration))


def _incidence_error(level: Floats, before: Floats, at_risk: Counts, ends: Counts, hits: Counts) -> Floats:
    """sqrt of the delta-method variance, expanded so that it needs cumulative sums only."""
    n = at_risk.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        a = np.where(n > ends, ends / (n * (n - ends)), 0.0)
    b = before**2 * hits * (n - hits) / n**3
    c = before * hits / n**2
    variance = (
        level**2 * np.cumsum(a)
        - 2 * level * np.cumsum(a * level)
        + np.cumsum(a * level**2)
        + np.cumsum(b)
        - 2 * (level * np.cumsum(c) - np.cumsum(c * level))
    )
    error: Floats = np.sqrt(np.maximum(variance, 0.0))
    return error


def _last(duration: Floats) -> float:
    return float(duration.max()) if duration.size else 0.0


def level_at(curve: Curve, time: float) -> float:
    """Value of the step function at `time`, jumps at `time` included."""
    index = int(np.searchsorted(curve.time, time, side="right"))
    return curve.start if index == 0 else float(curve.level[index - 1])


def error_at(curve: Curve, time: float) -> float:
    """Standard error of `level_at`."""
    index = int(np.searchsorted(curve.time, time, side="right"))
    return 0.0 if index == 0 else float(curve.standard_error[index - 1])


def quantile(curve: Curve, share: float) -> float:
    """First time by which `share` of all have ended; nan when that is never reached."""
    ended = 1.0 - curve.level if curve.start == 1.0 else curve.level
    reached = np.flatnonzero(ended >= share - 1e-12)
    return float(curve.time[reached[0]]) if reached.size else float("nan")


def restricted_mean(curve: Curve, limit: float) -> float:
    """Area under a survival curve up to `limit`: mean of min(duration, limit)."""
    inside = curve.time < limit
    edges = np.r_[0.0, curve.time[inside], limit]
    return float(np.dot(np.r_[curve.start, curve.level[inside]], np.diff(edges)))
