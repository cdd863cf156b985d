"""NPS under every definition: who is asked, who answers, who is still there, how answers are cut."""

from __future__ import annotations

import math

import pytest
from handmade import Handmade
from numbers_of_definitions import defined, measured

from sim.units import days

GROUPS = {9.0: (0.35, 0.10, 0.4), 8.0: (0.35, 0.20, 0.2), 3.0: (0.30, 0.40, 0.1)}
"""answer -> share of customers, churn, response"""


def crowd(churn: dict[float, float] | None = None, response: dict[float, float] | None = None) -> Handmade:
    """2,000 customers asked once."""
    tables, customer = Handmade(60), 0
    for answer, (share, leaving, answering) in GROUPS.items():
        many = round(2000 * share)
        gone = round(many * (churn[answer] if churn else leaving))
        given = round(many * (response[answer] if response else answering))
        for i in range(many):
            tables.customer(customer, won=0.0, end=days(6) if i < gone else math.nan)
            tables.wave(days(3), customer, answer=answer, true_answer=answer, audit_answered=i >= many - given)
            customer += 1
    return tables


EVERYBODY = dict.fromkeys(GROUPS, 1.0)


def test_the_score_rises_because_detractors_leave() -> None:
    frame = measured(crowd(response=EVERYBODY))
    assert defined(frame, "nps", "respondents") == pytest.approx(5.0)
    assert defined(frame, "nps", "last_answer") == pytest.approx(5.0)
    assert defined(frame, "nps", "active_only") == pytest.approx(17.4194, abs=5e-5)


def test_leaving_at_random_leaves_the_score_alone() -> None:
    """Negative control."""
    frame = measured(crowd(churn=dict.fromkeys(GROUPS, 0.2), response=EVERYBODY))
    assert defined(frame, "nps", "active_only") == pytest.approx(5.0)


def test_the_score_rises_because_detractors_keep_silent() -> None:
    frame = measured(crowd())
    assert defined(frame, "nps", "surveyed") == pytest.approx(5.0)
    assert defined(frame, "nps", "everybody") == pytest.approx(5.0)
    assert defined(frame, "nps", "respondents") == pytest.approx(45.8333, abs=5e-5)


def two_waves() -> Handmade:
    """Customer 1 answers 9 then 3 to the audit; 2 answers 6, then at a contact 10; the firm asks 2 only."""
    tables = Handmade(60)
    tables.customer(1, won=0.0)
    tables.customer(2, won=0.0)
    for month, answer in ((3, 9.0), (6, 3.0)):
        tables.wave(days(month), 1, answer=answer)
    tables.wave(days(3), 2, answer=6.0, answered=True)
    touch = {"trigger": "contact_end", "audit_invited": False, "audit_answered": False, "answered": True}
    tables.wave(days(7), 2, answer=10.0, **touch)
    return tables


def test_moments_waves_and_last_words() -> None:
    frame = measured(two_waves())
    expected = {
        "respondents": -100 / 3, "mean_of_waves": (0 - 100) / 2, "last_answer": -100.0, "fielded": 0.0,
        "relational": -100.0, "transactional": 100.0, "last_touch": 100.0, "detractors_to_five": 0.0,
        "top_zone": 100 / 3,
    }  # fmt: skip
    for name, value in expected.items():
        assert defined(frame, "nps", name) == pytest.approx(value), name


@pytest.mark.parametrize(("low", "high"), [(0.0, 10.0), (1.0, 10.0)])
def test_whole_answers_keep_their_group_on_a_scale_from_one(low: float, high: float) -> None:
    """Every answer once: same promoters and detractors whether the scale begins at 0 or at 1."""
    tables = Handmade(60)
    for answer in range(int(low), int(high) + 1):
        tables.customer(answer, won=0.0)
        tables.wave(days(3), answer, answer=float(answer))
    frame = measured(tables, scale_low=low, scale_high=high)
    assert defined(frame, "nps", "one_to_ten") == defined(frame, "nps", "respondents")
