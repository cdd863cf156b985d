"""Causes of churn and the cohort triangle."""

from __future__ import annotations

import math

import pytest
from handmade import Handmade, value_of

from sim.metrics.causes import CANCELLED, causes
from sim.metrics.cohorts import cohort_triangle
from sim.metrics.retention import retention
from sim.units import days


def leavers() -> Handmade:
    """Ten customers: one cannot pay, two leave for outcome (one says price), one cancels, one is seen for 20 months."""
    tables = Handmade(48)
    ends = {0: 12, 1: 12, 2: 24, 3: 2}
    for customer in range(10):
        won = days(28) if customer == 9 else 0.0
        tables.customer(customer, won=won, end=days(ends[customer]) if customer in ends else math.nan)
    tables.event(days(12), "churned", 0, detail="involuntary")
    for customer, said in ((1, "outcome"), (2, "price")):
        at = days(ends[customer])
        tables.event(at, "churned", customer, detail="outcome")
        tables.event(at, "exit_largest", customer, detail="outcome")
        tables.event(at, "exit_stated", customer, detail=said)
    tables.event(days(2), "implementation_cancelled", 3, detail="decided")
    tables.event(days(40), "churned", 1, contract=2, detail="price")
    return tables


def test_incidence_by_cause_beside_what_is_said() -> None:
    table = causes(leavers().run(), (12, 24)).set_index(["source", "cause", "months"])["share"]
    assert table["but_for", "involuntary", 12.0] == pytest.approx(0.1)
    assert table["but_for", "outcome", 24.0] == pytest.approx(0.1 + 0.7 / 6), "six are at risk, one is censored at 20"
    assert table["stated", "outcome", 24.0] == pytest.approx(0.1)
    assert table["stated", "price", 24.0] == pytest.approx(0.7 / 6)
    assert table["largest_term", CANCELLED, 12.0] == pytest.approx(0.1)


def test_causes_add_up_to_what_retention_lost() -> None:
    run = leavers().run()
    frame = retention(run, months=(12, 24), base_months=1, rate_months=1)
    shares = causes(run, (12, 24)).groupby(["source", "months"])["share"].sum()
    for source in ("but_for", "largest_term", "stated"):
        for month in (12, 24):
            lost = 1 - value_of(frame, f"logo_retention_{month}")
            assert shares[source, float(month)] == pytest.approx(lost)


def test_triangle_shows_only_what_the_whole_cohort_reached() -> None:
    table = cohort_triangle(leavers().run(), 12.0).set_index(["cohort_months", "tenure_months"])
    assert table.loc[(0.0, 0.0), "alive"] == 9 + 0
    assert table.loc[(0.0, 12.0), "alive"] == 6
    assert table.loc[(0.0, 24.0), "alive"] == 5
    assert (0.0, 48.0) not in table.index
    assert table.loc[(24.0, 12.0), "signed"] == 1
