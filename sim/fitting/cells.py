"""Cells as numbers: what is blank, what is a number, what is refused, with row and column named."""

from __future__ import annotations

import math
import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.checks import InputError
from sim.fitting.table import Table, rows_named

BLANKS: Final = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "?", "-", "."))
"""Cells that say "not known", in small letters."""
MOST_BLANK_SHARE: Final = 0.2
"""A column with more unknowns than this cannot stand for its customers."""
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d+,\d+")

Floats = NDArray[np.float64]


def is_blank(cell: str) -> bool:
    """True if the cell says nothing."""
    return cell.strip().casefold() in BLANKS


def numbers(table: Table, column: int, low: float = 0.0) -> tuple[Floats, tuple[str, ...]]:
    """Column as floats, nan where blank, and the sentences about what was repaired.

    Text, infinities and numbers below `low` are refused; a comma is a decimal sign only where
    commas do not separate columns.
    """
    commas: list[int] = []
    values = np.array([_number(table, column, i, commas) for i in range(len(table.rows))], dtype=np.float64)
    for i in np.flatnonzero(values < low):
        cell = table.columns[column][i].strip()
        kind = "is negative" if low == 0 else f"is below {low:g}"
        raise InputError(f"{where(table, column, [int(i)])}: {cell} {kind}")
    repairs = [f"{where(table, column, commas)}: decimal comma read as a point"] if commas else []
    return values, (*repairs, *_blank_sentence(table, column, values))


def where(table: Table, column: int, indices: list[int]) -> str:
    """`customers.csv row 7, column 'tenure'`."""
    rows = rows_named([table.rows[i] for i in indices])
    return f"{table.name} {rows}, column {table.header[column]!r}"


def _number(table: Table, column: int, index: int, commas: list[int]) -> float:
    cell = table.columns[column][index].strip()
    if is_blank(cell):
        return math.nan
    if table.separator != "," and _DECIMAL_COMMA.fullmatch(cell):
        commas.append(index)
        cell = cell.replace(",", ".")
    try:
        value = float(cell) if "_" not in cell else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{where(table, column, [index])}: {cell!r} is not a number")
    return value


def _blank_sentence(table: Table, column: int, values: Floats) -> tuple[str, ...]:
    blank = [int(i) for i in np.flatnonzero(np.isnan(values))]
    if not blank:
        return ()
    share = len(blank) / len(values)
    counted = f"{len(blank)} of {len(values)} cells"
    if share > MOST_BLANK_SHARE:
        raise InputError(
            f"{table.name} column {table.header[column]!r}: {counted} are blank, more than"
            f" {MOST_BLANK_SHARE:.0%} cannot be left out"
        )
    return (f"{where(table, column, blank)}: blank ({counted}), left out of what needs this column",)
