"""docs/faults.md claims nothing that no test tries; tests/documents/test_pointers.py asks whether they exist."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


def test_every_fault_names_the_test_that_tries_it() -> None:
    rows = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    faults = [row for row in rows if len(row) == 4 and row[0] != "| fault"]
    assert len(faults) == 22
    assert [row[0] for row in faults if "`tests/" not in row[3]] == []
