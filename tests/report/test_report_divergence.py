"""The divergence sections: order of reading, sums that are exact, no word a number does not carry."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from builder import ARMS, write_result
from divergent import INDEX, add_divergence, frontier, reversal, set_tariff
from matplotlib.figure import Figure as Canvas

from sim import load_scenario, simulate
from sim.metrics.value import value
from sim.report import plot
from sim.report.blocks import Figure, Section
from sim.report.cashflow import net_cash_by_month
from sim.report.page import page, sections
from sim.report.result import read_result
from sim.report.sections import frontier as frontier_section
from sim.report.sections import incidence, ladders, left_out, quadrants, tariffs, worth
from sim.report.sections import reversal as reversal_section


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_divergence(write_result(tmp_path_factory.mktemp("rich") / "demo"))


@pytest.fixture(scope="module")
def built(rich: Path) -> list[Section]:
    return sections(read_result(rich))


def test_sections_come_in_the_order_of_reading(built: list[Section]) -> None:
    names = [section.name for section in built]
    wanted = ["answer", "frontier", "reversal", "ladders", "quadrants", "lead-time", "over-time", "incidence", "twins"]
    assert names[: len(wanted)] == wanted
    assert names[len(wanted) :][:2] == ["retention", "tenure"] and names[-1] == "remake"


def test_a_ladder_that_cannot_be_climbed_says_why() -> None:
    """Only where the row that names the term is there."""
    columns = ["context", "arm", "replication", "metric", "view", "segment", "time_days", "value", "n"]
    nan = float("nan")
    rows = [
        (place, "a", r, "predictive_ladder_level", "truth", rung, nan, nan, 0)
        for place, rung in (("embedded", "hidden_by_breadth_of_use"), ("embedded", "decision"), ("plain", "decision"))
        for r in range(2)
    ]
    result: Any = SimpleNamespace(metrics=pd.DataFrame(rows, columns=columns))
    (said,) = ladders.hidden(result)
    assert "embedded" in said and "plain" not in said and "breadth of use" in said
    result.metrics = result.metrics[result.metrics["segment"] == "decision"]
    assert ladders.hidden(result) == []


def test_every_figure_asks_answers_and_is_told(built: list[Section], rich: Path) -> None:
    figures = [block for section in built for block in section.blocks if isinstance(block, Figure)]
    assert len({figure.name for figure in figures}) == len(figures) == 13
    for figure in figures:
        assert figure.question.endswith("?") and len(figure.alt) > 60 and figure.table.rows
        assert "nan" not in figure.alt and not any("nan" in (cell or "") for row in figure.table.rows for cell in row)
    html = page(read_result(rich))
    assert len(html.encode()) < 1_000_000
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_what_has_no_numbers_is_named_in_one_line(folder: Path, rich: Path) -> None:
    found = left_out.section(read_result(folder))
    assert found is not None
    (note,) = found.blocks
    for words in ("rank reversal", "ladders", "happy leavers", "lead time", "over time", "cause", "twins"):
        assert words in note.text  # type: ignore[union-attr]
    rest = left_out.section(read_result(rich))
    assert rest is not None and "twins" not in rest.blocks[0].text  # type: ignore[union-attr]


def test_steps_of_the_ladder_add_up_over_whole_replications(rich: Path) -> None:
    table = ladders.rungs(read_result(rich), ladders.LADDERS[0])
    assert set(table["replications"]) == {5}, "the replication without respondents must not count"
    for _, rows in table.groupby(["context", "arm"]):
        assert list(rows["rung"]) == list(INDEX)
        assert rows["level"].iloc[0] + np.nansum(rows["step"]) == pytest.approx(rows["level"].iloc[-1])


def test_a_cause_nobody_named_counts_as_zero(rich: Path) -> None:
    table = incidence.points(read_result(rich), 24)
    said = table[(table["label"] == "price") & (table["series"] == "what leavers say")]
    assert said["mean"].tolist() == pytest.approx([100 * 0.12 / 6] * len(said))


@pytest.mark.parametrize(("low", "costly"), [(100.0, True), (-100.0, False)])
def test_a_loss_is_worded_only_where_its_interval_leaves_zero(
    rich: Path, tmp_path: Path, low: float, costly: bool
) -> None:
    folder = add_divergence(write_result(tmp_path / "r"))
    reversal(low).to_parquet(folder / "reversal.parquet")
    found = reversal_section.section(read_result(folder))
    assert found is not None
    text = found.blocks[0].text.replace("\N{NO-BREAK SPACE}", " ")  # type: ignore[union-attr]
    assert ("loses 500 EUR per candidate in “outcomes decide”" in text) is costly
    assert ("every interval contains zero" in text) is not costly


def test_odds_come_from_the_counts_of_all_replications(rich: Path) -> None:
    found = quadrants.section(read_result(rich))
    assert found is not None
    odds = found.tables()[1]
    assert len(odds.rows) == 6
    for row in odds.rows:
        assert float(str(row[1]).split("\n")[0]) > 1.0, "reached leave less in the synthetic counts"


def test_an_arm_in_which_nobody_decides_has_no_odds(rich: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nobody"
    shutil.copytree(rich, folder)
    metrics = pd.read_parquet(folder / "metrics.parquet")
    nobody = metrics["metric"].eq("leaving_share") & metrics["segment"].ne("happy_reached")
    metrics.loc[nobody, ["value", "n"]] = [np.nan, 0]
    metrics[~(metrics["metric"].eq("leaving_share") & ~nobody)].to_parquet(folder / "metrics.parquet")
    found = quadrants.section(read_result(folder))
    assert found is not None
    assert {row[1] for row in found.tables()[1].rows} == {"too few"}


def test_the_frontier_says_where_it_turns_and_where_it_does_not(built: list[Section]) -> None:
    (found,) = [section for section in built if section.name == "frontier"]
    (table,) = found.tables()
    assert [row[-1] for row in table.rows] == ["0.50 (0.30 to 0.70)", *["no turning point on this grid"] * 2]


def test_a_frontier_for_each_setting(tmp_path: Path) -> None:
    """Two settings with three levels each share a figure; one with two levels is a straight line's guess."""
    folder = write_result(tmp_path / "settings")
    for name, table in zip(("frontier", "flips"), frontier(), strict=True):
        few = table[table["level"] != 0.9] if name == "frontier" else table
        parts = [table.assign(context="early"), table.assign(context="late"), few.assign(context="short")]
        pd.concat(parts).to_parquet(folder / f"{name}.parquet")
    found = frontier_section.section(read_result(folder))
    assert found is not None
    (table,) = found.tables()
    assert [str(row[0]).rpartition(", ")[2] for row in table.rows] == ["early"] * 3 + ["late"] * 3


