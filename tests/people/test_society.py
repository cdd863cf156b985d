"""People: nothing while off, something when on, closed forms of stories, feelings, purchases and gestures."""

from __future__ import annotations

from functools import lru_cache
from math import exp, log, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from labkit import EVERYBODY_BUYS_AT_ONCE, ONLY_FRAILTY_DECIDES, QUIET, changed, firm_of, person, shipped
from scipy.special import ndtri

from sim.agents.casting import cast
from sim.agents.gesturing import gesture
from sim.agents.reacting import CONTACT, breaks_off, react
from sim.agents.rumour import Rumour
from sim.events import CUSTOMER_DECIDED, SCHEMAS
from sim.recorder import Run
from sim.rules import society as rules
from sim.rules.common import logistic
from sim.simulation import simulate
from sim.streams import Streams
from sim.units import days

SMALL = ("candidates_share=0.12", "horizon_months=24")
TOUCHY = {"world.society.reactions.tolerance": 0.0}
FEW = {"market.arrival.candidates_per_month": 40.0, "horizon_months": 14.0}
GESTURES: dict[str, Any] = {
    "policy.gestures.thanks": True,
    "policy.gestures.surprise_share": 0.3,
    "policy.gestures.surprise_effort": 2.0,
    "policy.gestures.depth": 0.6,
}
REACTING = "world/society/reactions=tell_stop_review"
FELT = "world/society/kindness=felt"
ON = (
    *("world/society/personas=generations", REACTING, "world/society/talk=ripples", FELT),
    *("world/society/attachment=causes", "world/society/premium=as_stated", "world/society/uses=important_matters"),
)
OFF = {
    "reactions": {"tolerance": 0.0, "anger": 5.0, "never_again": 1.0},
    "talk": {"half_life_days": 5.0, "deters": 1.0, "attracts": 3.0, "review_prior": 1.0, "praise": 1.0},
    "repurchase": {"gap_sigma": 1.0, "inertia_lost": 9.0},
    "kindness": {"thanks_quality": 3.0, "delight_quality": 9.0, "delight_told": 1.0, "personal_creepy": 9.0},
    "premium": {"friendly": 1.0, "convenient": 1.0, "deeds": 1.0},
    "uses": {"stakes": 9.0},
}
"""Numbers of each part besides its switch."""
QUARTERLY = {"market.contract.term_months": 3, "market.contract.billing_months": 3}
"""More decisions about a price."""
SWITCHES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "personas": (("world/society/personas=achievers_and_guests",), {}),
    "reactions": ((REACTING,), TOUCHY),
    "talk": (("world/society/talk=ripples",), {"world.society.reactions.tell": 1.0, **TOUCHY}),
    "attachment": (("world/society/attachment=causes",), {}),
    "repurchase": (("world/society/repurchase=each_time",), {}),
    "kindness": ((FELT,), GESTURES),
    "premium": (("world/society/premium=as_stated",), QUARTERLY),
    "uses": (("world/society/uses=important_matters",), {}),
}


def same(a: Run, b: Run) -> bool:
    return all(a.tables[name].equals(b.tables[name]) for name in SCHEMAS)


@lru_cache(maxsize=1)
def plain() -> Run:
    return simulate(shipped(*SMALL), 31)


def test_numbers_behind_a_switch_that_is_off_change_nothing() -> None:
    changes = {f"world.society.{part}.{key}": x for part, values in OFF.items() for key, x in values.items()}
    assert same(simulate(changed(shipped(*SMALL), changes), 31), plain())


def test_an_ordinary_persona_is_nobody_in_particular() -> None:
    """One persona without a factor: the same tables but for its name."""
    run = simulate(shipped(*SMALL, "+world/society/personas/kind@world.society.personas.kinds.she=ordinary"), 31)
    assert set(run.customers["persona"].astype(str)) == {"she"}
    assert run.events.equals(plain().events)
    assert run.ledger.equals(plain().ledger)
    assert run.customers.drop(columns="persona").equals(plain().customers.drop(columns="persona"))


@pytest.mark.parametrize("part", SWITCHES)
def test_every_switch_matters_when_it_is_on(part: str) -> None:
    """Negative control: the same policy and the other parts alike, with and without the part."""
    options, also = SWITCHES[part]
    off, on = (simulate(changed(shipped(*SMALL, *more), also), 31) for more in ((), options))
    assert not same(off, on)


