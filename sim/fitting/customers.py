"""The customers of a file: how long each was seen, whether they left, what they pay and use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.checks import InputError
from sim.fitting.cells import is_blank, numbers, where
from sim.fitting.likelihood import LONGEST_PERIODS, Lifetimes, of_customers
from sim.fitting.table import SHOWN, Table, column_and_value, column_named
from sim.fitting.values import never_holds, same

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
    groups: tuple[str, ...] = ()
    identity: str | None = None
    months_per_tenure: float = 1.0


@dataclass(frozen=True)
class Customers:
    """Customers with a known lifetime: months as customer, and True if they ended in leaving."""

    tenure_months: Floats
    left: Flags
    repairs: tuple[str, ...]

    def lifetimes(self, term_months: int) -> Lifetimes:
        """Lifetimes in terms: a leaver counts in the term begun, a stayer with terms completed."""
        terms = self.tenure_months / term_months
        leaving = np.maximum(np.ceil(terms), 1)
        return of_customers(np.where(self.left, leaving, np.floor(terms)).astype(np.int64), self.left)


def read_customers(table: Table, columns: Columns) -> Customers:
    """The customers of `table`; raises InputError naming row and column of what is malformed."""
    repeated = _refuse_repeats(table, columns.identity)
    tenure, tenure_said = numbers(table, column_named(table, columns.tenure))
    months = tenure * columns.months_per_tenure
    left, known, churned_said = leaving(table, columns.churned)
    kept = ~np.isnan(tenure) & known
    at_start = _check_tenure(table, columns.tenure, months, left & kept)
    if not kept.any():
        raise InputError(f"{table.name} has no row with both a tenure and a churn status")
    repairs = (*repeated, *tenure_said, *churned_said, *at_start)
    return Customers(months[kept], left[kept], repairs)


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


def leaving(table: Table, pair: str) -> tuple[Flags, Flags, tuple[str, ...]]:
    """Who left, for whom it is known, and the sentences about blanks and other values."""
    column, value = column_and_value(table, pair, "--churned")
    cells = table.columns[column]
    left = np.array([same(cell, value) for cell in cells])
    blank = np.array([is_blank(cell) for cell in cells]) & ~left
    others = sorted({cells[i].strip() for i in np.flatnonzero(~blank & ~left)})
    if not left.any():
        raise InputError(never_holds(table, column, value))
    said = [] if len(others) < 2 else [_several(table, column, value, others)]
    if blank.any():
        rows = [int(i) for i in np.flatnonzero(blank)]
        meaning = "left out" if others else f"read as not {value!r}, since the column says nothing else"
        said.append(f"{where(table, column, rows)}: blank, {meaning}")
    return left, ~blank if others else np.full(len(cells), True), tuple(said)


def _check_tenure(table: Table, name: str, months: Floats, left: Flags) -> tuple[str, ...]:
    column = column_named(table, name)
    for i in np.flatnonzero(months > LONGEST_PERIODS):
        cell = table.columns[column][i].strip()
        raise InputError(f"{where(table, column, [int(i)])}: {cell} is no tenure (a date or an id?)")
    zero = [int(i) for i in np.flatnonzero(left & (months == 0))]
    if not zero:
        return ()
    return (f"{where(table, column, zero)}: left at tenure 0, counted as leaving in the first term",)


def _several(table: Table, column: int, value: str, others: list[str]) -> str:
    names = ", ".join(repr(other) for other in others[:SHOWN])
    return f"{table.name} column {table.header[column]!r}: everything but {value!r} means still here ({names})"
