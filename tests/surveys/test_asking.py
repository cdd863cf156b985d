"""What being asked does: fatigue, mere measurement, styles, buyer and user, and programmes that use or avoid it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from labkit import changed, firm_of, person, shipped

from sim.agents.mind import stirred, value_now
from sim.agents.surveying import ask
from sim.policies.views import SurveyView
from sim.recorder import Run
from sim.rules.value import standardised
from sim.simulation import simulate
from sim.surveys.instrument import Impression

SMALL = ("candidates_share=0.2", "horizon_months=30")
OPTIONS = ("tiresome", "stirring", "extreme_styles", "two_people")
NOTED_ONLY = ["world.asking.fatigue_half_life_days", "world.asking.measurement_half_life_days"]


def asked_in(*overrides: str, seed: int = 3, **changes: Any) -> Run:
    return simulate(changed(shipped(*SMALL, *overrides), {k.replace("__", "."): v for k, v in changes.items()}), seed)


@pytest.fixture(scope="module")
def plain() -> Run:
    return asked_in()


def same(a: Run, b: Run) -> bool:
    return all(table.equals(b.tables[name]) for name, table in a.tables.items())


def test_switched_off_nothing_else_about_asking_counts(plain: Run) -> None:
    run = asked_in(**{key.replace(".", "__"): 7.0 for key in NOTED_ONLY})
    assert same(plain, run)
    assert not same(asked_in("world/asking=two_people"), asked_in("world/asking=two_people", survey__asks_user=False))
    assert same(plain, asked_in(survey__asks_user=False))


@pytest.mark.parametrize("option", OPTIONS)
def test_every_side_effect_shows_where_it_is_on(option: str, plain: Run) -> None:
    assert not same(plain, asked_in(f"world/asking={option}"))


def test_without_effect_nobody_is_moved_by_being_asked() -> None:
    """Mere measurement is a physical effect of the survey policy: the world's lever of contacts holds it at nothing."""
    for lever, moved in ((0.0, False), (1.0, True)):
        runs = [
            asked_in(
                "world=no_effect",
                world__asking__measurement_logit=2.0,
                world__levers__contact=lever,
                policy__success__share=0.0,
                policy__survey__share=share,
            )
            for share in (0.0, 1.0)
        ]
        assert runs[0].customers.equals(runs[1].customers) is not moved


def test_fatigue_takes_fielded_answers_only(plain: Run) -> None:
    """Whom fatigue leaves is a subset of those who would have answered; the audit does not notice."""
    alone = {"policy__success__share": 0.0}
    tired, fresh = (asked_in(*option, **alone).surveys for option in (("world/asking=tiresome",), ()))
    assert tired["audit_answered"].equals(fresh["audit_answered"])
    assert tired["invited"].equals(fresh["invited"])
    assert not (tired["answered"] & ~fresh["answered"]).any()
    assert tired["answered"].sum() < 0.9 * fresh["answered"].sum()
    readings = tired["instrument"] == "outcome_reading"
    assert tired["answered"][readings].equals(fresh["answered"][readings])


def test_weariness_is_a_geometric_sum() -> None:
    """Invited every half-life, the weight of the past approaches 1 + 1/2 + 1/4 + ..."""
    scenario = changed(shipped("world/asking=tiresome"), {"world.asking.fatigue_half_life_days": 10.0})
    firm, c = firm_of(scenario), person()
    firm.purse.fill(1000.0)
    for number in range(5):
        firm.clock.run(until=10.0 * (number + 1))
        ask(firm, c, "at_purchase", number)
        assert c.latent.apart.weariness == pytest.approx(2.0 - 0.5**number)
    assert c.account.invited_days == firm.clock.now


def test_an_answer_stirs_and_the_stir_fades() -> None:
    scenario = shipped("world/asking=stirring")
    firm, c = firm_of(scenario), person()
    quiet, half = value_now(c, firm), scenario.world.asking.measurement_half_life_days
    c.latent.note(answered_days=firm.clock.now)
    assert value_now(c, firm) == pytest.approx(quiet + 0.3)
    firm.clock.run(until=half)
    assert stirred(c, firm) == pytest.approx(0.15)


def test_nobody_is_stirred_by_the_audit_or_by_an_unanswered_question() -> None:
    silent = {"policy__survey__share": 0.0}
    assert same(asked_in("world/asking=stirring", **silent), asked_in(**silent))


