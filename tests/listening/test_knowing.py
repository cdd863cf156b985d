"""Improve: words on their way to the builders, what builders know, and what their work is worth with it."""

from __future__ import annotations

from math import exp, nan
from typing import Any

import numpy as np
import pytest
from labkit import changed, firm_of, person, shipped

from sim.agents.firm import Firm
from sim.agents.hearing import ANSWER, ANYTHING, COMPLAINT, Hearing
from sim.agents.improving import Product
from sim.agents.knowing import Knowledge
from sim.events import CUSTOMER_DECIDED
from sim.policies.research import Study
from sim.policies.views import FeedbackView, PlanView
from sim.recorder import Run
from sim.rules.knowing import kept, learned, passed_on, worth_of_work
from sim.simulation import simulate

SMALL = ("candidates_share=0.15", "horizon_months=30")
MATTERS = "world/knowing=signal_matters"
HEARD = ("policy/feedback=everyone", "policy/research=inquiry_and_mapping")
RELIABILITY, FIT, PREVENTION = range(3)


def test_rules() -> None:
    assert learned(learned(0.2, 0.3), 0.5) == pytest.approx(learned(0.2, 0.8))
    assert learned(0.2, 0.0) == pytest.approx(0.2)
    assert kept(kept(0.8, 100.0, 100.0), 100.0, 100.0) == pytest.approx(0.2)
    assert passed_on(3, 0.2) == pytest.approx(0.512)
    assert passed_on(0, 0.9) == 1.0
    assert worth_of_work(0.123, 0.9, 0.5, 0.0) == 1.0
    assert worth_of_work(0.8, 0.5, 0.4, 1.0) == pytest.approx(1.0)
    assert worth_of_work(0.8, 0.25, 0.4, 0.5) == pytest.approx(0.75)


def listening_firm(*overrides: str, **changes: Any) -> Firm:
    firm = firm_of(changed(shipped("policy/feedback=everyone", *overrides), changes))
    firm.purse.fill(1e6)
    return firm


def heard(firm: Firm, matter: int = ANYTHING, source: int = COMPLAINT, score: float = nan) -> np.ndarray:
    """Worth that arrives within a year of one word of one customer."""
    customer = person()
    customer.account.last_score = score
    hearing = Hearing()
    hearing.hear(firm, customer, source, matter)
    assert hearing.arrived(-1) == [0.0, 0.0, 0.0]
    found = np.array(hearing.arrived(12))
    assert hearing.arrived(12) == [0.0, 0.0, 0.0]
    return found


@pytest.mark.parametrize(("matter", "purpose"), list(enumerate((RELIABILITY, PREVENTION, PREVENTION, FIT, FIT))))
def test_a_word_reaches_whom_the_matrix_names(matter: int, purpose: int) -> None:
    found = heard(listening_firm(), matter)
    assert found[purpose] == pytest.approx(0.8)
    assert found.sum() == pytest.approx(0.8)


def test_each_hand_off_loses_and_delays() -> None:
    """Three hand-offs by chat: half is lost each time, two days each."""
    assert heard(listening_firm("policy/feedback=passed_along"))[FIT] == pytest.approx(0.5**3)
    hearing, firm = Hearing(), listening_firm("policy/feedback=passed_along", **{"policy.feedback.tool_share": 0.5})
    hearing.hear(firm, person(), COMPLAINT, ANYTHING)
    assert hearing.arrived(0)[FIT] == pytest.approx(0.5 * 0.5**3)
    assert hearing.arrived(1)[FIT] == pytest.approx(0.5 * 0.8**3)


def test_whose_words_and_how_closely() -> None:
    assert heard(listening_firm(), source=ANSWER)[FIT] == pytest.approx(0.5 * 0.8)
    assert heard(listening_firm("policy/feedback=counted"))[FIT] == pytest.approx(0.3 * 0.8)
    unhappy = {"world.knowing.words.detractor_worth": 2.0, "world.knowing.words.promoter_worth": 0.5}
    for score, worth in ((6.0, 2.0), (7.0, 1.0), (8.0, 1.0), (9.0, 0.5), (nan, 1.0)):
        assert heard(listening_firm(**unhappy), score=score)[FIT] == pytest.approx(0.8 * worth)
    for band, hears in (("detractors", (6.0, 0.0)), ("promoters", (9.0, 10.0))):
        for score in (0.0, 6.0, 7.0, 8.0, 9.0, 10.0, nan):
            found = heard(listening_firm(f"policy/feedback={band}"), score=score)
            assert (found.sum() > 0.0) == (min(hears) <= score <= max(hears))


def test_listening_is_paid_for_and_stops_with_the_money() -> None:
    firm = listening_firm()
    invitation = firm.market.costs.survey_invitation
    heard(firm)
    assert firm.purse.balance == pytest.approx(1e6 - 3.0 * invitation)
    firm.purse.balance = 2.9 * invitation
    assert heard(firm).sum() == 0.0
    assert not shipped().policy.feedback.listens
    assert shipped().policy.feedback.take_up(FeedbackView(0, 0, 5.0, 1.0, 1.0)).share == 0.0


