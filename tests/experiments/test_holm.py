"""Holm's correction: rates at the null, order, words."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.holm import ERROR, Question, answers, step_down

TRIALS = 1_000
BAND = 4.0 * np.sqrt(ERROR * (1.0 - ERROR) / TRIALS)


def false_verdicts(together: bool) -> float:
    """How often any of five correlated metrics without a difference is called better or worse."""
    draw, wrong = np.random.default_rng(1), 0
    for _ in range(TRIALS):
        values = draw.normal(size=(12, 1)) + 2.0 * draw.normal(size=(12, 5))
        questions = [Question(column, 0.0, True) for column in values.T]
        families = [answers(questions)] if together else [answers([one]) for one in questions]
        wrong += any(answer.word in ("better", "worse") for family in families for answer in family)
    return wrong / TRIALS


def test_the_family_wise_error_rate_holds_at_the_null() -> None:
    """At most 5 % within four binomial standard errors; not far below either, or the rule would waste power."""
    assert 0.02 <= false_verdicts(together=True) <= ERROR + BAND


def test_judged_alone_one_of_five_is_wrong_far_more_often() -> None:
    """Negative control."""
    assert false_verdicts(together=False) > 2.0 * ERROR


def test_step_down() -> None:
    """Holm's textbook order: .01, .02, .03, .04 of four."""
    assert step_down([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert step_down([0.5, 0.9]) == [1.0, 1.0]
    assert step_down([0.3]) == [0.3]


def test_words() -> None:
    draw = np.random.default_rng(2)
    noise = draw.normal(size=20)
    clear, weak = Question(10.0 + noise, 0.1, True), Question(0.6 + noise - noise.mean(), 0.1, True)
    assert [a.word for a in answers([clear, weak])] == ["better", "better"]
    crowd = [weak, *(Question(draw.normal(size=20), 0.1, True) for _ in range(9))]
    assert answers(crowd)[0].word == "undecided"
    assert answers([clear._replace(higher_is_better=False)])[0].word == "worse"
    assert answers([Question(np.zeros(5), 0.1, True)])[0].word == "identical"
    assert answers([Question(noise / 100.0, 1.0, True)])[0].word == "practically-equal"
    assert answers([Question(np.array([3.0]), 0.1, True)])[0].word == "undecided"
