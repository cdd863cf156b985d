"""Response belongs to the invitation: one rule for all its questions, whatever they ask and in whatever order."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from labkit import shipped

from sim import load_scenario
from sim.checks import InputError
from sim.rules.common import logistic
from sim.simulation import simulate
from sim.surveys.instrument import Impression
from sim.surveys.programme import READING

SMALL = ("candidates_share=0.1", "horizon_months=20", "survey=all_moments", "survey.audit_share=1")
ASKED = ["customer", "trigger", "occurrence"]
ROW = [*ASKED, "instrument"]


def answers(*overrides: str) -> pd.DataFrame:
    rows = simulate(load_scenario(*SMALL, *overrides), 3).tables["surveys"]
    return rows.assign(**{name: rows[name].astype(str) for name in ("trigger", "instrument")}).sort_values(ROW)


@pytest.fixture(scope="module")
def plain() -> pd.DataFrame:
    return answers()


def questions(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["instrument"] != READING]


def test_an_invitation_is_answered_whole_or_not_at_all(plain: pd.DataFrame) -> None:
    """Negative control: effort asked on a page of its own is answered by others."""
    together = questions(plain).groupby(ASKED)["audit_answered"]
    assert together.size().max() == 3 and (together.nunique() == 1).all()
    assert 0.0 < together.first().mean() < 1.0
    apart = questions(answers("survey.instruments.ces.channel=2"))
    assert (apart.groupby(ASKED)["audit_answered"].nunique() > 1).any()


def test_the_intercept_rules_every_question_of_every_moment_and_no_reading(plain: pd.DataFrame) -> None:
    for intercept, share in ((20, 1.0), (-20, 0.0)):
        found = answers(f"survey.response.intercept={intercept}")
        told = questions(found).groupby(["trigger", "instrument"])["audit_answered"].mean()
        assert len(told) > 12 and (told == share).all()
        reading = [rows[rows["instrument"] == READING][[*ROW, "audit_answered"]] for rows in (plain, found)]
        assert reading[0].reset_index(drop=True).equals(reading[1].reset_index(drop=True))


@pytest.mark.parametrize("change", ["propensity=0", "extremity=3", "engagement=3", "share_experience=1"])
def test_every_key_of_the_response_acts(change: str, plain: pd.DataFrame) -> None:
    least = ["survey.response.extremity=3"] if change.startswith("share") else []
    before = questions(answers(*least) if least else plain)
    after = questions(answers(*least, f"survey.response.{change}"))
    assert not after["audit_answered"].reset_index(drop=True).equals(before["audit_answered"].reset_index(drop=True))


def test_the_order_of_questions_changes_nothing() -> None:
    """Also where they ask different things; the noise of an answer has the instrument's place in the programme."""
    asks = "survey.instruments.nps.share_experience=1", "survey.response.extremity=3"
    found = [
        answers(*asks, *(f"survey.moments.{moment}=[{order}]" for moment in ("wave", "contact_end")))
        for order in ("nps,csat,ces,outcome_reading", "outcome_reading,ces,csat,nps")
    ]
    assert found[0].reset_index(drop=True).equals(found[1].reset_index(drop=True))


def test_closed_form() -> None:
    """Strong feelings either way count alike, and count what the share weighs."""
    response = replace(
        shipped().survey.response, intercept=-1.0, propensity=2.0, extremity=0.5, engagement=3.0, share_experience=0.25
    )
    felt = Impression(-2.0, 1.0, 0.9, 0.5, 0.0, 0.0)
    assert response.logit(felt, 0.2, 0.6) == pytest.approx(-1.0 + 2.0 * 0.2 + 0.5 * 0.25 + 3.0 * 0.1)
    as_decided = replace(response, share_experience=None)
    assert as_decided.logit(felt, 0.2, 0.6) == pytest.approx(-1.0 + 2.0 * 0.2 + 0.5 * 1.7 + 3.0 * 0.1)
    usual = replace(shipped().survey.response, extremity=0.0)
    assert 0.15 <= logistic(usual.logit(felt, 0.0, 0.5)) <= 0.33  # the published response


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("survey.instruments.outcome_reading.channel=0", "channel must differ from that of nps: .* got 0 for both"),
        (
            "survey.instruments.ces.channel=1",
            r"^survey\.instruments\.outcome_reading\.channel must differ from that of ces: ",
        ),
        ("survey.instruments.ces.response_intercept=0", "response_intercept"),
    ],
)
def test_what_no_answer_would_follow_is_refused(override: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        load_scenario(override)