def test_knowledge_settles_where_learning_and_ageing_meet() -> None:
    """K* = (1 - e^-i) / (1 - d e^-i) for monthly insight i and what a month leaves, d."""
    firm = firm_of(shipped(MATTERS))
    knowledge, study = Knowledge(firm.world.knowing), Study(0.2, 0.1)
    for month in range(500):
        knowledge.live_on(firm, month, study, 1.0)
    left = 0.5 ** (365.25 / 12 / 730.0)
    assert knowledge.levels[FIT] == pytest.approx((1 - exp(-0.1)) / (1 - left * exp(-0.1)))
    assert knowledge.levels[RELIABILITY] == pytest.approx(0.0, abs=1e-6)
    assert knowledge.delivery == pytest.approx(1.0)


def known(run: Run, purpose: str) -> list[float]:
    rows = run.events[(run.events["event"] == "known") & (run.events["detail"] == purpose)]
    return rows["value"].tolist()


def test_without_weight_its_numbers_change_nothing() -> None:
    other = {"world.knowing.start": 0.9, "world.knowing.half_life_days": 10.0, "world.knowing.delivery": 0.1}
    plain = simulate(shipped(*SMALL), 17)
    tables = simulate(changed(shipped(*SMALL), other), 17).tables
    assert all(tables[name].equals(table) for name, table in plain.tables.items())
    assert not simulate(shipped(*SMALL, MATTERS), 17).customers.equals(plain.customers)


def test_listening_keeps_knowledge_alive_and_silence_lets_it_die() -> None:
    deaf, open_ = (simulate(shipped(*SMALL, MATTERS, *more), 17) for more in ((), HEARD))
    for purpose in ("reliability", "fit", "prevention"):
        assert known(deaf, purpose) == sorted(known(deaf, purpose), reverse=True)
        assert known(deaf, purpose)[-1] < 0.5 * known(open_, purpose)[-1]
    assert len(known(deaf, "fit")) == 10
    assert (open_.ledger["account"] == "spend_feedback").any()
    assert known(simulate(shipped(*SMALL, *HEARD), 17), "fit") == []


def taught(world: str, feedback: str) -> float:
    """Mean knowledge of what is wanted that reaches the builders, on a seed not looked at before."""
    scenario = shipped(*SMALL, f"world/knowing={world}", f"policy/feedback={feedback}")
    return float(np.mean(known(simulate(scenario, 9002), "fit")))


@pytest.mark.full
def test_whose_words_teach_more_is_for_the_world_to_say() -> None:
    """The theses that the unhappy teach more, that words say more than scores and that routing pays come out either
    way."""
    assert taught("unhappy_know_more", "detractors") > taught("unhappy_know_more", "promoters")
    assert taught("happy_know_more", "detractors") < taught("happy_know_more", "promoters")
    assert taught("unhappy_know_more", "everyone") > 1.1 * taught("unhappy_know_more", "counted")
    assert taught("happy_know_more", "everyone") == pytest.approx(taught("happy_know_more", "counted"))
    assert taught("unhappy_know_more", "everyone") > 1.1 * taught("unhappy_know_more", "passed_along")
    assert taught("happy_know_more", "everyone") < 1.1 * taught("happy_know_more", "passed_along")


def test_releases_can_be_late() -> None:
    """What was finished by month 12 is out a year later."""
    late = changed(shipped(), {"world.efforts.release_delay_months": 12})
    now, then = firm_of(shipped()), firm_of(late)
    for firm in (now, then):
        product = Product(firm.world)
        for month in range(12):
            product.build(firm, PlanView(float(month), 60.0), 1.0)
        firm.releases.append(product.release(firm))
        for month in range(12, 24):
            product.build(firm, PlanView(float(month), 60.0), 1.0)
        firm.releases.append(product.release(firm))
    assert then.releases[1] == then.releases[0]
    assert then.releases[2] == now.releases[1]
    assert now.releases[2].improvement > now.releases[1].improvement > now.releases[0].improvement


@pytest.mark.parametrize("lever", [0.0, 0.1])
def test_no_effect_holds_and_its_lever_is_the_one_for_the_product(lever: float) -> None:
    """Where product work acts, the same two policies part (negative control)."""
    arms = [
        changed(shipped(*SMALL, "world=no_effect", MATTERS, *more), {"world.levers.product": lever})
        for more in ((), HEARD)
    ]
    deaf, open_ = (simulate(arm, 17) for arm in arms)

    def decided(run: Run) -> Any:
        return run.events[run.events["event"].isin(list(CUSTOMER_DECIDED))].reset_index(drop=True).astype(str)

    same = deaf.customers.equals(open_.customers) and decided(deaf).equals(decided(open_))
    assert same == (lever == 0.0)
