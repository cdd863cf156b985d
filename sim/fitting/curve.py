"""A retention curve of a file (`period,percent_surviving`) and the law fitted to it.

Called when a market names `retention_curve`: the curve's periods are the market's contract terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.checks import InputError
from sim.fitting.cells import numbers, where
from sim.fitting.likelihood import LONGEST_PERIODS, Lifetimes, of_curve
from sim.fitting.table import Table, column_named, read_table
from sim.fitting.text_file import read_text

PERIOD: Final = "period"
SURVIVING: Final = "percent_surviving"
FEWEST_READINGS: Final = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """Shares surviving in [0, 1] at increasing whole periods, the first 1 at period 0."""

    periods: NDArray[np.int64]
    surviving: Floats
    repairs: tuple[str, ...]

    def up_to(self, period: int) -> Curve:
        """The readings until `period`."""
        kept = self.periods <= period
        return Curve(self.periods[kept], self.surviving[kept], self.repairs)

    @property
    def lifetimes(self) -> Lifetimes:
        """What the curve says about one customer."""
        return of_curve(self.periods, self.surviving)


def curve_of(percent_surviving: tuple[float, ...]) -> Curve:
    """A curve from percentages at periods 0, 1, 2, ..., from 100 and never rising."""
    if len(percent_surviving) < FEWEST_READINGS or percent_surviving[0] != 100:
        raise InputError(f"{SURVIVING} must start at 100 and have at least {FEWEST_READINGS} readings")
    for before, after in pairwise(percent_surviving):
        if after > before:
            raise InputError(f"{SURVIVING} can only fall, got {after:g} after {before:g}")
    shares = np.array(percent_surviving, dtype=np.float64) / 100
    return Curve(np.arange(len(percent_surviving)), shares, ())


def read_curve(path: str) -> Curve:
    """The curve in a CSV file; refuses a rising one, missing columns, text, too few readings."""
    file = read_text(path)
    table = read_table(file)
    period_column, percent_column = column_named(table, PERIOD), column_named(table, SURVIVING)
    periods, said = numbers(table, period_column)
    percent, percent_said = numbers(table, percent_column)
    _refuse_odd_periods(table, period_column, periods)
    kept = ~np.isnan(percent)
    _refuse_rise(table, percent_column, percent, [int(i) for i in np.flatnonzero(kept)])
    if kept.sum() + (periods[0] > 0) < FEWEST_READINGS:
        raise InputError(f"{table.name} has fewer than {FEWEST_READINGS} readings of {SURVIVING}")
    shares, repairs = _from_the_start(table, periods[kept], percent[kept])
    return Curve(*shares, (*file.repairs, *table.repairs, *said, *percent_said, *repairs))


def _refuse_odd_periods(table: Table, column: int, periods: Floats) -> None:
    """Periods are whole, known, below the longest and increasing."""
    for i, period in enumerate(periods):
        if not 0 <= period <= LONGEST_PERIODS or period != round(period):
            cell = table.columns[column][i].strip()
            raise InputError(f"{where(table, column, [i])}: {cell!r} is not a whole number of periods")
        if i and period <= periods[i - 1]:
            raise InputError(
                f"{where(table, column, [i])}: period {period:g} follows {periods[i - 1]:g}, periods must increase"
            )


def _refuse_rise(table: Table, column: int, percent: Floats, known: list[int]) -> None:
    """Percentages lie in [0, 100] and never rise, blanks skipped."""
    for before, i in zip([None, *known], known, strict=False):
        if percent[i] > 100:
            raise InputError(f"{where(table, column, [i])}: {percent[i]:g} percent is above 100")
        if before is not None and percent[i] > percent[before]:
            raise InputError(
                f"{where(table, column, [i])}: survival rises from {percent[before]:g} to"
                f" {percent[i]:g}, it can only fall"
            )


def _from_the_start(
    table: Table, periods: Floats, percent: Floats
) -> tuple[tuple[NDArray[np.int64], Floats], tuple[str, ...]]:
    """Shares from period 0 on: 100 % is added if the file starts later."""
    whole = periods.astype(np.int64)
    if whole[0] > 0:
        said = f"{table.name} starts at period {whole[0]}: 100 percent at period 0 is added"
        return (np.append(0, whole), np.append(1.0, percent / 100)), (said,)
    if percent[0] == 1 and percent.size > 1:
        said = f"{table.name} starts at 1: its {SURVIVING} is read as shares, not percent"
        return (whole, percent), (said,)
    if percent[0] != 100:
        raise InputError(f"{table.name} must survive by 100 percent at period 0, got {percent[0]:g}")
    return (whole, percent / 100), ()
