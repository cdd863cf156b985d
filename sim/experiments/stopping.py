"""When replications are enough: the interval narrow enough, or the verdict clear, judged after every one.

precise: the smallest i >= at_least with t(i - 1, .975) * sqrt(S^2 / i) <= half-width (Chow and Robbins 1965);
an ordinary interval at that i. clear: the first i at which the confidence sequence (sim.experiments.anytime)
excludes 0 or lies within the margin; the verdict is then drawn from that sequence. Neither depends on how many
were simulated at a time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.experiments.anytime import Floats, anytime_quantile
from sim.experiments.interval import count_for_half_width

RULES: Final = ("precise", "clear")
MOST: Final = 10_000_000
Flags = NDArray[np.bool_]


class Series(NamedTuple):
    """Paired differences of one arm, replication by replication (n,), nan where undefined."""

    values: Floats
    margins: Floats
    """What matters, as estimated after each replication (n,)."""


class Stop(NamedTuple):
    """Where a rule stops."""

    at: int | None
    """Replications, None while there are not enough."""
    needed: float
    """Replications projected from the spread and mean seen so far; nan where no number would do."""


class _Prefix(NamedTuple):
    """Count, mean and deviation of the defined values after each replication (n,)."""

    counts: Floats
    means: Floats
    deviations: Floats


def _prefixes(values: Floats) -> _Prefix:
    defined = np.isfinite(values)
    origin = values[defined][0] if defined.any() else 0.0
    centred = np.where(defined, values - origin, 0.0)
    counts = np.cumsum(defined, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.cumsum(centred) / counts
        squares = np.cumsum(centred * centred) - counts * means * means
        deviations = np.sqrt(np.maximum(squares, 0.0) / (counts - 1.0))
    return _Prefix(counts, origin + means, np.where(counts > 1.0, deviations, np.nan))


def stop(rule: str, series: Sequence[Series], at_least: int, half_width: float | None = None) -> Stop:
    """The first replication after which every arm is decided at once, and what the slowest seems to need.

    `half_width` None takes half the margin: such an interval decides wherever the mean falls.
    """
    prefixes = [_prefixes(one.values) for one in series]
    widths = [one.margins / 2.0 if half_width is None else np.full_like(one.margins, half_width) for one in series]
    judged = [
        _precise(prefix, width) if rule == "precise" else _clear(prefix, one.margins)
        for prefix, one, width in zip(prefixes, series, widths, strict=True)
    ]
    enough = np.logical_and.reduce([d & (p.counts >= at_least) for d, p in zip(judged, prefixes, strict=True)])
    needed = [
        _needed(rule, prefix, one.margins[-1], width[-1])
        for prefix, one, width in zip(prefixes, series, widths, strict=True)
    ]
    unknown = any(math.isnan(one) for one in needed)
    projected = math.nan if unknown else max(float(at_least), *needed)
    return Stop(int(np.argmax(enough)) + 1 if enough.any() else None, projected)


def _precise(prefix: _Prefix, widths: Floats) -> Flags:
    from scipy.special import stdtrit

    with np.errstate(invalid="ignore", divide="ignore"):
        half = stdtrit(prefix.counts - 1.0, 0.975) * prefix.deviations / np.sqrt(prefix.counts)
        found: Flags = half <= widths
    return found


def _clear(prefix: _Prefix, margins: Floats) -> Flags:
    with np.errstate(invalid="ignore", divide="ignore"):
        half = anytime_quantile(prefix.counts) * prefix.deviations / np.sqrt(prefix.counts)
        half = np.where(prefix.deviations == 0.0, 0.0, half)
        away = np.abs(prefix.means)
        found: Flags = (away > half) | (away + half <= margins)
    return found


def _needed(rule: str, prefix: _Prefix, margin: float, width: float) -> float:
    deviation, mean = float(prefix.deviations[-1]), float(prefix.means[-1])
    if not math.isfinite(deviation):
        return math.nan
    if rule == "precise":
        return 2.0 if deviation == 0.0 else count_for_half_width(deviation, width)
    return _clear_after(abs(mean), deviation, margin)


def _clear_after(away: float, deviation: float, margin: float) -> float:
    """Smallest power-of-1.1 number of values at which a mean and spread like these would be clear."""
    if deviation == 0.0:
        return 2.0
    counts = np.unique(np.ceil(1.1 ** np.arange(8, math.log(MOST) / math.log(1.1))))
    half = anytime_quantile(counts) * deviation / np.sqrt(counts)
    enough = (away > half) | (away + half <= margin)
    return float(counts[np.argmax(enough)]) if enough.any() else math.nan
