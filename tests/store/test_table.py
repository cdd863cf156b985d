"""The one tidy table: every study's rows once, and SQL that reads it and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.checks import InputError
from sim.store.query import main, query
from sim.store.table import COLUMNS, Scenario, dataset, parts, write_part


def rows(replications: int, shift: float = 0.0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "replication": np.repeat(np.arange(replications, dtype=np.int32), 2),
            "metric": ["nps", "value"] * replications,
            "view": "truth",
            "segment": "all",
            "time_days": [np.nan, 365.25] * replications,
            "value": np.arange(2.0 * replications) + shift,
            "n": np.int64(5),
        }
    )


def scenario(key: str, arm: str = "a", replications: int = 3, shift: float = 0.0) -> Scenario:
    return Scenario(key, "x=1", "x=1", arm, 7, rows(replications, shift))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_part(tmp_path, "one", "c0de", [scenario("k1"), scenario("k2", "b", shift=10.0)])
    write_part(tmp_path, "two", "c0de", [scenario("k3")])
    return tmp_path


def test_what_was_written_is_what_is_read(root: Path) -> None:
    table = query(root, "SELECT * FROM metrics WHERE experiment = 'one' AND arm = 'b' ORDER BY replication, metric")
    assert list(table.columns) == ["experiment", *COLUMNS]
    expected = rows(3, 10.0)
    for name in expected.columns:
        assert np.array_equal(table[name], expected[name], equal_nan=name == "time_days"), name
    assert set(table["settings"]) == {"x=1"} and set(table["seed"]) == {7} and table["study"].nunique() == 1
    whole = pd.read_parquet(root / "table")
    assert len(whole) == dataset(root).count_rows() == 18 and set(whole["experiment"]) == {"one", "two"}


def test_what_is_undefined_is_null_so_that_averages_pass_over_it(tmp_path: Path) -> None:
    values = rows(2).assign(value=[1.0, np.nan, 3.0, np.nan])
    write_part(tmp_path, "one", "c0de", [scenario("k")._replace(metrics=values)])
    asked = (
        "SELECT metric, avg(value) AS mean, count(value) AS defined FROM metrics WHERE time_days IS NULL GROUP BY ALL"
    )
    assert query(tmp_path, asked).values.tolist() == [["nps", 2.0, 2]]
    assert pd.read_parquet(tmp_path / "table")["value"].isna().sum() == 2


def test_the_same_scenarios_again_take_the_place_of_what_they_left(root: Path) -> None:
    write_part(root, "two", "c0de", [scenario("k3", replications=5)])
    assert query(root, "SELECT count(*) AS n FROM metrics WHERE experiment = 'two'")["n"].tolist() == [10]
    write_part(root, "two", "c0de", [scenario("k4")])
    assert len(list(parts(root))) == 3


def test_a_damaged_part_is_no_answer_and_named(root: Path) -> None:
    part, asked = next(parts(root)), "SELECT sum(value) AS total FROM metrics"
    whole, total = part.read_bytes(), query(root, asked)["total"].tolist()
    values = pq.ParquetFile(part).metadata.row_group(0).column(COLUMNS.index("value"))
    at = values.data_page_offset + values.total_compressed_size // 2
    part.write_bytes(bytes((*whole[:at], whole[at] ^ 64, *whole[at + 1 :])))
    with pytest.raises(InputError, match=r"^the statement cannot be answered: .*CRC checksum verification failed"):
        query(root, asked)
    part.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=rf"^the statement cannot be answered: .*{part.name}"):
        query(root, asked)
    part.write_bytes(whole)
    assert query(root, asked)["total"].tolist() == total


def test_an_empty_store_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no table yet"):
        query(tmp_path, "SELECT 1")


FOREIGN = (
    "SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM '{secret}'",
    "SELECT * FROM glob('{folder}/*')",
    "COPY metrics TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '{folder}/out.csv'",
    "ATTACH '{folder}/out.db' AS a",
    "EXPORT DATABASE '{folder}/out'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "RESET enable_external_access",
    "SELECT * FROM read_parquet('https://example.org/a.parquet')",
    "CREATE TABLE t AS SELECT 1",
    "DROP VIEW metrics",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY metrics TO '{folder}/out.csv'",
    "EXPLAIN ANALYZE COPY metrics TO '{folder}/out.csv'",
    "SELECT * FROM table",
    "SELECT * FROM python_frame",
    "SELECT getenv('HOME')",
    "",
)


@pytest.mark.parametrize("statement", FOREIGN)
def test_a_statement_reaches_the_table_and_nothing_else(root: Path, tmp_path: Path, statement: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    python_frame = rows(1)
    assert len(python_frame) == 2
    with pytest.raises(InputError):
        query(root, statement.format(secret=secret, folder=tmp_path))
    assert not list(tmp_path.glob("out*"))


def test_without_the_locks_the_same_statements_do_reach_files(root: Path, tmp_path: Path) -> None:
    """Negative control of the test above."""
    import duckdb

    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    assert duckdb.connect(":memory:").execute(f"SELECT * FROM read_csv('{secret}')").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "statement", ["DESCRIBE metrics", "SUMMARIZE metrics", "FROM metrics LIMIT 1", "EXPLAIN SELECT 1"]
)
def test_reading_of_every_kind_is_allowed(root: Path, statement: str) -> None:
    assert len(query(root, statement))


def test_the_command_prints_a_table_or_csv(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = "SELECT arm, sum(value) AS total FROM metrics WHERE experiment = 'one' GROUP BY arm ORDER BY arm"
    assert main(["--store", str(root), asked]) == 0
    assert capsys.readouterr().out.split() == ["arm", "total", "a", "15.0", "b", "75.0"]
    main(["--store", str(root), "--csv", asked])
    assert capsys.readouterr().out == "arm,total\na,15.0\nb,75.0\n"


@pytest.mark.parametrize(
    ("library", "extra", "argv"),
    [
        ("duckdb", "query", ["query", "SELECT 1"]),
        ("optuna", "optimise", ["optimise", "policy=balanced", "over=policy.staffing.*"]),
    ],
)
def test_a_missing_library_is_one_sentence(library: str, extra: str, argv: list[str], root: Path) -> None:
    code = (
        f"import sys; sys.modules['{library}'] = None\n"
        "from sim.command.main import main; raise SystemExit(main(sys.argv[1:]))"
    )
    words = [*argv, "--store", str(root)] if extra == "query" else argv
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    hint = f".venv/bin/pip install -c constraints.txt -e '.[{extra}]'"
    assert done.returncode == 2 and f"{hint} in the project's folder" in done.stderr and f"`{hint}`" in readme
    assert len(done.stderr.strip().splitlines()) == 1
