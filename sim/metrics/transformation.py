"""How far an organisation has come on the way from one way of working to another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import SAME_DAY, floats, is_only, need
from sim.metrics.long import Measure, Rows
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

MEASURES: Final = {
    "transformation_progress": Measure(
        "Share of the organisation that works the new way at the horizon, or at the stated time; every stage of the "
        "rollout (segment) weighs the same. Undefined for an organisation that does not change its ways.",
        "share",
    ),
    "transformation_last_year": Measure(
        "Share of the organisation that took up the new way in the last year before the horizon; 0 where the change "
        "has stalled or is complete.",
        "share",
    ),
}


def transformation(run: Run) -> pd.DataFrame:
    """Family `transformation` (see MEASURES). Reads events `transformed`; n months reported."""
    need(run.events, "events", ("time_days", "event", "value", "detail"), "transformation")
    reached = run.events[is_only(run.events, "event", "transformed")]
    rows, whole = Rows(), _course(reached)
    rows.add("transformation_progress", whole.iloc[-1] if len(whole) else math.nan, len(whole))
    for stage, events in reached.groupby(reached["detail"].astype(str), sort=True):
        values = floats(events, "value")
        rows.add("transformation_progress", values[-1], values.size, segment=str(stage))
    last = run.windows.horizon_days - DAYS_PER_YEAR
    gained = whole.iloc[-1] - _at(whole, last) if len(whole) else math.nan
    rows.add("transformation_last_year", gained, len(whole))
    for year in range(1, math.floor(run.windows.horizon_days / DAYS_PER_YEAR + SAME_DAY) + 1):
        when = DAYS_PER_YEAR * year
        rows.add("transformation_progress", _at(whole, when), len(whole), time_days=when)
    return rows.frame()


def _course(reached: pd.DataFrame) -> pd.Series[float]:
    """Share of the whole by time: the mean of the stages."""
    return reached.groupby("time_days", sort=True)["value"].mean()


def _at(whole: pd.Series[float], when_days: float) -> float:
    """The share in force at a time; undefined before the first report."""
    place = int(np.searchsorted(whole.index.to_numpy(dtype=np.float64), when_days + SAME_DAY)) - 1
    return float(whole.iloc[place]) if place >= 0 else math.nan
