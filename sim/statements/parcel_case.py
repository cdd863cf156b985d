"""The parcel case told: scores at the end of a kind call and later, and one customer's score over time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd


def parcel_case(metrics: pd.DataFrame) -> list[str]:
    """Lines `parcel_case <context> <arm> <fate> <question> n=.. contact_end=.. month_3=.. ..` (mean answers as they
    would be reported, over replications) and `parcel_case <context> <arm> customer=.. replication=.. day .. ..`."""
    groups = metrics.groupby(["context", "arm"], sort=False, observed=True)
    return [line for (context, arm), rows in groups for line in _lines(rows, str(context) or "-", str(arm) or "-")]


def _lines(rows: pd.DataFrame, context: str, arm: str) -> Iterator[str]:
    head = f"parcel_case {context} {arm}"
    scores = rows[(rows["metric"] == "case_score") & (rows["view"] == "surveyed") & rows["value"].notna()]
    for segment, course in scores.groupby("segment", observed=True):
        fate, _, question = str(segment).partition("@")
        yield f"{head} {fate} {question} {_course(course)}"
    chosen = rows[(rows["metric"] == "case_customer") & rows["value"].notna()].sort_values("replication")
    if len(chosen):
        replication = int(chosen["replication"].iloc[0])
        told = rows[(rows["metric"] == "case_story") & (rows["replication"] == replication)]
        who = f"customer={chosen['value'].iloc[0]:.0f} replication={replication}"
        yield f"{head} {who} {_story(told)}"


def _course(course: pd.DataFrame) -> str:
    """`n=` first contacts, then the mean answer at the contact and in each step of months, weighted by answers."""
    told = []
    for time, at in course.groupby("time_days"):
        mean = np.average(at["value"], weights=at["n"])
        told.append(f"{_when(float(time))}={mean:.2f}")  # type: ignore[arg-type]
    first = course.loc[course["time_days"] == 0.0, "n"].sum()
    return f"n={first} {' '.join(told)}"


def _when(time_days: float) -> str:
    return "contact_end" if time_days == 0.0 else f"month_{time_days / DAYS_PER_MONTH:.0f}"


def _story(told: pd.DataFrame) -> str:
    """Day by day: moment, question and answer."""
    parts = []
    for row in told.sort_values("time_days", kind="stable").itertuples():
        moment, _, question = str(row.segment).partition("@")
        parts.append(f"day {row.time_days:.0f} {moment} {question} {row.value:.0f}")
    return "; ".join(parts)
