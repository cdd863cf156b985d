"""Divergence 6 in one line per steered arm: what became of the metric once it was the target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.checks import InputError
from sim.metrics.facts import Floats
from sim.metrics.pooled import pooled

if TYPE_CHECKING:
    import pandas as pd

VIEWS: Final = {"all": ("fielded", "respondents")}
"""The metric itself also as the audit sees it; the other instruments as they are collected."""
UNSAID: Final = "hold_out"
"""Too few customers for a line; the table has them."""
SHIFTS: Final = {"divergence_6": "metric_truth_shift", "inflation": "metric_inflation_shift"}
LEVELS: Final = {"before": "metric_truth_before", "after": "metric_truth"}
MEASURED: Final = (*LEVELS.values(), *SHIFTS.values())


def goodhart(metrics: pd.DataFrame, *, twin: str) -> list[str]:
    """Lines `goodhart <context> <arm> <metric> <view> before= after= divergence_6=mean[low,high] inflation=..`.

    metrics: the study's long table with the family `goodhart`; `twin`: the arm that steers by nothing. Differences
    are paired by replication, intervals 95 %.
    """
    if twin not in set(metrics["arm"]):
        raise InputError(f"statement.twin must be one of {', '.join(dict.fromkeys(metrics['arm']))}, got {twin}")
    family = metrics[metrics["metric"].isin(MEASURED)]
    return [
        line
        for context, here in family.groupby("context", sort=False, observed=True)
        for arm in dict.fromkeys(here["arm"])
        if arm != twin
        for line in _lines(here[here["arm"] == arm], here[here["arm"] == twin], f"goodhart {context} {arm}")
    ]


def _lines(arm: pd.DataFrame, twin: pd.DataFrame, head: str) -> Iterator[str]:
    there = arm[arm["metric"] == "metric_truth"]
    for segment in (name for name in dict.fromkeys(there["segment"]) if name != UNSAID):
        for view in VIEWS.get(segment, ("fielded",)):
            levels = (
                f"{word}={np.nanmean(_values(arm, metric, view, segment)):.3f}"
                for word, metric in LEVELS.items()
                if np.isfinite(_values(arm, metric, view, segment)).any()
            )
            shifts = (f"{word}={_difference(arm, twin, metric, view, segment)}" for word, metric in SHIFTS.items())
            yield " ".join((head, segment, view, *levels, *shifts))


def _values(rows: pd.DataFrame, metric: str, view: str, segment: str) -> pd.Series[float]:
    """By replication."""
    chosen = (rows["metric"] == metric) & (rows["view"] == view) & (rows["segment"] == segment)
    return rows[chosen].set_index("replication")["value"].astype(np.float64)


def _difference(arm: pd.DataFrame, twin: pd.DataFrame, metric: str, view: str, segment: str) -> str:
    """Arm minus twin, both of the same replications."""
    ours, theirs = (_values(rows, metric, view, segment) for rows in (arm, twin))
    both = ours.index.intersection(theirs.index).sort_values()
    differences: Floats = np.asarray(ours[both] - theirs[both], dtype=np.float64)
    found = pooled(differences, np.ones(both.size))
    if np.isnan(found.low):
        return "too_few"
    return f"{found.mean:+.3f}[{found.low:+.3f},{found.high:+.3f}]"
