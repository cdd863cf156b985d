"""Leaving by cause as metrics: what was, beside what is said."""

from __future__ import annotations

import math

import numpy as np
import pytest
from handmade import Handmade, count_of, value_of

from sim.metrics.causes import incidence_weights
from sim.metrics.incidence import incidence
from sim.metrics.survival import cumulative_incidence, level_at
from sim.units import days


def leavers() -> Handmade:
    """Ten customers; five end at month 12: jointly, for outcome (told as price), by chance, unpaid, cancelled."""
    tables = Handmade(48)
    causes = {0: "experience+outcome", 1: "outcome", 2: "chance", 3: "involuntary"}
    told = {0: "outcome", 1: "price", 2: "price"}
    for customer in range(10):
        tables.customer(customer, won=0.0, end=days(12) if customer < 5 else math.nan)
    for customer, cause in causes.items():
        tables.event(days(12), "churned", customer, detail=cause)
    for customer, said in told.items():
        tables.event(days(12), "exit_largest", customer, detail="outcome")
        tables.event(days(12), "exit_stated", customer, detail=said)
    tables.event(days(12), "implementation_cancelled", 4, detail="decided")
    return tables


def test_causes_beside_what_is_said() -> None:
    frame = incidence(leavers().run(), months=(12,))
    name = "left_by_cause_12"
    assert value_of(frame, name, "truth", "total") == pytest.approx(0.5)
    assert value_of(frame, name, "stated", "total") == pytest.approx(0.5)
    assert value_of(frame, name, "truth", "any_outcome") == pytest.approx(0.2)
    assert value_of(frame, name, "truth", "any_experience") == pytest.approx(0.1)
    assert value_of(frame, name, "truth", "experience+outcome") == pytest.approx(0.1)
    assert value_of(frame, name, "stated", "price") == pytest.approx(0.2)
    assert value_of(frame, name, "truth", "any_price") == 0.0
    assert value_of(frame, name, "truth", "cancelled_before_go-live") == pytest.approx(0.1)
    assert count_of(frame, name, "truth", "total") == 10
    assert value_of(frame, "stated_cause_right", "stated", "leavers") == 0.5
    assert value_of(frame, "left_by_chance", segment="leavers") == pytest.approx(1 / 3)


@pytest.mark.parametrize("seed", range(3))
def test_one_pass_equals_aalen_johansen(seed: int) -> None:
    rng = np.random.default_rng(seed)
    duration, cause = np.round(rng.exponential(24.0, 400)), rng.integers(0, 4, 400)
    weights = incidence_weights(duration, cause > 0)
    for of in (1, 2, 3):
        curve = cumulative_incidence(duration, cause, of)
        for month in (6.0, 12.0, 48.0):
            found = weights[(cause == of) & (duration <= month)].sum()
            assert found == pytest.approx(level_at(curve, month), abs=1e-12)


def test_censoring_rivals_would_overstate_a_cause() -> None:
    """Negative control: one minus Kaplan-Meier of one cause alone is more than its incidence."""
    rng = np.random.default_rng(1)
    duration, cause = rng.exponential(24.0, 2000), rng.integers(1, 3, 2000)
    right = incidence_weights(duration, np.ones(2000, dtype=bool))[cause == 1].sum()
    wrong = incidence_weights(duration, cause == 1).sum()
    assert right == pytest.approx((cause == 1).mean())
    assert wrong > right + 0.2