def decided(run: Run) -> pd.DataFrame:
    events = run.events[run.events["event"].isin([*CUSTOMER_DECIDED, "told", "notice_given"])].reset_index(drop=True)
    told = (events["event"] == "told") & (events["detail"].astype(str) == "good")
    return events[~told].reset_index(drop=True).astype({"event": "str", "detail": "str"})


def test_in_no_effect_no_gesture_reaches_anybody() -> None:
    """Everything on: whatever the policy does, customers react, feel and decide the same to the last bit."""
    often = {"world.society.reactions.stop": 1.0, "market.frailty.mean_logit": 1.0, **TOUCHY}
    scenario = changed(shipped(*SMALL, "world=no_effect", *ON), often)
    one, other = simulate(scenario, 32), simulate(changed(scenario, GESTURES), 32)
    pd.testing.assert_frame_equal(one.customers, other.customers, check_exact=True)
    pd.testing.assert_frame_equal(decided(one), decided(other), check_exact=True)
    kinds = set(other.events["event"].astype(str))
    assert {"told", "reviewed", "notice_given", "deterred", "thanked", "surprised", "personalised"} <= kinds


def test_with_the_lever_at_a_tenth_it_would_show() -> None:
    scenario = changed(shipped(*SMALL, "world=no_effect", *ON), {**TOUCHY, "world.levers.contact": 0.1})
    assert not decided(simulate(scenario, 32)).equals(decided(simulate(changed(scenario, GESTURES), 32)))


def test_shares_of_personas_are_their_weights() -> None:
    """20,000 candidates, 4 standard errors."""
    kinds = shipped("world/society/personas=generations").world.society.personas
    n = 20_000
    names = [kinds.of(u) for u in np.random.default_rng(1).uniform(size=n)]
    for name, kind in kinds.kinds.items():
        p = kind.weight / kinds.total
        assert abs(names.count(name) / n - p) <= 4.0 * sqrt(p * (1.0 - p) / n)


def test_feeling_goes_with_fit_as_far_as_the_world_says() -> None:
    """Correlation with the normal score of fit is .8, and 0 in the other option; 4 standard errors of a z-score."""
    people = [person(customer=i).traits for i in range(4000)]
    fit = Streams(3, 0).purpose("fit")
    score = np.array([fit(i, 0) for i in range(4000)])
    for option, rho in (("selection", 0.8), ("causes", 0.0)):
        society = shipped(f"world/society/attachment={option}").world.society
        felt = np.array([t.attachment for t in cast(society, Streams(3, 0), people)])
        found = np.corrcoef(felt, ndtri(score))[0, 1]
        assert abs(np.arctanh(found) - np.arctanh(rho)) <= 4.0 / sqrt(4000 - 3)
        assert abs(felt.std() - 1.0) <= 4.0 / sqrt(2 * 4000)


def test_one_story_keeps_as_many_away_as_it_reaches_and_deters() -> None:
    """Few stories: summed over the time it is told, candidates x probability = people x deters (a telling reaches
    random ones of those who come by); many stories reach nobody twice."""
    talk = shipped("world/society/talk=ripples").world.society.talk
    rumour = Rumour(talk, 1e6)
    rumour.tell(10.0, 1.0, good=False)
    at = np.arange(10.0, 10.0 + 40 * talk.half_life_days, 1.0)
    lost = sum(1e6 / days(1) * rumour.deterred(t) for t in at)
    assert lost == pytest.approx(talk.people * talk.deters, rel=0.01)
    pool = rules.story_pool(2.0, 60.0)
    assert pool == pytest.approx(2.0 * 60.0 / log(2.0))
    assert rules.heard(3.0 * pool, pool) == pytest.approx(1.0 - exp(-3.0))


def test_reviews_move_attraction_both_ways_and_fade() -> None:
    talk = shipped("world/society/talk=ripples").world.society.talk
    rumour = Rumour(talk, 60.0)
    assert rumour.attraction(0.0) == 1.0
    for _ in range(10):
        rumour.review(0.0, good=False)
    assert rumour.attraction(0.0) == pytest.approx(1.0 - talk.review_gain * 10 / (10 + talk.review_prior))
    faded = 5.0 / (5.0 + talk.review_prior)
    assert rumour.attraction(talk.review_half_life_days) == pytest.approx(1.0 - talk.review_gain * faded)


