"""A delimited text file as columns of cells, and the column a user means by a name.

Rows are numbered as a spreadsheet does: the header is row 1, a cell may hold line breaks.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from sim.checks import InputError
from sim.fitting.text_file import TextFile

SEPARATORS: Final = (",", ";", "\t", "|")
SHOWN: Final = 20
"""Row numbers or values listed in one sentence before the rest is only counted."""


@dataclass(frozen=True)
class Table:
    """Cells by column; `rows[i]` is the spreadsheet row of the i-th cell of every column."""

    name: str
    header: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[int, ...]
    separator: str
    repairs: tuple[str, ...]


def read_table(file: TextFile) -> Table:
    """`file` split into columns; ragged rows are refused, empty ones left out and named."""
    separator = _separator(file.text)
    records = _records(file, separator)
    top = next(i for i, record in enumerate(records) if record)
    header = tuple(cell.strip() for cell in records[top])
    _refuse_headless(file.name, header)
    kept, empty = [], []
    for row, record in enumerate(records[top + 1 :], start=top + 2):
        if any(cell.strip() for cell in record):
            kept.append((row, _whole_record(file.name, row, record, header)))
        else:
            empty.append(row)
    if not kept:
        raise InputError(f"{file.name} has a header but no rows")
    repairs = (f"{file.name} has nothing in {rows_named(empty)}: left out",) if empty else ()
    columns = tuple(zip(*(record for _, record in kept), strict=True))
    return Table(file.name, header, columns, tuple(row for row, _ in kept), separator, repairs)


def column_named(table: Table, wanted: str) -> int:
    """Index of the column called `wanted`; runs of spaces and capitals may differ if unambiguous."""
    for same in (str.strip, _loosely):
        hits = [i for i, name in enumerate(table.header) if same(name) == same(wanted)]
        if len(hits) > 1:
            raise InputError(f"{table.name} has {len(hits)} columns called {wanted!r}; rename one")
        if hits:
            return hits[0]
    raise InputError(f"{table.name} has no column {wanted!r}{_nearest(table, wanted)}")


def column_and_value(table: Table, pair: str, option: str) -> tuple[int, str]:
    """Split `COL=VALUE` where both names and values may hold "="; the longest known name wins."""
    cuts = [i for i, sign in enumerate(pair) if sign == "="]
    if not cuts:
        raise InputError(f"{option} must be COLUMN=VALUE, got {pair!r}")
    for same in (str.strip, _loosely):
        for cut in reversed(cuts):
            if any(same(pair[:cut]) == same(name) for name in table.header):
                return column_named(table, pair[:cut]), pair[cut + 1 :].strip()
    column_named(table, pair[: cuts[0]])
    raise AssertionError("unreachable: an unknown column is refused")


def rows_named(rows: list[int]) -> str:
    """`row 7`, `rows 7, 9 and 11`, or the first of many and how many more."""
    if len(rows) == 1:
        return f"row {rows[0]}"
    if len(rows) > SHOWN:
        return f"rows {', '.join(map(str, rows[:SHOWN]))} and {len(rows) - SHOWN} more"
    return f"rows {', '.join(map(str, rows[:-1]))} and {rows[-1]}"


def _separator(text: str) -> str:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    outside = re.sub(r'"[^"]*"', "", first)
    return max(SEPARATORS, key=outside.count)


def _records(file: TextFile, separator: str) -> list[list[str]]:
    """All records; line breaks at the end of the file hold no data and are ignored."""
    try:
        reader = csv.reader(io.StringIO(file.text.rstrip("\r\n")), delimiter=separator, strict=True)
        return list(reader)
    except csv.Error as error:
        raise InputError(f"{file.name} is not a readable table: {error}") from None


def _whole_record(name: str, row: int, record: list[str], header: tuple[str, ...]) -> list[str]:
    """`record` with one cell per column; surplus cells at its end may be empty."""
    width = len(header)
    if len(record) < width or any(cell.strip() for cell in record[width:]):
        raise InputError(f"{name} row {row} has {len(record)} cells, its header has {width} columns")
    return [cell for cell, _ in zip_longest(record[:width], header, fillvalue="")]


def _refuse_headless(name: str, header: tuple[str, ...]) -> None:
    if not any(re.search(r"[^\W\d_]", cell) for cell in header):
        raise InputError(
            f"{name} has no header line with column names; one row per customer with a column for"
            " the tenure and one that says who left is needed (a list of purchases has neither:"
            " repeat buying without a contract cannot be fitted here)"
        )


def _loosely(name: str) -> str:
    return " ".join(name.split()).casefold()


def _nearest(table: Table, wanted: str) -> str:
    known = {_loosely(name): name for name in table.header if name}
    close = difflib.get_close_matches(_loosely(wanted), list(known), n=1, cutoff=0.5)
    if close:
        return f"; did you mean {known[close[0]]!r}?"
    names = ", ".join(repr(name) for name in list(known.values())[:SHOWN])
    return f"; its columns are {names}"
