"""What each metric is in two arms, replication by replication."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


class Key(NamedTuple):
    """What a value of the long table is of, besides arm and replication."""

    metric: str
    view: str
    segment: str
    time_days: float
    """-1 where the table has none, because nan equals nothing."""


class Pair(NamedTuple):
    """Values of one metric in both arms: by replication if paired, else all that each has."""

    key: Key
    arm: NDArray[np.float64]
    baseline: NDArray[np.float64]
    one_sided: int
    """Replications that both arms have and in which the metric is defined in one of them only; unpaired: values that
    either arm lacks."""


def _values(metrics: pd.DataFrame) -> dict[Key, dict[int, float]]:
    """Values by key and replication."""
    found: dict[Key, dict[int, float]] = {}
    names = [metrics[name].astype(str).tolist() for name in ("metric", "view", "segment")]
    times = metrics["time_days"].fillna(-1.0).tolist()
    rest = zip(*names, times, metrics["replication"].tolist(), metrics["value"].tolist(), strict=True)
    for metric, view, segment, time, replication, value in rest:
        found.setdefault(Key(metric, view, segment, time), {})[replication] = value
    return found


def pairs(arm: pd.DataFrame, baseline: pd.DataFrame, paired: bool) -> list[Pair]:
    """What each metric is in both arms."""
    theirs, make = _values(arm), _together if paired else _apart
    return [make(key, theirs.get(key, {}), ours) for key, ours in _values(baseline).items()]


def _together(key: Key, other: dict[int, float], ours: dict[int, float]) -> Pair:
    """Replications in which both arms are defined."""
    shared = [r for r in sorted(ours) if r in other]
    defined = [(math.isfinite(other[r]), math.isfinite(ours[r])) for r in shared]
    both = [r for r, sides in zip(shared, defined, strict=True) if all(sides)]
    alone = sum(one != two for one, two in defined)
    return Pair(key, np.array([other[r] for r in both]), np.array([ours[r] for r in both]), alone)


def _apart(key: Key, other: dict[int, float], ours: dict[int, float]) -> Pair:
    """All that each arm has."""
    pair = Pair(key, _defined(other), _defined(ours), 0)
    lacking = len(other) + len(ours) - pair.arm.size - pair.baseline.size
    return pair._replace(one_sided=lacking if pair.arm.size or pair.baseline.size else 0)


def _defined(values: dict[int, float]) -> NDArray[np.float64]:
    """What is defined, in the order of replications."""
    return np.array([values[r] for r in sorted(values) if math.isfinite(values[r])])
