"""Definitions that another family computes too: the same number; and what each definition says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from handmade import value_of
from numbers_of_definitions import measured

from sim.build import load_scenario
from sim.metrics.definitions import METRICS
from sim.metrics.long import measure
from sim.simulation import simulate
from sim.tables import canonical_run, concatenate, single_runs

SAME = {
    ("nrr", "first_year_base"): ("nrr_12", "truth"),
    ("grr", "first_year_base"): ("grr_12", "truth"),
    ("ltv", "realised"): ("ltv_per_won", "truth"),
    ("ltv", "with_tail"): ("ltv_with_tail_per_won", "truth"),
    ("cac", "candidate_cohort"): ("cac", "truth"),
    ("payback", "on_margin"): ("payback_months", "truth"),
    ("ttv", "median_of_all"): ("ttv_median_days", "truth"),
    ("ttv", "mean_of_attainers"): ("ttv_mean_days_conditional", "truth"),
    ("activation", "of_all"): ("ttv_share", "truth"),
    ("ttr", "median_calendar"): ("ttr_median_hours", "calendar"),
    ("ttr", "median_business"): ("ttr_median_hours", "business"),
    ("ttr", "mean_with_limit"): ("ttr_mean_hours", "calendar"),
    ("nps", "respondents"): ("nps", "respondents"),
    ("nps", "surveyed"): ("nps", "surveyed"),
    ("nps", "everybody"): ("nps", "truth"),
    ("nps", "fielded"): ("nps", "fielded"),
}


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("metrics=[value,retention,service,scores,definitions]", "candidates_share=0.3",
                         "policy=outcome_focused", "pricing=usage_based")  # fmt: skip


@pytest.fixture(scope="module")
def run(scenario):
    return canonical_run(simulate(scenario, 31, 0))


def test_what_two_families_compute_is_the_same_number(scenario, run) -> None:
    frame = measure(run, scenario.metrics)
    for (metric, definition), (other, view) in SAME.items():
        expected = value_of(frame, other, view)
        assert value_of(frame, f"{metric}_defined", definition) == pytest.approx(expected, rel=1e-12), metric
    churned = value_of(frame, "churn_defined", "first_year")
    assert churned == pytest.approx(1 - value_of(frame, "logo_retention_12"))


def test_every_definition_has_a_value_and_the_definitions_differ(scenario, run) -> None:
    frame = measured(run)
    assert set(zip(frame["metric"], frame["view"], strict=True)) == {
        (metric.row_name, one.name) for metric in METRICS for one in metric.definitions
    }
    assert not frame["value"].isna().any()
    for metric in METRICS:
        distinct = frame.loc[frame["metric"] == metric.row_name, "value"].round(12).nunique()
        assert 2 * distinct >= len(metric.definitions), metric.name


def test_a_run_of_several_replications_falls_apart_into_its_own(scenario, run) -> None:
    other = canonical_run(simulate(scenario, 31, 1))
    parts = {name: concatenate([run.tables[name], other.tables[name]], schema) for name, schema in _schemas().items()}
    both = type(run)(**parts, windows=run.windows, discount_rate_per_year=run.discount_rate_per_year, kernel_events=0)
    found = dict(single_runs(both))
    assert list(found) == [0, 1]
    for number, single in ((0, run), (1, other)):
        assert measured(found[number]).equals(measured(single))


def _schemas():
    from sim.events import SCHEMAS

    return SCHEMAS


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_definitions_say_what_they_are(metric) -> None:
    names = [one.name for one in metric.definitions]
    assert len(set(names)) == len(names) and metric.definitions[0].departs_from == ""
    for position, one in enumerate(metric.definitions):
        assert one.formula and one.source, one.name
        assert bool(one.departs_from) == bool(one.change), one.name
        assert one.departs_from in ("", *names[:position]), f"{one.name} departs from what comes later"


def test_every_source_has_its_place_on_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1].strip() for row in page.splitlines() if row.startswith("| ")]
    listed = [name for name in rows if name != "source"]
    cited = {one.source for metric in METRICS for one in metric.definitions}
    for source in cited:
        assert source.startswith("this project") or any(name in source for name in listed), source
    assert [name for name in listed if not any(name in source for source in cited)] == []
