"""Readings meet the next decision of their own contract; who counts in which pairing; the curve over leads."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from handmade import Handmade, count_of, value_of

from sim.metrics.divergence import divergence, gap
from sim.metrics.prediction import decisions, moments, readings
from sim.units import days


def one_decision(*waves: tuple[float, float]) -> Handmade:
    """A customer who renews at month 12, read in these (month, experience)."""
    tables = Handmade(60)
    tables.customer(1, won=0.0)
    tables.event(days(12), "renewed", 1, occurrence=1)
    for occurrence, (month, experience) in enumerate(waves):
        tables.wave(days(month), 1, occurrence=occurrence, experience=experience)
    return tables


def test_the_lead_is_counted_from_the_reading_and_nothing_is_read_across_a_decision() -> None:
    run = one_decision((3, 0.1), (9, 0.2)).run()
    assert readings(run, days(1)).lead_days.tolist() == pytest.approx([days(3)])
    assert readings(run, days(3)).experience.tolist() == [0.2], "exactly the lead is early enough"
    assert readings(run, days(3) + 0.01).experience.tolist() == [0.1]
    later = one_decision((11, 0.1))
    later.event(days(24), "churned", 1, occurrence=2, detail="chance")
    assert readings(later.run(), 0.0).decision.tolist() == [0], "the second term was never read"


def test_readings_join_the_answer_of_the_same_moment_and_contract() -> None:
    tables = Handmade(60)
    tables.customer(1, won=0.0)
    for contract, month, measured in ((1, 3, 0.3), (2, 30, 0.7)):
        told = {"contract": contract, "occurrence": 70_000 + contract % 2, "trigger": "contact_end"}
        tables.wave(days(month), 1, **told)
        tables.wave(days(month), 1, "outcome_reading", answer=measured, audit_answered=False, answered=True, **told)
    tables.wave(days(31), 1, trigger="contact_end", contract=2, occurrence=5)
    seen = moments(tables.run(), "contact_end")
    assert seen.measured[:2].tolist() == [0.3, 0.7]
    assert math.isnan(seen.measured[2])
    assert seen.obtained.tolist() == [True, True, False], "bought by the organisation, not by the audit"
    assert not seen.measured_for_audit.any()


def four_kinds(seed: int = 3, customers: int = 400) -> Handmade:
    """Scores and readings given by addressed coin tosses of their own; experience alone decides."""
    rng, tables = np.random.default_rng(seed), Handmade(60)
    for i in range(customers):
        e, asked = rng.normal(), rng.random(4) < 0.5
        tables.customer(i, won=0.0, hold_out=i % 10 == 0)
        for occurrence, month in enumerate((2, 5, 8)):
            tables.wave(days(month), i, occurrence=occurrence, experience=e, answer=e, answered=asked[0],
                        invited=True, audit_answered=asked[1])  # fmt: skip
            if month > 2 or i % 2:
                tables.wave(days(month), i, "outcome_reading", occurrence=occurrence, answer=rng.random(),
                            answered=asked[2], audit_answered=asked[3])  # fmt: skip
        stays = rng.random() < 1 / (1 + math.exp(-1 - e))
        tables.event(days(12), "renewed" if stays else "churned", i, detail="" if stays else "chance")
    return tables


def test_observed_counts_only_decisions_with_a_given_answer_and_an_obtained_reading() -> None:
    run = four_kinds().run()
    read = readings(run, 0.0)
    frame = divergence(run, lead_days=0.0, curve_months=())
    asked = run.surveys[run.surveys["time_days"] == days(8)].sort_values(["customer", "instrument"])
    score, taken = (asked[asked["instrument"] == name] for name in ("nps", "outcome_reading"))
    both = score["answered"].to_numpy() & (taken["answered"].to_numpy() | taken["audit_answered"].to_numpy())
    audit = score["audit_answered"].to_numpy() & taken["audit_answered"].to_numpy()
    assert count_of(frame, "predictive_gap", "observed") == both.sum() == gap(read, "observed").n
    assert count_of(frame, "predictive_gap", "respondents") == audit.sum()
    assert count_of(frame, "predictive_gap", "truth") == 400
    for view in ("truth", "surveyed", "respondents", "observed"):
        parts = [count_of(frame, "predictive_gap", view, segment) for segment in ("hold_out", "treated")]
        assert sum(parts) == count_of(frame, "predictive_gap", view)
        assert value_of(frame, "auc_experience", view) > 0.6, "experience decides"
        assert value_of(frame, "auc_outcome", view) == pytest.approx(0.5, abs=0.12), "noise decides nothing"


def test_the_curve_follows_the_same_decisions_and_says_what_was_not_reached() -> None:
    tables = four_kinds()
    tables.customer(999, won=0.0)
    tables.wave(days(11), 999)
    tables.event(days(12), "renewed", 999)
    frame = divergence(tables.run(), lead_days=0.0, curve_months=(0, 6, 11))
    assert count_of(frame, "predictive_gap", "truth") == 401
    curve = frame[(frame["metric"] == "predictive_gap_by_lead") & (frame["view"] == "truth")]
    assert curve["n"].tolist() == [400, 400, 0], "the late reader is in none, and nobody was read that early"
    assert curve["time_days"].tolist() == pytest.approx([0.0, days(6), days(11)])
    assert math.isnan(curve["value"].iloc[2])
    assert curve["value"].iloc[0] == pytest.approx(curve["value"].iloc[1]), "experience never moved here"


def test_no_involuntary_end_enters_and_pooled_replications_never_mix() -> None:
    run = four_kinds(customers=60).run()
    single = decisions(run)
    second = {name: frame.assign(replication=1).astype({"replication": "int32"}) for name, frame in run.tables.items()}
    both = {name: pd.concat([frame, second[name]], ignore_index=True) for name, frame in run.tables.items()}
    pooled = type(run)(**both, windows=run.windows, discount_rate_per_year=0.0, kernel_events=0)
    assert decisions(pooled).time.size == 2 * single.time.size
    assert gap(readings(pooled, 0.0), "truth").value == pytest.approx(gap(readings(run, 0.0), "truth").value)
