"""One metric of the long table as a whole: over all customers and the whole time, in the view that leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.metrics.catalogue import about

if TYPE_CHECKING:
    import pandas as pd

    from sim.metrics.long import Measure


def overall(
    metrics: pd.DataFrame, metric: str, known: Mapping[str, Measure] | None = None, view: str | None = None
) -> pd.DataFrame:
    """Rows of `metric`, one a replication of an arm in a context; a tenure in its name is its time. `view`: another."""
    measure = about(metric, known)
    told = (metrics["metric"] == metric) & (metrics["segment"] == "all") & (metrics["view"] == (view or measure.view))
    return metrics[told] if measure.timed else metrics[told & metrics["time_days"].isna()]
