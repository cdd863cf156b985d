"""Scores by moment and who leaves after which answer, on tables whose numbers are known beforehand."""

from __future__ import annotations

import math

import pytest
from handmade import Handmade, count_of, value_of

from sim.checks import InputError
from sim.metrics.moment_scores import moment_scores

MOMENTS = ("contact_end", "wave", "pre_renewal")
ANSWERS = {0: (10.0, 0.4, True), 1: (9.0, -0.4, False), 2: (8.0, 0.0, False), 3: (6.0, 0.4, True), 4: (3.0, -0.4, True)}
"""Customer -> answer before the renewal, perceived outcome, whether it renews."""


def crowd() -> Handmade:
    """Five customers asked at a wave after 200 days (everybody 10) and before the renewal after 335."""
    tables = Handmade(60)
    for who, (answer, perceived, stays) in ANSWERS.items():
        tables.customer(who, won=0.0)
        tables.wave(200.0, who, answer=10.0, outcome=0.2, occurrence=1)
        told = {"answer": answer, "perceived_outcome": perceived, "outcome": 0.1 * who, "occurrence": 1}
        tables.wave(335.0, who, trigger="pre_renewal", audit_answered=who != 4, **told)
        tables.event(365.0, "renewed" if stays else "churned", who, detail="" if stays else "chance")
    return tables


def read(tables: Handmade) -> object:
    return moment_scores(tables.run(), instrument="nps", moments=MOMENTS, reached_from=0.1)


def test_the_score_is_that_of_who_answered_at_the_moment() -> None:
    frame = read(crowd())
    assert value_of(frame, "moment_score", "respondents", "wave") == 100.0
    assert value_of(frame, "moment_score", "respondents", "pre_renewal") == 25.0  # 10 9 8 6; the 3 is silent
    assert count_of(frame, "moment_score", "respondents", "pre_renewal") == 4
    assert value_of(frame, "moment_response", "respondents", "pre_renewal") == 0.8
    assert value_of(frame, "moment_outcome", "truth", "pre_renewal") == pytest.approx(0.2)
    assert math.isnan(value_of(frame, "moment_score", "respondents", "contact_end"))


def test_leaving_is_told_of_everybody_by_the_answer_at_that_moment() -> None:
    frame = read(crowd())
    expected = {
        "happy": (0.5, 2),
        "unhappy": (0.0, 2),
        "passive": (1.0, 1),
        "happy_reached": (0.0, 1),
        "happy_missed": (1.0, 1),
    }
    for group, (share, n) in expected.items():
        place = ("moment_leaving", "surveyed", f"pre_renewal@{group}")
        assert (value_of(frame, *place), count_of(frame, *place)) == (share, n), group
    assert count_of(frame, "moment_leaving", "respondents", "pre_renewal@unhappy") == 1
    assert value_of(frame, "moment_leaving", "surveyed", "wave@happy") == pytest.approx(0.4)


def test_a_failed_payment_is_no_decision() -> None:
    tables = crowd()
    tables.customer(9, won=0.0)
    tables.wave(335.0, 9, trigger="pre_renewal", answer=10.0, occurrence=1)
    tables.event(365.0, "churned", 9, detail="involuntary")
    assert count_of(read(tables), "moment_leaving", "surveyed", "pre_renewal@happy") == 2


def test_a_moment_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match=r"must name one of wave, .* got 'birthday'"):
        moment_scores(crowd().run(), instrument="nps", moments=["birthday"], reached_from=0.1)
