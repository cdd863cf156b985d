"""What choosers of two options differ in, what the options make of people who did not choose, and what lies between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.checks import InputError
from sim.metrics.facts import Floats
from sim.metrics.pooled import pooled

if TYPE_CHECKING:
    import pandas as pd

METRICS: Final = ("fit_of_option", "kept_of_option", "earned_of_option")


def self_selection(metrics: pd.DataFrame, *, choosers: str, lots: str, options: Sequence[str]) -> list[str]:
    """Lines `self_selection <metric> <option>-<other> <context> naive=.. randomised=.. bias=.. replications=..`, each
    number as mean[low,high] over replications (95 %).

    `choosers` and `lots` are the arms in which customers choose and in which a lot decides, `options` the two options
    compared. naive: the first option's mean minus the other's among choosers; randomised: the same by lot; bias: naive
    minus randomised of the same replication.
    """
    if isinstance(options, str) or len(options) != 2:
        raise InputError(f"statement.options must name two options, got {options!r}")
    groups = metrics.groupby("context", sort=False, observed=True)
    return [line for context, rows in groups for line in _lines(str(context) or "-", rows, choosers, lots, options)]


def _lines(context: str, rows: pd.DataFrame, choosers: str, lots: str, options: Sequence[str]) -> Iterator[str]:
    for metric in METRICS:
        naive, randomised = (difference(rows, metric, arm, options) for arm in (choosers, lots))
        if naive.empty or randomised.empty:
            continue
        told = {"naive": naive, "randomised": randomised, "bias": (naive - randomised).dropna()}
        numbers = " ".join(f"{name}={_number(values)}" for name, values in told.items())
        yield f"self_selection {metric} {'-'.join(options)} {context} {numbers} replications={len(told['bias'])}"


def difference(rows: pd.DataFrame, metric: str, arm: str, options: Sequence[str]) -> pd.Series[float]:
    """First option's mean minus the other's, by replication, where both were taken."""
    here = rows[(rows["metric"] == metric) & (rows["arm"] == arm)]
    table = here.pivot_table(index="replication", columns="segment", values="value", observed=True)
    table = table.reindex(columns=list(options))
    return (table[options[0]] - table[options[1]]).dropna()


def _number(values: pd.Series[float]) -> str:
    """Mean and interval over replications."""
    known: Floats = np.asarray(values, dtype=np.float64)
    found = pooled(known, np.ones(known.size))
    return f"{found.mean:.4g}[{found.low:.4g},{found.high:.4g}]"
