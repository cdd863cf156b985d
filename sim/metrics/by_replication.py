"""One metric of one context as a grid: a row per replication, a column per arm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.metrics.overall import overall

if TYPE_CHECKING:
    import pandas as pd

    from sim.metrics.long import Measure


def by_replication(metrics: pd.DataFrame, metric: str, known: Mapping[str, Measure] | None = None) -> pd.DataFrame:
    """The metric over everybody and the whole time (or the tenure named), in its own view; arms in their order.

    `metrics`: the long table of one context. Only replications in which every arm is defined.
    """
    rows = overall(metrics, metric, known)
    arms = list(dict.fromkeys(metrics["arm"]))
    table = rows.pivot_table(index="replication", columns="arm", values="value", dropna=False)
    return table.reindex(columns=arms).dropna()
