"""Survey scores, their views and what non-response and survivorship do to them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from handmade import Handmade, count_of, value_of

from sim.metrics.scores import net_promoter_score, nps_margin, scores
from sim.units import days


def measured(tables: Handmade):
    return scores(tables.run(), csat_satisfied_from=4)


@pytest.mark.parametrize(("n", "exact"), [(100, 15.3078), (400, 7.6539), (1000, 4.8408)])
def test_margin_of_error(n: int, exact: float) -> None:
    assert nps_margin(0.5, 0.2, n) == pytest.approx(exact, abs=5e-5)


@pytest.mark.parametrize(("mu", "sd", "exact"), [(8, 2, 17.47), (8, 1.5, 21.08), (7, 2.5, -14.65)])
def test_latent_scores(mu: float, sd: float, exact: float) -> None:
    """n = 400,000 independent answers: the published value within 4 standard errors and rounding."""
    latent = np.random.default_rng(3).normal(mu, sd, 400_000)
    for answers in (latent, np.clip(np.round(latent), 0, 10)):
        assert net_promoter_score(answers) == pytest.approx(exact, abs=4 * 100 / math.sqrt(400_000) + 0.005)


def waves(kinds: list[tuple[float, int, float]]) -> Handmade:
    """(answer, how many, response share) at one wave; everybody is invited."""
    tables, customer = Handmade(60), 0
    for answer, many, response in kinds:
        for i in range(many):
            tables.wave(days(3), customer, answer=answer, true_answer=answer, audit_answered=i < round(many * response))
            customer += 1
    return tables


def test_non_response_moves_the_score_though_nobody_changed() -> None:
    """True 35/35/30 (NPS 5) with response rates .4, .2, .1 shows 45.8333."""
    frame = measured(waves([(10, 350, 0.4), (8, 350, 0.2), (3, 300, 0.1)]))
    assert value_of(frame, "nps", "truth") == pytest.approx(5.0)
    assert value_of(frame, "nps", "surveyed") == pytest.approx(5.0)
    assert value_of(frame, "nps", "respondents") == pytest.approx(45.8333, abs=5e-5)
    assert value_of(frame, "response_rate", "respondents") == pytest.approx(0.24)
    assert count_of(frame, "nps", "respondents") == 240
    p, d = 140 / 240, 30 / 240
    assert value_of(frame, "nps_margin_of_error", "respondents") == pytest.approx(nps_margin(p, d, 240))


def test_survivors_score_rises_because_detractors_leave() -> None:
    """Churn .10/.20/.40 by group: NPS of those left 17.4194 at retention .7750, in the second year."""
    tables, left, customer = Handmade(60), 0, 0
    for answer, many, churn in ((10.0, 350, 0.1), (8.0, 350, 0.2), (3.0, 300, 0.4)):
        for i in range(many):
            tables.wave(days(3), customer, answer=answer, true_answer=answer)
            if i >= round(many * churn):
                tables.wave(days(15), customer, answer=answer, true_answer=answer)
                left += 1
            customer += 1
    frame = measured(tables)
    yearly = frame[(frame["metric"] == "nps") & (frame["view"] == "truth")].set_index("time_days")["value"]
    assert yearly.loc[days(12)] == pytest.approx(5.0)
    assert yearly.loc[days(24)] == pytest.approx(17.4194, abs=5e-5)
    assert left / 1000 == pytest.approx(0.7750)


def test_views_are_kept_apart() -> None:
    tables = Handmade(60)
    tables.wave(10, 1, true_answer=9.4, answer=7, audit_invited=True, audit_answered=False)
    tables.wave(
        10, 2, true_answer=2.0, answer=3, audit_invited=False, audit_answered=False, invited=True, answered=True
    )
    tables.wave(11, 3, trigger="at_purchase", true_answer=9.9, answer=10, audit_invited=False, audit_answered=False,
                invited=True, answered=True)  # fmt: skip
    frame = measured(tables)
    assert value_of(frame, "nps", "truth") == 0.0
    assert value_of(frame, "nps", "surveyed") == 0.0
    assert math.isnan(value_of(frame, "nps", "respondents"))
    assert value_of(frame, "nps", "fielded") == 0.0
    assert count_of(frame, "nps", "fielded") == 2
    assert value_of(frame, "response_rate", "fielded") == 1.0


def test_satisfaction_and_effort() -> None:
    tables = Handmade(60)
    for customer, answer in enumerate((5, 4, 3, 2)):
        tables.wave(10, customer, "csat", answer=answer)
        tables.wave(10, customer, "ces", answer=answer)
    frame = measured(tables)
    assert value_of(frame, "csat", "respondents") == 0.5
    assert value_of(frame, "ces", "respondents") == 3.5
