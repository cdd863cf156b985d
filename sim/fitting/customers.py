"""The customers of a file: how long each was seen, whether they left, what they pay and use."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.checks import InputError
from sim.fitting.cells import is_blank, numbers, where
from sim.fitting.likelihood import LONGEST_PERIODS, Lifetimes, of_customers
from sim.fitting.table import SHOWN, Table, column_and_value, column_named

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

IDENTITY: Final = re.compile(
    r"(master|customer|cust|client|account|acct|user|subscriber|member|contract|company)?"
    r"(id|key|number|no|nr)|customer|customers"
)
"""Names of an identity column, in small letters without spaces and signs."""
NO_IDENTITY: Final = "none"


@dataclass(frozen=True)
class Columns:
    """What the user named: column names, `COL=VALUE` pairs, or None."""

    tenure: str
    churned: str
    fee: str | None = None
    seats: str | None = None
    usage: str | None = None
    group: str | None = None
    identity: str | None = None


@dataclass(frozen=True)
class Customers:
    """Customers with a known lifetime; the quantities are lists of their own, in no common order.

    tenure_months: months as customer; left: True if the tenure ended in leaving.
    """

    tenure_months: Floats
    left: Flags
    fee: Floats | None
    seats: Floats | None
    usage: Floats | None
    repairs: tuple[str, ...]

    def lifetimes(self, term_months: int) -> Lifetimes:
        """Lifetimes in terms: a leaver counts in the term begun, a stayer with terms completed."""
        terms = self.tenure_months / term_months
        leaving = np.maximum(np.ceil(terms), 1)
        return of_customers(np.where(self.left, leaving, np.floor(terms)).astype(np.int64), self.left)


def read_customers(table: Table, columns: Columns) -> Customers:
    """The customers of `table`; raises InputError naming row and column of what is malformed."""
    table, said = _group(table, columns.group)
    repeated = _refuse_repeats(table, columns.identity)
    tenure, tenure_said = numbers(table, column_named(table, columns.tenure))
    left, known, churned_said = _leaving(table, columns.churned)
    kept = ~np.isnan(tenure) & known
    at_start = _check_tenure(table, columns.tenure, tenure, left & kept)
    optional = [_positive(table, name) for name in (columns.fee, columns.seats, columns.usage)]
    fee, seats, usage = (values for values, _ in optional)
    late = (sentence for _, sentences in optional for sentence in sentences)
    repairs = (*said, *repeated, *tenure_said, *churned_said, *at_start, *late)
    if not kept.any():
        raise InputError(f"{table.name} has no row with both a tenure and a churn status")
    return Customers(tenure[kept], left[kept], fee, seats, usage, repairs)


def _group(table: Table, pair: str | None) -> tuple[Table, tuple[str, ...]]:
    """The rows where COL is VALUE, and a sentence about how many the others are."""
    if pair is None:
        return table, ()
    column, value = column_and_value(table, pair, "--group")
    cells = table.columns[column]
    kept = [i for i, cell in enumerate(cells) if _same(cell, value)]
    blank = [i for i, cell in enumerate(cells) if is_blank(cell)]
    if not kept:
        raise InputError(_never_holds(table, column, value))
    chosen = tuple(tuple(cells[i] for i in kept) for cells in table.columns)
    rows = tuple(table.rows[i] for i in kept)
    sentence = f"{len(kept)} of {len(cells)} rows of {table.name} have {table.header[column]!r} = {value}"
    part = Table(table.name, table.header, chosen, rows, table.separator, table.repairs)
    unknown = (f"{where(table, column, blank)}: blank, left out",) if blank else ()
    return part, (f"{sentence}: the others were not asked for", *unknown)


def _refuse_repeats(table: Table, identity: str | None) -> tuple[str, ...]:
    """Refuse two rows of one customer; `identity` names the column, else it is known by its name."""
    if identity == NO_IDENTITY:
        return ()
    column = column_named(table, identity) if identity else _identity(table)
    if column is None:
        return ("no column looks like a customer id: each row is taken as one customer",)
    seen: dict[str, int] = {}
    for i, cell in enumerate(table.columns[column]):
        first = seen.setdefault(cell.strip(), i)
        if first != i and not is_blank(cell):
            raise InputError(
                f"{where(table, column, [i])}: repeats the id of row {table.rows[first]}; keep one"
                f" row per customer, or say --id {NO_IDENTITY} if each row is a contract of its own"
            )
    return ()


def _identity(table: Table) -> int | None:
    names = [re.sub(r"[\W_]", "", name).casefold() for name in table.header]
    return next((i for i, name in enumerate(names) if IDENTITY.fullmatch(name)), None)


def _leaving(table: Table, pair: str) -> tuple[Flags, Flags, tuple[str, ...]]:
    """Who left, for whom it is known, and the sentences about blanks and other values."""
    column, value = column_and_value(table, pair, "--churned")
    cells = table.columns[column]
    left = np.array([_same(cell, value) for cell in cells])
    blank = np.array([is_blank(cell) for cell in cells]) & ~left
    others = sorted({cells[i].strip() for i in np.flatnonzero(~blank & ~left)})
    if not left.any():
        raise InputError(_never_holds(table, column, value))
    said = [] if len(others) < 2 else [_several(table, column, value, others)]
    if blank.any():
        rows = [int(i) for i in np.flatnonzero(blank)]
        meaning = "left out" if others else f"read as not {value!r}, since the column says nothing else"
        said.append(f"{where(table, column, rows)}: blank, {meaning}")
    return left, ~blank if others else np.full(len(cells), True), tuple(said)


def _check_tenure(table: Table, name: str, tenure: Floats, left: Flags) -> tuple[str, ...]:
    column = column_named(table, name)
    for i in np.flatnonzero(tenure > LONGEST_PERIODS):
        cell = table.columns[column][i].strip()
        raise InputError(f"{where(table, column, [int(i)])}: {cell} months is no tenure (a date or an id?)")
    zero = [int(i) for i in np.flatnonzero(left & (tenure == 0))]
    if not zero:
        return ()
    return (f"{where(table, column, zero)}: left at tenure 0, counted as leaving in the first term",)


def _positive(table: Table, name: str | None) -> tuple[Floats | None, tuple[str, ...]]:
    """Known values of an optional column, sorted, so that no row can be put together again."""
    if name is None:
        return None, ()
    values, said = numbers(table, column_named(table, name))
    values = np.sort(values[~np.isnan(values)])
    if not values.size or values[-1] == 0:
        raise InputError(f"{table.name} column {name!r} holds nothing above 0")
    return values, said


def _same(cell: str, value: str) -> bool:
    """Equal as text, or as numbers (1 and 1.0)."""
    if cell.strip() == value:
        return True
    try:
        return float(cell) == float(value)
    except ValueError:
        return False


def _several(table: Table, column: int, value: str, others: list[str]) -> str:
    names = ", ".join(repr(other) for other in others[:SHOWN])
    return f"{table.name} column {table.header[column]!r}: everything but {value!r} means still here ({names})"


def _never_holds(table: Table, column: int, value: str) -> str:
    held = Counter(cell.strip() for cell in table.columns[column]).most_common(5)
    names = ", ".join(f"{cell!r} ({count})" for cell, count in held)
    return f"{table.name} column {table.header[column]!r} never holds {value!r}; it holds {names}"
