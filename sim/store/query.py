"""`outcomelab query "SELECT ..."`: SQL over the one tidy table, and over nothing else.

The statement is data, not code: it sees the view `metrics` in a database of its own in memory, with files,
network, extensions and Python variables out of reach, and one statement that reads.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.extras import missing
from sim.store.command import DEFAULT, VARIABLE
from sim.store.words import Words

if TYPE_CHECKING:
    import pandas as pd

VIEW = "metrics"
CLOSED = (
    "SET enable_external_access = false",
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)
"""In this order: nothing can be opened again after the last."""


def main(argv: Sequence[str]) -> int:
    """Print the answer as a table, or with `--csv` as CSV."""
    parser = Words(prog="outcomelab query", description=__doc__)
    parser.add_argument("statement", metavar="SELECT", help="one statement; the table is called metrics")
    parser.add_argument("--store", metavar="DIR", help=f"default: ${VARIABLE}, else {DEFAULT}")
    parser.add_argument("--csv", action="store_true", help="print CSV")
    options = parser.parse_args(list(argv))
    root = Path(options.store or os.environ.get(VARIABLE) or DEFAULT).expanduser()
    answer = query(root, options.statement)
    print(answer.to_csv(index=False) if options.csv else answer.to_string(index=False), end="" if options.csv else "\n")
    return 0


def query(root: Path, statement: str) -> pd.DataFrame:
    """The answer of one reading statement; InputError for anything else."""
    duckdb = _duckdb()
    from sim.store.table import dataset

    table = dataset(root)
    with duckdb.connect(":memory:") as connection:
        connection.register(VIEW, table)
        for setting in CLOSED:
            connection.execute(setting)
        try:
            _refuse_writing(duckdb, connection, statement)
            answer: pd.DataFrame = connection.execute(statement).df()
        except duckdb.Error as error:
            lines = [line for line in str(error).splitlines() if line.strip()]
            raise InputError(f"the statement cannot be answered: {' '.join(lines[:2])}") from error
    return answer


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError:
        raise missing("query", "DuckDB (docs/store.md reads the same table with pandas)", "query") from None
    return duckdb


def _refuse_writing(duckdb: Any, connection: Any, statement: str) -> None:
    kinds = [one.type for one in connection.extract_statements(statement)]
    reading = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
    if len(kinds) != 1 or kinds[0] not in reading:
        raise InputError(f"query takes one SELECT, got {', '.join(kind.name for kind in kinds) or 'nothing'}")
