"""Which of experience and outcome foretells a decision: right pairs of readings and decisions, right signs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from handmade import Handmade, count_of, value_of

from sim.metrics.divergence import divergence, readings
from sim.units import days


def measured(tables: Handmade, lead_days: float = 0.0):
    return divergence(tables.run(), lead_days=lead_days, curve_months=(0, 3, 6))


def test_each_decision_meets_the_last_wave_of_its_own_term() -> None:
    tables = Handmade(60)
    tables.customer(1, won=0.0, hold_out=True)
    for month, experience in ((3, 0.1), (9, 0.2), (12, 0.3), (21, 0.4), (24.5, 0.5)):
        tables.wave(days(month), 1, experience=experience)
        tables.wave(days(month), 1, "csat", experience=99.0)
    tables.event(days(12), "renewed", 1, occurrence=1)
    tables.event(days(24), "churned", 1, occurrence=2, detail="price")
    read = readings(tables.run(), 0.0)
    assert read.experience.tolist() == [0.2, 0.4], "the wave on the decision day itself is not before it"
    assert read.renewed.tolist() == [True, False]
    assert read.held_out.tolist() == [True, True]
    assert readings(tables.run(), days(4)).experience.tolist() == [0.1, 0.3]
    assert readings(tables.run(), days(10)).experience.tolist() == [0.3]


def test_failed_payments_and_other_contracts_are_left_out() -> None:
    tables = Handmade(60)
    for customer, detail in ((1, "involuntary"), (2, "outcome")):
        tables.customer(customer, won=0.0)
        tables.wave(days(9), customer, experience=0.5)
        tables.event(days(12), "churned", customer, detail=detail)
    tables.event(days(30), "renewed", 2, contract=2)
    assert readings(tables.run(), 0.0).renewed.tolist() == [False]


def logit_world(experience: float, outcome: float, seed: int, customers: int = 3000) -> Handmade:
    """One decision each by logistic(2 + experience E + outcome O), E and O correlated .3."""
    rng, tables = np.random.default_rng(seed), Handmade(60)
    e = rng.normal(size=customers)
    o = 0.3 * e + math.sqrt(1 - 0.09) * rng.normal(size=customers)
    stays = rng.random(customers) < 1 / (1 + np.exp(-(2 + experience * e + outcome * o)))
    for i in range(customers):
        tables.customer(i, won=0.0, hold_out=i % 10 == 0)
        tables.wave(days(9), i, experience=e[i], perceived_outcome=o[i], true_answer=e[i], answer=e[i],
                    audit_answered=i % 4 == 0)  # fmt: skip
        tables.wave(days(9), i, "outcome_reading", answer=o[i], audit_answered=i % 8 == 0)
        tables.event(days(12), "renewed" if stays[i] else "churned", i, detail="" if stays[i] else "chance")
    return tables


def test_the_gap_has_the_sign_of_what_decides_and_none_when_both_do() -> None:
    """Ten replications each, 4 SE; the mirror of a world has the mirrored gap."""
    gaps = {}
    for weights in ((1.5, 0.0), (0.75, 0.75), (0.0, 1.5)):
        found = [value_of(measured(logit_world(*weights, seed)), "predictive_gap") for seed in range(10)]
        gaps[weights] = (float(np.mean(found)), float(np.std(found, ddof=1) / math.sqrt(10)))
    assert gaps[1.5, 0.0][0] > 4 * gaps[1.5, 0.0][1]
    assert gaps[0.0, 1.5][0] < -4 * gaps[0.0, 1.5][1]
    assert abs(gaps[0.75, 0.75][0]) <= 4 * gaps[0.75, 0.75][1]
    both = gaps[1.5, 0.0][0] + gaps[0.0, 1.5][0]
    assert abs(both) <= 4 * math.hypot(gaps[1.5, 0.0][1], gaps[0.0, 1.5][1])


def test_views_and_segments_count_their_own() -> None:
    frame = measured(logit_world(1.5, 0.0, 1))
    assert count_of(frame, "auc_experience", segment="hold_out") == 300
    assert count_of(frame, "auc_experience", segment="treated") == 2700
    assert count_of(frame, "corr_nps_renewal", "respondents") == 750
    assert value_of(frame, "corr_nps_renewal", "truth") == pytest.approx(0.4468, abs=0.05)
    assert count_of(frame, "auc_outcome", "respondents") == 375, "answered and measured at the same wave"
    for view in ("truth", "respondents"):
        gap = value_of(frame, "auc_experience", view) - value_of(frame, "auc_outcome", view)
        assert value_of(frame, "predictive_gap", view) == pytest.approx(gap)
        assert gap > 0.1


def test_no_decisions_no_number() -> None:
    tables = Handmade(60)
    tables.customer(1, won=0.0)
    tables.wave(days(3), 1)
    frame = measured(tables)
    assert math.isnan(value_of(frame, "predictive_gap"))
    assert count_of(frame, "predictive_gap") == 0
