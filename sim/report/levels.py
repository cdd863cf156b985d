"""Levels of metrics for figures: mean over replications with its interval, by context, arm, view, segment, time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.metrics.pooled import pooled
from sim.report.facts import across

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.result import Place, Result

Row = Mapping[Any, Any]
"""One row of a table, by column."""
KEYS = ("context", "arm", "metric", "view", "segment", "time_days")


def rows_of(result: Result, metrics: Sequence[str], view: str = "", segment: str = "") -> pd.DataFrame:
    """Rows of the long table for these metrics; of one view or segment where given."""
    m = result.metrics
    kept = m["metric"].isin(list(metrics))
    if view:
        kept &= m["view"] == view
    if segment:
        kept &= m["segment"] == segment
    return m[kept]


def levels(rows: pd.DataFrame, by_cases: bool = False) -> pd.DataFrame:
    """KEYS and mean, low, high, replications (those in which it is defined), n (cases in all of them).

    `by_cases`: a replication counts as much as it has cases, so that a share is cases by cases.
    """
    import pandas as pd

    found = []
    for key, group in rows.groupby(list(KEYS), sort=False, dropna=False, observed=True):
        values, n = group["value"].to_numpy(dtype=float), group["n"].to_numpy(dtype=float)
        spread = pooled(values, n) if by_cases else across(values)
        found.append((*key, spread.mean, spread.low, spread.high, spread.replications, int(n.sum())))
    return pd.DataFrame(found, columns=[*KEYS, "mean", "low", "high", "replications", "n"])


def of_place(table: pd.DataFrame, place: Place) -> pd.DataFrame:
    """The rows of one arm in one context."""
    return table[(table["context"] == place.context) & (table["arm"] == place.arm)]


def by_arm(result: Result, table: pd.DataFrame, most: int) -> list[Place]:
    """Places that `table` has rows of, all contexts of an arm together, the first `most` of them."""
    known = set(zip(table["context"], table["arm"], strict=True))
    ordered = sorted(result.places, key=lambda place: result.arms.index(place.arm))
    return [place for place in ordered if (place.context, place.arm) in known][:most]