def decided_value(run: Run, scenario: Any, rows: pd.DataFrame, hears: float) -> np.ndarray:
    reference, share = scenario.market.reference, scenario.world.share_experience
    e = [standardised(x, reference.experience_mean, reference.experience_sd) for x in rows["experience"]]
    o = [
        standardised(x, reference.perceived_outcome_mean, reference.perceived_outcome_sd)
        for x in rows["perceived_outcome"]
    ]
    return scenario.world.value.weight * (share * hears * np.array(e) + (1.0 - share) * np.array(o))


def test_the_buyer_decides_and_the_user_answers() -> None:
    """V of a buyer who does not use the product holds a share of the users' experience; their answer all of it, but a
    share of the outcome."""
    changes = {"world.asking.buyer_hears": 0.25, "world.asking.user_sees": 0.5}
    scenario = changed(shipped(*SMALL), changes)
    run = simulate(scenario, 3)
    rows = run.surveys[(run.surveys["trigger"] == "wave") & (run.surveys["instrument"] == "nps")]
    own = rows["customer"].map(run.customers.set_index("customer")["buyer_is_user"]).to_numpy()
    assert 10 < own.sum() < len(rows) - 10
    for who, hears, sees in ((own, 1.0, 1.0), (~own, 0.25, 0.5)):
        mine = rows[who]
        assert mine["value"].to_numpy() == pytest.approx(decided_value(run, scenario, mine, hears))
        full = decided_value(run, scenario, mine, 1.0) / scenario.world.value.weight
        outcome = decided_value(run, scenario, mine, 0.0) / scenario.world.value.weight
        question = scenario.survey.instruments["nps"]
        told = question.centre + question.slope * (full - (1.0 - sees) * outcome)
        assert mine["true_answer"].to_numpy() == pytest.approx(told)
    asked_buyers = simulate(replace(scenario, survey=replace(scenario.survey, asks_user=False)), 3).surveys
    assert asked_buyers["value"].equals(run.surveys["value"])
    assert not asked_buyers["true_answer"].equals(run.surveys["true_answer"])


def test_an_extreme_style_stretches_the_answer_not_the_truth() -> None:
    question = replace(shipped().survey.instruments["nps"], centre=5.0, slope=1.0)
    felt = Impression(2.0, 2.0, 0.5, 0.5, 0.0, 0.0)
    wide, narrow = felt._replace(stretch=2.0), felt._replace(stretch=0.5)
    assert [question.answer(person, 0.0) for person in (wide, felt, narrow)] == [9.0, 7.0, 6.0]
    assert question.true_answer(wide) == question.true_answer(felt)


def test_a_rest_is_kept_between_invitations() -> None:
    run = asked_in("policy/survey=rested")
    asked = run.surveys[run.surveys["invited"] & (run.surveys["instrument"] == "nps")]
    gaps = asked.sort_values(["customer", "time_days"]).groupby("customer")["time_days"].diff().dropna()
    assert len(gaps) > 20 and gaps.min() >= 180.0
    everyone = asked_in().surveys
    often = everyone[everyone["invited"] & (everyone["instrument"] == "nps")]
    gaps = often.sort_values(["customer", "time_days"]).groupby("customer")["time_days"].diff().dropna()
    assert gaps.min() < 180.0


def test_a_programme_that_flatters_itself_skips_the_displeased() -> None:
    chooses = shipped("policy/survey=favourable").policy.survey
    pleased = SurveyView(100.0, 100.0, 10.0, 90.0, 9.0, 0.0)
    unknown = SurveyView(100.0, 100.0, 10.0)
    asked = [chooses.invite(view) for view in (pleased, unknown)]
    skipped = [chooses.invite(view) for view in (pleased._replace(last_score=6.0), pleased._replace(open_tickets=1.0))]
    assert (asked, skipped) == ([1.0, 1.0], [0.0, 0.0])


def test_other_scales_of_the_same_questions() -> None:
    """NPS from 1 keeps every promoter and detractor; yes/no and five points are answered on their own scale."""
    long, short = asked_in().surveys, asked_in("survey=short_scales").surveys
    ours, theirs = (table[table["instrument"] == "nps"]["answer"] for table in (long, short))
    assert theirs.tolist() == ours.clip(lower=1.0).tolist()
    assert set(short["answer"][short["instrument"] == "csat"]) == {0.0, 1.0}
    assert {2.0, 3.0, 4.0, 5.0} <= set(short["answer"][short["instrument"] == "ces"]) <= {1.0, 2.0, 3.0, 4.0, 5.0}
