"""From which month on a firm has settled, and the level at which it does.

Welch's way: a series is averaged over replications month by month, and MSER-5 (sim.metrics.mser) is applied to the
mean; what it says of single replications tells how sure that is. The level is that of replication and deletion: every
replication's mean after the suggested month, with a t interval over replications.

steady_state.parquet: a row per context, arm and series; steady_course.parquet: the averaged series.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.experiments.interval import mean_interval
from sim.metrics.mser import truncation
from sim.metrics.steady_state import MONTHLY
from sim.tables import write_result
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.collect import Outcome
    from sim.metrics.facts import Floats

TABLE: Final = "steady_state"
COURSE: Final = "steady_course"
SETTLED: Final = ("reached", "late")
ENDED_MONTHS: Final = 24.0
"""A series without readings in every replication for so long before the last month has ended, not settled: a firm that
has lost its customers has no score. A bill in arrears may be missing for a year."""
_SMOOTHED_MONTHS: Final = 13
"""Span of the moving average: a whole year, so that seasons do not show."""


class Settled(NamedTuple):
    """One row of `steady_state.parquet`: what the rule says of one series."""

    context: str
    arm: str
    series: str
    word: str
    """reached, late, not_reached (also where the series ends before the horizon) or too_short (sim.metrics.mser)"""
    month: float
    """months to leave out; nan where the word is one of the last two"""
    month_low: float
    """quartiles of the month over single replications; inf where that many have not settled"""
    month_high: float
    settled_share: float
    """of single replications"""
    mean: float
    """after the month"""
    low: float
    high: float
    replications: int


class Reading(NamedTuple):
    """One row of `steady_course.parquet`: a series averaged over replications."""

    context: str
    arm: str
    series: str
    month: float
    mean: float
    smooth: float
    """moving average over a year"""


def write_steady_state(outcome: Outcome, metrics: pd.DataFrame) -> list[str]:
    """Write both tables where the series were measured; return the lines to print."""
    if outcome.study.design is not None:  # points of a design are judged together, not one by one
        return []
    found, course = settle(metrics)
    for name, rows in ((TABLE, found), (COURSE, course)):
        _write(outcome, name, rows)
    return [settled_line(row) for row in found]


def _write(outcome: Outcome, name: str, rows: list[Any]) -> None:
    import pandas as pd

    if rows:
        write_result(pd.DataFrame(rows, columns=list(rows[0]._fields)), outcome.folder / f"{name}.parquet")


def settle(metrics: pd.DataFrame) -> tuple[list[Settled], list[Reading]]:
    """Every series of the long table by context and arm; nothing where none was measured."""
    found: list[Settled] = []
    course: list[Reading] = []
    rows = metrics[metrics["metric"].isin(list(MONTHLY)) & metrics["time_days"].notna()]
    last = float(rows["time_days"].max()) / DAYS_PER_MONTH
    for (context, arm), own in rows.groupby(["context", "arm"], sort=False, observed=True):
        for series in MONTHLY:
            grid = own[own["metric"] == series].pivot_table(index="replication", columns="time_days", values="value")
            grid = grid.dropna(axis="columns")
            if grid.size:
                months = grid.columns.to_numpy(float) / DAYS_PER_MONTH
                place = (str(context), str(arm), series)
                found.append(settled(place, months, grid.to_numpy(float), months[-1] < last - ENDED_MONTHS))
                course += _course(place, months, grid.to_numpy(float).mean(axis=0))
    return found, course


def settled(place: tuple[str, str, str], months: Floats, values: Floats, ended: bool) -> Settled:
    """`values`: a row per replication, a column per month."""
    said = truncation(values.mean(axis=0))
    word = "not_reached" if ended else said.word
    alone = [truncation(row) for row in values]
    each = [_month(months, one.readings) if one.word in SETTLED else math.inf for one in alone]
    low, high = (float(np.quantile(each, share, method="inverted_cdf")) for share in (0.25, 0.75))
    share = float(np.isfinite(each).mean())
    if word not in SETTLED:
        return Settled(*place, word, math.nan, low, high, share, math.nan, math.nan, math.nan, len(values))
    level = mean_interval(values[:, said.readings :].mean(axis=1))
    month = _month(months, said.readings)
    return Settled(*place, word, month, low, high, share, *level[:3], level.replications)


def _month(months: Floats, readings: int) -> float:
    """End of the last reading left out; 0 if none is."""
    return round(float(months[readings - 1]), 6) if readings else 0.0


def _course(place: tuple[str, str, str], months: Floats, mean: Floats) -> list[Reading]:
    return [Reading(*place, *row) for row in zip(months, mean, moving_average(months, mean), strict=True)]


def moving_average(months: Floats, mean: Floats) -> Floats:
    """Centred means over _SMOOTHED_MONTHS, over fewer towards either end (Welch)."""
    apart = float(np.median(np.diff(months))) if months.size > 1 else 1.0
    reach = max(1, round((_SMOOTHED_MONTHS - 1) / 2.0 / apart))
    total, place = np.r_[0.0, np.cumsum(mean)], np.arange(mean.size)
    reached = np.minimum(np.minimum(place, mean.size - 1 - place), reach)
    smooth: Floats = (total[place + reached + 1] - total[place - reached]) / (2 * reached + 1)
    return smooth


def settled_line(row: Settled) -> str:
    """`steady_state <series> <arm> <word> <month> <quartile> <quartile> <settled share> <mean> <low> <high>
    <replications> <context>`; - for what there is not."""
    months = (row.month, row.month_low, row.month_high)
    numbers = [f"{one:.6g}" if math.isfinite(one) else "-" for one in (*months, *row[7:11])]
    return " ".join(("steady_state", row.series, row.arm, row.word, *numbers, str(row.replications), row.context))
