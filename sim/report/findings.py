"""Rows of the comparison table as findings that can be worded and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.report.numbers import unit_of
from sim.report.wording import Finding

if TYPE_CHECKING:
    import pandas as pd


def findings(comparison: pd.DataFrame, metric: str | None = None, currency: str = "") -> list[Finding]:
    """Rows that get a verdict (no other view, segment or year), of one metric if given, in the table's order."""
    rows = comparison[comparison["role"] != "detail"]
    if metric is not None:
        rows = rows[rows["metric"] == metric]
    return [finding(row, currency) for row in rows.to_dict("records")]


def finding(row: Mapping[Any, Any], currency: str = "") -> Finding:
    """One row of the comparison table."""
    return Finding(
        metric=str(row["metric"]),
        arm=str(row["arm"]),
        baseline=str(row["baseline"]),
        context=str(row["context"]),
        verdict=str(row["verdict"]),
        difference=float(row["difference"]),
        low=float(row["low"]),
        high=float(row["high"]),
        margin=float(row["margin"]),
        replications=int(row["replications"]),
        replications_needed=float(row["replications_needed"]),
        unit=unit_of(str(row["unit"]), currency),
        arm_mean=float(row["arm_mean"]),
        baseline_mean=float(row["baseline_mean"]),
        one_sided=int(row.get("one_sided", 0)),
    )