def test_tariffs_are_shown_where_one_is_not_the_reference(tmp_path: Path) -> None:
    folder = write_result(tmp_path / "t")
    assert tariffs.section(read_result(folder)) is None
    for context in read_result(folder).contexts:
        set_tariff(folder, context, ARMS[0], "seat_subscription", 1.0)
        set_tariff(folder, context, ARMS[1], "usage_based", 1.37)
    found = tariffs.section(read_result(folder))
    assert found is not None
    (table,) = found.tables()
    assert table.rows[0] == ("tariff", "seat subscription", "usage based")
    assert table.rows[2][2] == "100.0\N{NO-BREAK SPACE}%" and table.rows[-1] == ("level", "1", "1.37")


def test_the_course_of_value_ends_at_the_decision_metric() -> None:
    run = simulate(load_scenario("size=small", "candidates_share=0.1"), seed=5)
    table = value(run, acquisition_accounts=("spend_marketing", "spend_sales"))
    wanted = table.loc[(table["metric"] == "net_cash_per_candidate") & (table["segment"] == "all"), "value"].item()
    numbers, course = net_cash_by_month(run)
    assert numbers.tolist() == [0] and course.shape == (1, 61)
    assert course[0, -1] == pytest.approx(wanted)
    assert course[0, 0] == 0.0
    nobody = replace(run, customers=run.customers.iloc[:0])
    assert net_cash_by_month(nobody)[0].tolist() == [0] and np.isnan(net_cash_by_month(nobody)[1]).all()


def test_the_course_of_value_is_called_the_decision_metric_only_where_it_is(rich: Path) -> None:
    result = read_result(rich)
    assert worth.ends_at(result) == "the decision metric itself"
    other = replace(result, config={**result.config, "decision_metric": "net_earned_by_48"})
    assert worth.ends_at(other) == "net cash per candidate, not the decision metric here (net earned at 48 months)"


def test_new_plots_return_axes_and_accept_them(rich: Path) -> None:
    result = read_result(rich)
    twins, table = result.extra("twins"), result.extra("reversal")
    assert twins is not None and table is not None
    rungs = ladders.rungs(result, ladders.LADDERS[0])
    first = rungs[(rungs["context"] == "both_matter") & (rungs["arm"] == ARMS[0])]
    points = pd.DataFrame(
        {"arm": ["a"] * 3, "months": [0, 12, 24], "mean": [1, 2, 3], "low": [0, 1, 2], "high": [2, 3, 4]}
    )
    lead = points.assign(series="outcome", observed=[False, True, True])
    causes = points.assign(label=["x", "y", "z"], series="left")
    calls = (
        lambda ax: plot.regret(table[table["context"] == "both_matter"], "EUR", ax=ax),
        lambda ax: plot.waterfall(first, ax=ax),
        lambda ax: plot.course(points, ax=ax),
        lambda ax: plot.lead_time(lead, ax=ax),
        lambda ax: plot.dots(causes, list(quadrants.SERIES.values()), ax=ax),
        lambda ax: plot.frontier(*(one[one["quantity"] == "predictive_gap"] for one in frontier()), ax=ax),
        lambda ax: plot.fates(twins[twins["context"] == "both_matter"], ax=ax),
    )
    for call in calls:
        mine = Canvas().subplots()
        assert call(mine) is mine
        assert call(None).figure is not mine.figure
