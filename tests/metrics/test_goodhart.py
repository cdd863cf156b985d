"""Divergence 6: the association of a metric with the truth, before and after it is the target, arm against twin."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from handmade import Handmade, count_of, standard_normals, value_of
from labkit import changed, shipped, standard_errors

from sim.checks import InputError
from sim.metrics.goodhart import goodhart
from sim.metrics.scores import scores
from sim.scenario import Scenario
from sim.simulation import simulate
from sim.statements.goodhart import goodhart as lines_of
from sim.units import days


def answers(noise_after: float, lift_after: float = 0.0, people: int = 400) -> Handmade:
    """Value V and answer V + noise; after month 12 other noise, and a lift of what is fielded."""
    tables = Handmade(60)
    for wave in (3, 6, 15, 18):
        late = wave > 12
        value, noise = (standard_normals(people, 10 * wave + part) for part in range(2))
        spread = noise_after if late else 0.5
        for customer in range(people):
            tables.wave(
                days(wave), customer, value=value[customer], true_answer=value[customer] + 8.0,
                answer=value[customer] + 8.0 + spread * noise[customer], answered=True, audit_answered=True,
                gamed=lift_after if late else 0.0,
            )  # fmt: skip
    for customer in range(people):
        tables.customer(customer, won=0.0, hold_out=customer < 40)
    return tables


def read(tables: Handmade) -> pd.DataFrame:
    return goodhart(tables.run(), from_months=12.0, instrument="nps")


def test_association_is_the_correlation_with_value() -> None:
    """corr(V, V + N(0, sd)) = 1 / sqrt(1 + sd^2): .894 at sd .5, .447 at sd 2, 800 answers each."""
    frame = read(answers(noise_after=2.0))
    for metric, exact in (("metric_truth_before", 1 / math.sqrt(1.25)), ("metric_truth", 1 / math.sqrt(5.0))):
        error = (1.0 - exact**2) / math.sqrt(800)
        assert value_of(frame, metric, "fielded") == pytest.approx(exact, abs=4 * error)
    shift = value_of(frame, "metric_truth", "fielded") - value_of(frame, "metric_truth_before", "fielded")
    assert value_of(frame, "metric_truth_shift", "fielded") == pytest.approx(shift)
    assert value_of(frame, "metric_truth_shift", "truth") == pytest.approx(0.0, abs=1e-9)
    assert count_of(frame, "metric_truth", "fielded") == 800
    assert count_of(frame, "metric_truth", "fielded", "hold_out") == 80


def test_a_lift_inflates_what_is_fielded_and_not_the_audit() -> None:
    frame = read(answers(noise_after=0.5, lift_after=1.5))
    own, audit = (value_of(frame, "metric_inflation_shift", view) for view in ("fielded", "respondents"))
    assert own - audit == pytest.approx(1.5)
    assert value_of(frame, "metric_truth_shift", "fielded") == pytest.approx(
        value_of(frame, "metric_truth_shift", "respondents")
    )


def test_dashboards_show_the_gamed_answer_and_the_audit_the_plain_one() -> None:
    tables = Handmade(60)
    tables.wave(10.0, 1, answer=8.0, true_answer=8.0, answered=True, gamed=2.0)
    frame = scores(tables.run(), csat_satisfied_from=4)
    assert (value_of(frame, "nps", "fielded"), value_of(frame, "nps", "respondents")) == (100.0, 0.0)


def long(shifts: dict[str, list[float]]) -> pd.DataFrame:
    rows = [
        (arm, metric, view, "all", replication, value, 10)
        for arm, values in shifts.items()
        for replication, value in enumerate(values)
        for view in ("fielded", "respondents")
        for metric in ("metric_truth", "metric_truth_before", "metric_truth_shift", "metric_inflation_shift")
    ]
    columns = ["arm", "metric", "view", "segment", "replication", "value", "n"]
    return pd.DataFrame(rows, columns=columns).assign(context="here")


def test_the_statement_pairs_arm_and_twin() -> None:
    """Twin 0, .1, .2; arm lower by .3 on average with spread .1: -.300 +- 4.303 x .0577 (t on 2 df)."""
    lines = lines_of(long({"twin": [0.0, 0.1, 0.2], "paid": [-0.2, -0.2, -0.2]}), twin="twin")
    assert len(lines) == 2
    assert lines[0].startswith("goodhart here paid all fielded ")
    assert "divergence_6=-0.300[-0.548,-0.052]" in lines[0]
    with pytest.raises(InputError, match="twin"):
        lines_of(long({"paid": [0.0]}), twin="nobody")


SMALL = ("candidates_share=0.25", "horizon_months=30")
RUNS = 9


def inflation(scenario: Scenario) -> np.ndarray:
    """metric_inflation_shift of the fielded NPS, per replication (nan where nobody was there before the start)."""
    read = (goodhart(simulate(scenario, 41, r), from_months=9, instrument="nps") for r in range(RUNS))
    return np.array([value_of(frame, "metric_inflation_shift", "fielded") for frame in read])


def test_a_paid_for_metric_parts_from_the_truth_only_where_it_is_gamed() -> None:
    """Inflation by gaming beyond 4 standard errors; the same pay where nobody games, within them."""
    twin = inflation(shipped(*SMALL))
    paid = (shipped(*SMALL, "policy/steering=on_nps", f"world/incentives={name}") for name in ("gaming", "absent"))
    gamed, honest = (inflation(changed(s, {"policy.steering.incentive": 1.0})) - twin for s in paid)
    told = np.isfinite(gamed)
    assert told.sum() >= 5
    assert standard_errors(gamed[told]) > 4.0
    assert abs(standard_errors(honest[told])) < 4.0
