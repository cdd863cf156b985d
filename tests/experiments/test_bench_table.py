"""The table of `outcomelab bench` inside a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.checks import InputError
from sim.experiments.bench import MARKS, write_table


def test_rows_that_were_not_measured_stay(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{MARKS[0]}\n{MARKS[1]}\nafter\n", encoding="utf-8")
    write_table(page, {"draw_us": 0.5, "two_worker_speedup": 1.9})
    write_table(page, {"draw_us": 0.25, "bare": 3.0})
    before, *table, after = page.read_text(encoding="utf-8").splitlines()
    assert (before, after) == ("before", "after")
    assert table[3:-1] == [
        "| `draw_us` | 0.25 | <= 1 |",
        "| `bare` | 3 |  |",
        "| `two_worker_speedup` | 1.9 | >= 1.7 |",
    ]
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(InputError, match="marks"):
        write_table(page, {"draw_us": 0.5})
