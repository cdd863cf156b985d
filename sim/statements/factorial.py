"""Two factors at two levels: what each adds, whatever the other's level, and what the two add together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.checks import InputError
from sim.metrics.by_replication import by_replication
from sim.metrics.facts import Floats
from sim.metrics.pooled import pooled

if TYPE_CHECKING:
    import pandas as pd

CELLS: Final = ("neither", "first", "second", "both")
"""Levels of the two factors: the arms that have none, one, the other, both of them high."""


def factorial(metrics: pd.DataFrame, *, metric: str, arms: Mapping[str, str]) -> list[str]:
    """Lines `factorial <context> <metric> <what> <mean> <low> <high>`; what: an arm (its factor's mean effect over
    the other's levels) or `together` (what the second factor gains by the first).

    `arms` names the arm of each of CELLS; replications are paired, the interval is 95 %.
    """
    if set(arms) != set(CELLS):
        raise InputError(f"statement.arms must name an arm for each of {', '.join(CELLS)}, got {', '.join(arms)}")
    groups = metrics.groupby("context", sort=False, observed=True)
    return [line for context, group in groups for line in _lines(str(context), metric, group, arms)]


def effects(none: Floats, first: Floats, second: Floats, both: Floats) -> tuple[Floats, Floats, Floats]:
    """(mean effect of the first factor, of the second, interaction) in each replication."""
    return (first - none + both - second) / 2.0, (second - none + both - first) / 2.0, both - first - second + none


def _lines(context: str, metric: str, rows: pd.DataFrame, arms: Mapping[str, str]) -> Iterator[str]:
    table = by_replication(rows[rows["arm"].isin(arms.values())], metric)
    if table.empty or any(arm not in table.columns for arm in arms.values()):
        return
    cells = (table[arms[cell]].to_numpy(np.float64) for cell in CELLS)
    for what, values in zip((arms["first"], arms["second"], "together"), effects(*cells), strict=True):
        found = pooled(values, np.ones(values.size))
        yield f"factorial {context} {metric} {what} {found.mean:.4g} {found.low:.4g} {found.high:.4g}"
