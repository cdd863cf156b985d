"""The section on settling: what to copy, what has no level, and what has settled too late."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builder import write_result
from matplotlib.figure import Figure as Canvas

from sim.experiments.steady_state import Reading, Settled
from sim.report.blocks import Figure, Note
from sim.report.result import read_result
from sim.report.sections.steady_state import section

NAN = math.nan
NO_LEVEL = (NAN, NAN, NAN, 6)
ONE, OTHER = ("both_matter", "outcome_focused"), ("both_matter", "experience_focused")
SAID = (
    Settled(*ONE, "monthly_customers", "reached", 20.0, 15.0, 25.0, 1.0, 50.0, 48.0, 52.0, 6),
    Settled(*OTHER, "monthly_customers", "not_reached", NAN, 10.0, math.inf, 0.5, *NO_LEVEL),
    Settled(*ONE, "monthly_logo_churn", "late", 35.0, 5.0, 40.0, 1.0, 0.02, 0.018, 0.022, 6),
    Settled(*OTHER, "monthly_logo_churn", "too_short", NAN, math.inf, math.inf, 0.0, *NO_LEVEL),
)


@pytest.fixture(scope="module")
def settled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_result(tmp_path_factory.mktemp("settled") / "demo")
    course = [
        Reading(*row[:3], float(month), value := 50.0 * (1.0 - np.exp(-month / 9.0)), value)
        for row in SAID
        for month in range(1, 121)
    ]
    for name, rows in (("steady_state", SAID), ("steady_course", course)):
        pd.DataFrame(rows, columns=list(rows[0]._fields)).to_parquet(folder / f"{name}.parquet")
    return folder


def test_the_section_says_what_to_copy_and_what_not_to_believe(settled_folder: Path) -> None:
    found = section(read_result(settled_folder))
    assert found is not None
    lead, caution = [block.text for block in found.blocks if isinstance(block, Note)]
    assert "metrics.steady_state.warm_up_months=35" in lead and "35 months (contracts ended a month" in lead
    assert "2 of 4 series have not settled" in lead
    assert caution.startswith("Settled late") and "contracts ended a month" in caution and "customers" not in caution
    (figure,) = [block for block in found.blocks if isinstance(block, Figure)]
    rows = {row[:2]: row[2:] for row in figure.table.rows}
    label = "both matter \N{MIDDLE DOT} {}".format
    assert rows["customers", label("experience focused")] == ("not reached", "10 to not reached", "50.0\xa0%", "", "")
    assert rows["customers", label("outcome focused")][0] == "20 months"
    assert "experience focused: not reached" in figure.alt and "too few readings" in figure.alt


def test_a_warm_up_that_was_set_is_named(settled_folder: Path) -> None:
    result = read_result(settled_folder)
    result.config["metrics"] = {"steady_state": {"warm_up_months": 40.0}}
    found = section(result)
    assert found is not None and isinstance(found.blocks[0], Note)
    lead = found.blocks[0].text
    assert "by their means after 40 months, as set" in lead and "With metrics" not in lead


def test_the_figure_says_in_words_who_has_not_settled(settled_folder: Path) -> None:
    """One panel per series; a dashed cut for who settled, words for who did not; both sizes can be drawn."""
    found = section(read_result(settled_folder))
    assert found is not None
    (figure,) = [block for block in found.blocks if isinstance(block, Figure)]
    for size in (figure.wide, figure.narrow):
        canvas = Canvas(figsize=size, layout="constrained")
        figure.draw(canvas)
        customers, churn = canvas.axes
        assert [text.get_text() for text in customers.texts] == ["not reached: experience focused"]
        assert [text.get_text() for text in churn.texts] == ["too few readings: experience focused"]
        cuts = [line.get_xdata()[0] for line in customers.lines if len(line.get_xdata()) == 2]
        assert cuts == [20.0]


def test_without_the_series_there_is_no_section(folder: Path) -> None:
    assert section(read_result(folder)) is None
