"""Reading fact tables fast: column checks, masks on category codes, identities, discounting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.checks import InputError
from sim.units import DAYS_PER_YEAR

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

SAME_DAY = 1e-6
"""Days within which two computed times are the same moment (a renewal on its anniversary)."""


def need(frame: pd.DataFrame, table: str, columns: Sequence[str], family: str) -> None:
    """Refuse a table that lacks a column the family reads."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise InputError(f"metric {family} needs column {missing[0]} in table {table}")


def floats(frame: pd.DataFrame, column: str) -> Floats:
    """A numeric column as float64, without a copy where possible."""
    return frame[column].to_numpy(dtype=np.float64)


def coded(frame: pd.DataFrame, column: str) -> tuple[NDArray[np.integer], list[str]]:
    """Codes (n,) and labels of a text column; categorical columns cost nothing."""
    values = frame[column].array
    if not isinstance(values, pd.Categorical):
        values = pd.Categorical(frame[column])
    return values.codes, values.categories.tolist()


def is_any(frame: pd.DataFrame, column: str, labels: Sequence[str]) -> Flags:
    """Which rows hold one of `labels`."""
    codes, known = coded(frame, column)
    chosen = np.zeros(len(known) + 1, dtype=np.bool_)
    chosen[[i for i, label in enumerate(known) if label in labels]] = True
    flags: Flags = chosen[codes]
    return flags


def is_only(frame: pd.DataFrame, column: str, label: str) -> Flags:
    """Which rows hold `label`."""
    return is_any(frame, column, (label,))


def identity(frame: pd.DataFrame, column: str = "customer") -> Codes:
    """One number per (replication, customer), so that pooled replications never mix people."""
    customer = frame[column].to_numpy(dtype=np.int64)
    keys: Codes = (frame["replication"].to_numpy(dtype=np.int64) << 28) + customer
    return keys


class Index:
    """Finds the row of an identity: `Index(keys).rows(wanted)` is -1 where it is unknown."""

    def __init__(self, keys: Codes) -> None:
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]

    def rows(self, wanted: Codes) -> NDArray[np.intp]:
        """Row number in `keys` of each of `wanted` (m,)."""
        if not self._keys.size:
            return np.full(wanted.size, -1, dtype=np.intp)
        at = np.minimum(np.searchsorted(self._keys, wanted), self._keys.size - 1)
        return np.where(self._keys[at] == wanted, self._order[at], -1)


def of_rows(values: Floats, row: NDArray[np.intp]) -> Floats:
    """(m,) `values` of the rows that `Index.rows` found; nan where it found none, even if nobody is there at all."""
    found: Floats = np.append(values, np.nan)[row]
    return found


def discounted(time_days: Floats, rate_per_year: float) -> Floats:
    """Worth at time 0 of one unit of money paid at `time_days`; compounding by the year."""
    factor: Floats = np.exp(time_days * (-np.log1p(rate_per_year) / DAYS_PER_YEAR))
    return factor


def segments(frame: pd.DataFrame) -> list[tuple[str, Flags | slice]]:
    """`all`, then every segment present; one segment alone is not repeated."""
    codes, labels = coded(frame, "segment")
    present = np.unique(codes)
    everyone: list[tuple[str, Flags | slice]] = [("all", slice(None))]
    if present.size < 2:
        return everyone
    return everyone + [(labels[code], codes == code) for code in present]
