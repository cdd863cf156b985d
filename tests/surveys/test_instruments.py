"""Questions and readings: latent answers against exact scores, the response model, bounds and rounding."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from labkit import shipped
from scipy.special import ndtri

from sim.checks import InputError
from sim.rules.common import logistic
from sim.surveys.instrument import Impression, on_scale
from sim.surveys.question import Question
from sim.surveys.response import Response

NEUTRAL = Impression(0.0, 0.0, 0.5, 0.5, 0.0, 0.0)
QUANTILES = ndtri((np.arange(200_000) + 0.5) / 200_000)


def nps_question(mu: float, sd: float) -> Question:
    return replace(shipped().survey.instruments["nps"], centre=mu, noise_sd=sd)


@pytest.mark.parametrize(("mu", "sd", "exact"), [(8.0, 2.0, 17.47), (8.0, 1.5, 21.08), (7.0, 2.5, -14.65)])
def test_latent_normal_gives_the_exact_score(mu: float, sd: float, exact: float) -> None:
    """NPS of a N(mu, sd) attitude through the question's own rounding, over the quantiles of its noise."""
    question = nps_question(mu, sd)
    answers = np.array([question.answer(NEUTRAL, z) for z in QUANTILES])
    assert 100.0 * ((answers >= 9).mean() - (answers <= 6).mean()) == pytest.approx(exact, abs=6e-3)


def test_rounding_down_would_show() -> None:
    """Negative control: truncated answers lose points."""
    question = nps_question(8.0, 2.0)
    answers = np.array([question.answer(NEUTRAL, z - 0.5 / 2.0) for z in QUANTILES[::10]])
    assert 100.0 * ((answers >= 9).mean() - (answers <= 6).mean()) < 0.0


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(-5, 5), st.floats(-5, 5))
def test_answers_are_points_of_the_scale(z_e: float, z_o: float, noise: float, style: float) -> None:
    for name, question in shipped().survey.instruments.items():
        if name == "outcome_reading":
            continue
        answer = question.answer(Impression(z_e, z_o, 0.5, 0.5, style, 0.3), noise)
        assert question.low <= answer <= question.high
        assert answer == int(answer)


def test_half_points_round_up() -> None:
    assert [on_scale(x, 0.0, 10.0) for x in (6.4999, 6.5, 8.5, -3.0, 10.4)] == [6.0, 7.0, 9.0, 0.0, 10.0]


def test_a_question_means_what_decisions_weigh_unless_it_says_otherwise() -> None:
    question = shipped().survey.instruments["nps"]
    felt = NEUTRAL._replace(z_experience=1.0, z_outcome=-1.0, share=0.8)
    assert question.true_answer(felt) == pytest.approx(question.centre + question.slope * 0.6)
    assert replace(question, share_experience=felt.share).true_answer(felt) == question.true_answer(felt)
    outcome_only = replace(question, share_experience=0.0)
    assert outcome_only.true_answer(felt) == pytest.approx(question.centre - question.slope)


@pytest.mark.parametrize("share", [-1.0, -0.01, 1.01, "both"])
def test_a_question_weighs_a_share_or_what_decisions_weigh_and_nothing_else(share: object) -> None:
    with pytest.raises(InputError, match=r"^share_experience must be .*\[0, 1\] or null, got"):
        replace(shipped().survey.instruments["nps"], share_experience=share)


def test_halo_and_style_move_the_answer_but_not_the_truth() -> None:
    question = replace(shipped().survey.instruments["nps"], centre=5.0)
    kind = NEUTRAL._replace(style=1.0, halo=0.5)
    assert question.true_answer(kind) == question.true_answer(NEUTRAL)
    assert question.answer(kind, 0.0) == on_scale(5.0 + question.style_weight * 1.5, 0.0, 10.0)


def test_non_response_by_the_response_model_moves_the_score() -> None:
    """Exact: respondents' NPS is the response-weighted one; strong feelings answer more, so a score far above
    average rises further; without extremity, engagement and propensity it does not move."""
    question = shipped().survey.instruments["nps"]
    levels = NormalDist(1.0, 1.0).samples(4_000, seed=3)
    answers = np.array([question.answer(NEUTRAL._replace(z_experience=z, z_outcome=z), 0.0) for z in levels])

    def score(weights: np.ndarray) -> float:
        return float(100.0 * np.average((answers >= 9) * 1.0 - (answers <= 6), weights=weights))

    def answered(response: Response) -> np.ndarray:
        felt = [NEUTRAL._replace(z_experience=z, z_outcome=z) for z in levels]
        return np.array([logistic(response.logit(f, 0.0, 0.5)) for f in felt])

    shaped = shipped().survey.response
    flat = replace(shaped, extremity=0.0, engagement=0.0, propensity=0.0)
    assert score(answered(flat)) == pytest.approx(score(np.ones(len(answers))))
    assert score(answered(shaped)) > score(answered(flat))


def test_a_reading_is_a_share_with_noise() -> None:
    reading = shipped().survey.instruments["outcome_reading"]
    felt = NEUTRAL._replace(outcome=0.95)
    assert reading.true_answer(felt) == 0.95
    assert reading.answer(felt, 100.0) == 1.0
    assert reading.answer(felt, -100.0) == 0.0
    assert reading.answer(felt, 0.5) == pytest.approx(0.95 + 0.5 * reading.noise_sd)
