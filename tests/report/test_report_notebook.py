"""What a notebook shows: short, escaped, the verdict in the words of the report."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd

from sim import Comparison, load_scenario, simulate


def test_a_run_shows_who_was_there_and_its_tables() -> None:
    run = simulate(load_scenario("size=small", "horizon_months=12"), seed=3)
    html = run._repr_html_()
    assert f"{len(run.customers):,} candidates" in html
    assert f"{run.customers['won_days'].notna().sum():,} won" in html
    assert all(f">{name}<" in html and f">{len(table):,}<" in html for name, table in run.tables.items())
    assert len(html) < 4000 and "<script" not in html


def test_a_comparison_shows_its_verdict_in_words(folder: Path) -> None:
    rows = pd.read_parquet(folder / "comparison.parquet").to_dict("records")
    shown = {str(row["context"]): Comparison(**row)._repr_html_() for row in rows if row["role"] == "headline"}
    assert "Outcome focused does better than experience focused" in shown["outcomes_decide"]
    assert "cannot tell" in shown["both_matter"] and "does better" not in shown["both_matter"]


def test_names_are_escaped(folder: Path) -> None:
    row = pd.read_parquet(folder / "comparison.parquet").iloc[0].to_dict() | {"arm": "<b>x</b>"}
    assert "<b>" not in Comparison(**row)._repr_html_()


def test_showing_nothing_imports_no_report() -> None:
    code = "import sys, sim.simulation, sim.experiments.compare; assert 'sim.report' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
