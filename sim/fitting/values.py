"""Rows chosen by what a cell says."""

from __future__ import annotations

from collections import Counter

from sim.checks import InputError
from sim.fitting.cells import is_blank, where
from sim.fitting.table import Table, column_and_value


def same(cell: str, value: str) -> bool:
    """Equal as text, or as numbers (1 and 1.0)."""
    if cell.strip() == value:
        return True
    try:
        return float(cell) == float(value)
    except ValueError:
        return False


def never_holds(table: Table, column: int, value: str) -> str:
    """The sentence for a value that does not occur, with those that do."""
    held = Counter(cell.strip() for cell in table.columns[column]).most_common(5)
    names = ", ".join(f"{cell!r} ({count})" for cell, count in held)
    return f"{table.name} column {table.header[column]!r} never holds {value!r}; it holds {names}"


def grouped(table: Table, pairs: tuple[str, ...]) -> tuple[Table, tuple[str, ...]]:
    """The rows where every COL is its VALUE, and sentences about the others."""
    said: tuple[str, ...] = ()
    for pair in pairs:
        table, sentences = _group(table, pair)
        said += sentences
    return table, said


def _group(table: Table, pair: str) -> tuple[Table, tuple[str, ...]]:
    column, value = column_and_value(table, pair, "--group")
    cells = table.columns[column]
    kept = [i for i, cell in enumerate(cells) if same(cell, value)]
    blank = [i for i, cell in enumerate(cells) if is_blank(cell)]
    if not kept:
        raise InputError(never_holds(table, column, value))
    chosen = tuple(tuple(cells[i] for i in kept) for cells in table.columns)
    rows = tuple(table.rows[i] for i in kept)
    sentence = f"{len(kept)} of {len(cells)} rows of {table.name} have {table.header[column]!r} = {value}"
    part = Table(table.name, table.header, chosen, rows, table.separator, table.repairs)
    unknown = (f"{where(table, column, blank)}: blank, left out",) if blank else ()
    return part, (f"{sentence}: the others were not asked for", *unknown)
