"""What customers pay and how large they are, as lists in no common order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.checks import InputError
from sim.fitting.cells import numbers, where
from sim.fitting.customers import Columns, leaving
from sim.fitting.table import Table, column_named

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sizes:
    """Sorted values of each column (None if not named), so that no row can be put together again.

    fee and price in money per month: per customer, and per seat (the fee itself without seats).
    """

    fee: Floats | None
    seats: Floats | None
    price: Floats | None
    repairs: tuple[str, ...]


def read_sizes(table: Table, columns: Columns) -> Sizes:
    """Sizes in `table`; raises InputError naming row and column of what is malformed."""
    fee, fee_said = _optional(table, columns.fee, zero="pays nothing, counted with 0.1 % of the mean fee")
    seats, seats_said = _optional(table, columns.seats, zero="no seats, left out of the sizes")
    seats = None if seats is None else np.where(seats > 0, seats, np.nan)
    price = fee if fee is None or seats is None else fee / seats
    return Sizes(_sorted(fee), _sorted(seats), _sorted(price), (*fee_said, *seats_said))


def left_by_usage(table: Table, columns: Columns) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Share that left in each quarter of the customers by use, lowest first, and sentences.

    Equal amounts of use stay together, so that quarters may be uneven and a few ones missing.
    """
    if columns.usage is None:
        return (), ()
    use, said = _optional(table, columns.usage, zero=None)
    left, known, _ = leaving(table, columns.churned)
    assert use is not None
    kept = known & ~np.isnan(use)
    if kept.sum() < 4:
        raise InputError(f"{table.name} column {columns.usage!r} is known for fewer than 4 customers")
    quarter = np.searchsorted(np.quantile(use[kept], (0.25, 0.5, 0.75)), use[kept], side="left")
    return tuple(float(left[kept][quarter == q].mean()) for q in np.unique(quarter)), said


def _optional(table: Table, name: str | None, zero: str | None) -> tuple[Floats | None, tuple[str, ...]]:
    """Numbers >= 0 of a column, not all 0, and the sentences about blanks and zeros."""
    if name is None:
        return None, ()
    column = column_named(table, name)
    values, said = numbers(table, column)
    if not np.nansum(values) > 0:
        raise InputError(f"{table.name} column {table.header[column]!r} holds nothing above 0")
    none = [int(i) for i in np.flatnonzero(values == 0)]
    if none and zero:
        said = (*said, f"{where(table, column, none)}: {zero}")
    return values, said


def _sorted(values: Floats | None) -> Floats | None:
    return None if values is None else np.sort(values[~np.isnan(values)])