def test_personal_treatment_is_an_inverted_u() -> None:
    """Best at gain / (2 creepy), nothing at twice that depth, harm beyond; who minds more turns earlier."""
    depths = np.linspace(0.0, 3.0, 301)
    for privacy in (1.0, 2.0):
        felt = [rules.personal(0.6, 0.5, privacy, d) for d in depths]
        assert depths[int(np.argmax(felt))] == pytest.approx(0.6 / (2 * 0.5 * privacy), abs=0.01)
        assert rules.personal(0.6, 0.5, privacy, 1.2 / privacy) == pytest.approx(0.0)
        assert felt[-1] < 0.0


def test_a_surprise_has_diminishing_returns_and_its_price() -> None:
    """Twice the effort: less than twice the quality, exactly twice the money; the purse is never overdrawn."""
    one, two = (rules.surprise(1.0, effort, 1.0) for effort in (1.0, 2.0))
    assert one < two < 2 * one
    for effort in (1.0, 2.0):
        changes = {"policy.gestures.surprise_share": 1.0, "policy.gestures.surprise_effort": effort}
        firm = firm_of(changed(shipped(FELT), changes))
        firm.purse.fill(60.0)
        c = person(list_price_per_month=100.0)
        for wave in range(3):
            assert firm.gestures is not None
            gesture(firm, c, firm.gestures, wave)
        assert firm.purse.balance == pytest.approx(10.0)
        assert c.latent.memory > 0.0


def broken_off(persona: str, n: int = 6000) -> int:
    """How many of n leads treated badly break off."""
    scenario = shipped("world/society/personas=generations", REACTING)
    firm, reactions = firm_of(scenario, 5), scenario.world.society.reactions
    kind, found = scenario.world.society.personas.kinds[persona], 0
    for number in range(n):
        c = person(customer=number, persona=kind)
        c.latent.gap = -1.0
        found += breaks_off(firm, c, reactions, 0)
    return found


def test_boomers_break_off_forty_per_cent_more_often() -> None:
    """The same luck: 1.4 times the probability, 4 standard errors of the extra cases."""
    base, boomers, n = broken_off("gen_x"), broken_off("boomers"), 6000
    assert abs(base / n - 0.1) <= 4.0 * sqrt(0.1 * 0.9 / n)
    assert abs((boomers - base) / n - 0.04) <= 4.0 * sqrt(0.04 * 0.96 / n)


def test_who_is_treated_as_expected_does_not_react() -> None:
    firm = firm_of(shipped(REACTING, "world.society.reactions.abandon=1"))
    c, reactions = person(), firm.world.society.reactions
    c.latent.gap = -reactions.tolerance
    assert not breaks_off(firm, c, reactions, 0)
    c.latent.gap -= 0.01
    assert breaks_off(firm, c, reactions, 0)


@lru_cache(maxsize=1)
def angry() -> Run:
    often = {"world.society.reactions.stop": 1.0, "market.frailty.mean_logit": 1.0, **TOUCHY}
    return simulate(changed(shipped("candidates_share=0.15", "horizon_months=36", REACTING), often), 4)


def test_notice_takes_effect_at_the_end_of_the_term() -> None:
    """Nobody who gave notice renews, each leaves at the probability it had when it did (or for a failed payment),
    and `experience` is a cause of some."""
    events = angry().events.astype({"event": "str", "detail": "str"})
    key = ["customer", "contract", "occurrence"]
    given = events[events["event"] == "notice_given"].set_index(key)
    assert len(given) > 10
    assert not given.index.isin(events[events["event"] == "renewed"].set_index(key).index).any()
    left = events[(events["event"] == "churned") & (events["detail"] != "involuntary")].set_index(key)
    both = given.join(left, suffixes=("", "_left"), how="inner")
    assert len(both) > 5
    assert (both["value"] == both["value_left"]).all()
    assert both["detail_left"].str.contains("experience").any()


def test_a_purchase_is_decided_anew_each_time() -> None:
    """Only frailty decides: share bought again = logistic(frailty - inertia lost); times between purchases have the
    term's mean; leaving is silent."""
    scenario = changed(
        shipped("market=consumer", "candidates_share=1", "world/society/repurchase=each_time"),
        {**QUIET, **ONLY_FRAILTY_DECIDES, **EVERYBODY_BUYS_AT_ONCE, **FEW, "market.frailty.sd_logit": 0.0},
    )
    run = simulate(scenario, 6)
    kinds = run.events["event"].value_counts()
    p = logistic(scenario.market.frailty.mean_logit - 3.0)
    n = int(kinds["renewed"] + kinds["churned"])
    assert n > 400
    assert abs(kinds["renewed"] / n - p) <= 4.0 * sqrt(p * (1.0 - p) / n)
    bought = run.ledger[run.ledger["account"] == "invoice_regular"]
    gaps = (bought["covers_to_days"] - bought["covers_from_days"]).to_numpy()
    assert gaps.std() > 5.0
    assert abs(gaps.mean() - days(1)) <= 4.0 * gaps.std() / sqrt(gaps.size)
    assert not (run.surveys["trigger"] == "exit").any()


def test_important_uses_are_recommended_by_fewer() -> None:
    """Who has a bad touch behind it recommends for ordinary uses only, and reaches that many fewer."""
    run = simulate(shipped("candidates_share=0.15", "horizon_months=36", "world/society/uses=important_matters"), 2)
    events = run.events.astype({"detail": "str"})
    praise = events[(events["event"] == "advocacy") & (events["value"] > 0)]
    assert set(praise["detail"]) == {"ordinary", "everything"}
    assert rules.recommends(0.5, 4.0, -0.2) == pytest.approx(logistic(0.5 - 0.8))
    assert rules.recommends(0.5, 4.0, 0.7) == logistic(0.5)


def test_a_premium_makes_the_price_feel_lower() -> None:
    assert rules.worth(116.0, 0.16) == pytest.approx(100.0)
    assert rules.worth(116.0, 0.0) == 116.0


def test_a_named_world_has_none_of_the_parts() -> None:
    """The off path: every switch is resolved to None."""
    circle = firm_of(shipped()).circle
    assert set(circle) == {None}


def test_feeling_that_goes_with_fit_and_does_nothing_moves_nobody() -> None:
    """Pure selection: every event and every amount is that of the world without feelings; the trait is there."""
    run = simulate(shipped(*SMALL, "world/society/attachment=selection"), 31)
    assert run.events.equals(plain().events)
    assert run.ledger.equals(plain().ledger)
    felt = run.customers["attachment"]
    assert felt.std() > 0.5
    assert np.corrcoef(felt, run.customers["fit"])[0, 1] > 0.5
    assert (plain().customers["attachment"] == 0.0).all()


@pytest.mark.parametrize("never", [0.0, 1.0])
def test_who_gave_notice_in_anger_may_never_come_back(never: float) -> None:
    """Where everybody else returns, they do or do not as the world says."""
    scenario = changed(
        shipped("candidates_share=0.15", "horizon_months=36", REACTING),
        {
            "world.society.reactions.stop": 0.3, "world.society.reactions.never_again": never,
            "market.frailty.mean_logit": 1.0, "world.deciding.win_back_intercept": 20.0,
            "market.contract.win_back_days": 30.0,
        },
    )  # fmt: skip
    events = simulate(scenario, 4).events.astype({"event": "str"})
    pairs = {kind: rows[["customer", "contract"]] for kind, rows in events.groupby("event")}
    bitter = {(c, k + 1) for c, k in pairs["notice_given"].itertuples(index=False)}
    back = set(pairs["won_back"].itertuples(index=False, name=None))
    assert back - bitter
    assert bool(back & bitter) == (never == 0.0)


def test_a_teller_is_a_detractor_at_once() -> None:
    """Existing customers can hear of it; a lead that tells is nobody's customer and moves possible ones only."""
    changes = {"world.society.reactions.tell": 1.0, "world.society.reactions.stop": 0.0}
    for status, detractors in (("active", 1), ("lead", 0)):
        firm = firm_of(changed(shipped(REACTING, "world/society/talk=ripples"), changes))
        c, reactions, rumour = person(), firm.world.society.reactions, firm.circle.rumour
        c.latent.gap, c.status = -1.0, status
        react(firm, c, reactions, CONTACT, 3)
        assert firm.crowd.detractors == detractors
        assert rumour is not None
        assert rumour.deterred(0.0) > 0.0
