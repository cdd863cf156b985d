"""How people come and buy: nothing while absent, something when on, closed forms of gates, calls, ways and answers."""

from __future__ import annotations

from functools import lru_cache
from math import exp, log2, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from labkit import QUIET, changed, check_mean, firm_of, person, shipped

from sim.agents.closing import expected_fit
from sim.agents.front import appear
from sim.agents.replying import tell
from sim.build import _check_together
from sim.checks import InputError
from sim.events import CUSTOMER_DECIDED, SCHEMAS
from sim.policies.attraction import RESERVED
from sim.recorder import Run
from sim.rules import coming
from sim.rules.common import saturate
from sim.simulation import simulate
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

SMALL = ("candidates_share=0.12", "horizon_months=24")
FEE = "pricing/conditions=hidden_fee"
TALKING = ("world/society/reactions=tell_stop_review", "world/society/talk=ripples")
TOUCHY = {f"world.society.reactions.{key}": x for key, x in (("tolerance", 0.0), ("tell", 1.0), ("review", 1.0))}
PARTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "material": ({"lead_gain": 0.5, "accuracy": 0.5}, {"half": 0.01}),
    "research": ({"days": 30.0}, {"sigma": 1.0}),
    "gate": ({"avoiding": 0.25, "captured": 0.3}, {"delay_days": 200.0}),
    "calling": ({"cold": 0.1, "contacts": 0.3}, {"hours": 9.0, "decline_per_year": 0.5}),
    "meetings": ({"refused": 0.6, "persistence": 0.4}, {}),
    "ways": (
        {"shares": (0.3, 0.1, 0.6)},
        {"drift": (0.2, 1.0, 0.0), "skill": 1.0, "courtesy": 0.0, "missed": 2.0, "upkeep": 0.2},
    ),
    "checkout": ({"seen": 1.0}, {"surprise": 0.5, "quality": -1.0}),
    "replies": ({"public": 0.7}, {"hours": 2.0, "calms": 0.8, "amplifies": 0.5}),
    "diffusion": ({"market_months": 3.0, "imitation": 3.0}, {}),
}
"""Part -> its switches when on, and its other numbers."""
ON = {f"world.attracting.{part}.{key}": x for part, both in PARTS.items() for one in both for key, x in one.items()}
PRESENT: dict[str, Any] = {
    "policy.attraction.material": 0.3, "policy.attraction.gated": 0.5, "policy.attraction.cold": 0.5,
    "policy.attraction.answers": 1.0, "policy.attraction.spreads": 1.0,
    "policy.attraction.web": 1.0, "policy.attraction.app": 0.5,
}  # fmt: skip
PUSHING = {"policy.sales.touches": 2.0, "policy.sales.effort": 0.5}
"""One of everything a policy can choose about attraction, and about the number of touches."""


def part_of(name: str, *which: int) -> dict[str, Any]:
    """Keys of a part: its switches (0), its other numbers (1)."""
    return {f"world.attracting.{name}.{key}": x for i in which for key, x in PARTS[name][i].items()}


def small() -> Any:
    """A little firm whose price hides a charge, in a world that talks."""
    return changed(shipped(*SMALL, *TALKING, FEE), TOUCHY)


def same(a: Run, b: Run) -> bool:
    return all(a.tables[name].equals(b.tables[name]) for name in SCHEMAS)


def test_numbers_behind_a_switch_that_is_off_change_nothing() -> None:
    changes = {key: x for part in PARTS for key, x in part_of(part, 1).items()}
    assert same(simulate(changed(small(), changes), 31), plain())


@lru_cache(maxsize=1)
def plain() -> Run:
    return simulate(small(), 31)


@lru_cache(maxsize=1)
def present() -> Run:
    return simulate(changed(small(), PRESENT), 31)


@pytest.mark.parametrize("part", PARTS)
def test_every_switch_matters_when_it_is_on(part: str) -> None:
    """Negative control: the same policy in the world with and without the part."""
    assert not same(simulate(changed(small(), {**PRESENT, **part_of(part, 0, 1)}), 31), present())


MANY = {"market.arrival.candidates_per_month": 30.0}


def decided(run: Run) -> pd.DataFrame:
    events = run.events[run.events["event"].isin(list(CUSTOMER_DECIDED))].reset_index(drop=True)
    return events.astype({"event": "str", "detail": "str"})


def test_in_no_effect_no_choice_about_attraction_reaches_anybody() -> None:
    """Everything on in the world, everything chosen by the policy: the customers are the same to the last bit; any
    lever that acted would show (negative control)."""
    scenario = changed(shipped(*SMALL, "world=no_effect", *TALKING, FEE), {**TOUCHY, **ON, **MANY})
    chosen = {**PRESENT, **PUSHING}
    one, other = simulate(scenario, 32), simulate(changed(scenario, chosen), 32)
    pd.testing.assert_frame_equal(one.customers, other.customers, check_exact=True)
    pd.testing.assert_frame_equal(decided(one), decided(other), check_exact=True)
    kinds = set(other.events["event"].astype(str))
    assert {"called", "answered", "way_chosen", "meeting_refused", "checkout_abandoned", "deterred"} <= kinds
    for lever in ("marketing", "selling", "handling"):
        acting = changed(scenario, {f"world.levers.{lever}": 1.0})
        assert not decided(simulate(acting, 32)).equals(decided(simulate(changed(acting, chosen), 32))), lever


COMING = {
    "horizon_months": 24.0, "market.arrival.candidates_per_month": 400.0, "world.deciding.win_intercept": -20.0,
    "market.selling.touches": 1, "market.arrival.referral_candidates_per_month": 0.0,
    "policy.attraction.gated": 0.6, "policy.attraction.cold": 0.5, "world.attracting.calling.hours": 0.01,
}  # fmt: skip
"""Many candidates of whom nobody buys."""


@lru_cache(maxsize=1)
def coming_run() -> Run:
    parts = {**part_of("gate", 0), **part_of("calling", 0, 1), **part_of("meetings", 0)}
    return simulate(changed(shipped(), {**parts, **COMING}), 33)


def count(run: Run, kind: str, detail: str = "") -> int:
    found = run.events["event"] == kind
    return int((found & (run.events["detail"] == detail)).sum()) if detail else int(found.sum())


def is_share(yes: int, n: int, p: float) -> bool:
    """Within 4 standard errors."""
    return n > 200 and abs(yes / n - p) <= 4.0 * sqrt(p * (1.0 - p) / n)


def test_a_gate_keeps_some_away_and_finds_others() -> None:
    """6 in 10 meet the gate: a quarter of them is put off; of who would not ask 3 in 10 of them leave an address, 3
    in 10 of these become leads when called."""
    run, n = coming_run(), len(coming_run().customers)
    asked, put_off = count(run, "lead", "primary"), count(run, "put_off")
    left, called = count(run, "address_left"), count(run, "called", "contact")
    assert is_share(put_off, put_off + asked, 0.6 * 0.25)
    assert is_share(left, n - asked - put_off, 0.6 * 0.3)
    assert left - called <= 0.06 * left, "the last ones are not called before the horizon"
    assert is_share(count(run, "lead", "contact"), called, 0.3)


def test_who_is_called_out_of_the_blue_answers_ever_less() -> None:
    """Each call against its own probability, .1 exp(-.5 t); with a flat rate the sum would be off (control)."""
    run = coming_run()
    cold = run.events[(run.events["event"] == "called") & (run.events["detail"] == "cold")]
    chance = 0.1 * np.exp(-0.5 * cold["time_days"].to_numpy() / DAYS_PER_YEAR)
    excess = (cold["value"].to_numpy() - chance).sum() / sqrt((chance * (1.0 - chance)).sum())
    assert len(cold) > 500 and abs(excess) <= 4.0
    assert count(run, "lead", "cold") == int(cold["value"].sum())
    assert coming.response(0.1, 0.5, 5.0) == pytest.approx(0.1 * exp(-2.5))
    assert coming.response(0.5, -1.0, 9.0) == 1.0


def test_a_meeting_is_given_to_sellers_who_serve() -> None:
    """Refused: .6 x (1 - courtesy), courtesy of nominal effort .5 / (.5 + .25)."""
    run = coming_run()
    leads = count(run, "lead")
    assert is_share(count(run, "meeting_refused"), leads, 0.6 * (1.0 - saturate(0.5, 0.25)))
    assert coming.meets(0.0, 0.0) == coming.meets(1.0, 1.0) == 1.0


def test_calls_take_sellers_hours() -> None:
    """Each call is a job of the sales team, besides the touches of leads."""
    run = coming_run()
    jobs = run.resources.loc[run.resources["team"] == "sales", "arrivals"].sum()
    touches = count(run, "sales_touch") + count(run, "lead_abandoned")
    assert jobs >= touches + count(run, "called") > count(run, "called") > 0


def test_persistence_counts_doublings() -> None:
    assert coming.persistence(0.4, 1.0) == 0.0
    assert coming.persistence(0.4, 6 / 5) == pytest.approx(0.4 * log2(1.2))
    assert coming.persistence(0.4, 0.5) == -0.4


def test_research_is_a_time_before_the_first_contact() -> None:
    """Median of lead time minus the time of becoming a candidate; 4 standard errors of a median."""
    nobody = {"world.deciding.win_intercept": -20.0, "market.selling.touches": 1, "horizon_months": 24.0}
    run = simulate(changed(shipped(), {**nobody, **part_of("research", 0)}), 34)
    leads = run.events[run.events["event"] == "lead"].set_index("customer")["time_days"]
    took = leads - run.customers.set_index("customer")["candidate_days"].reindex(leads.index)
    error = 1.2533 * 0.4 / sqrt(len(took))
    assert abs(np.log(took.median() / 30.0)) <= 4.0 * error
    assert np.log(took).std() == pytest.approx(0.4, rel=0.15)


def test_preferences_drift_and_closed_ways_cost() -> None:
    """Way chosen against each lead's own probability; while the web is closed nobody takes it."""
    assert coming.drifted((0.3, 0.1, 0.6), (0.1, 0.1, 0.1), 7.0) == pytest.approx((0.3, 0.1, 0.6))
    assert coming.drifted((0.5, 0.2, 0.3), (0.2, 0.0, 0.0), 3.0)[0] == pytest.approx(
        0.5 * exp(0.6) / (0.5 * exp(0.6) + 0.5)
    )
    changes = {
        "world.deciding.win_intercept": -20.0, "market.selling.touches": 1, "horizon_months": 24.0,
        "policy.attraction.app": 1.0, **part_of("ways", 0), "world.attracting.ways.drift": (0.0, 2.0, 0.0),
    }  # fmt: skip
    chosen = simulate(changed(shipped(), changes), 35).events
    chosen = chosen[chosen["event"] == "way_chosen"]
    grown = 0.1 * np.exp(2.0 * chosen["time_days"].to_numpy() / DAYS_PER_YEAR)
    p = grown / (grown + 0.9)
    by_app = (chosen["detail"] == "app").to_numpy()
    assert abs((by_app - p).sum()) <= 4.0 * sqrt((p * (1.0 - p)).sum())
    assert not (chosen["detail"] == "web").any()
    assert ((chosen["value"] == 1.0) | (chosen["detail"] == "rep")).all()


def test_the_web_sells_without_sellers() -> None:
    """Nobody prefers a seller: no job reaches the sales team, nobody gives up waiting, and people buy."""
    everybody = {"world.attracting.ways.shares": (1.0, 0.0, 0.0), "policy.attraction.web": 1.0}
    run = simulate(changed(shipped(), {**everybody, "horizon_months": 12.0}), 36)
    assert run.resources.loc[run.resources["team"] == "sales", "arrivals"].sum() == 0.0
    assert count(run, "won") > 5


def test_who_leaves_the_checkout_would_have_bought_at_the_quote() -> None:
    """Where nobody moves anybody: the buyers of a shop that hides a charge are those who buy in spite of it and those
    who leave when it shows, on the same luck."""
    silent = {"world.society.reactions.tell": 0.0, "world.society.reactions.review": 0.0}
    shop = changed(shipped(*SMALL, "world=no_effect", *TALKING, FEE), {**QUIET, **silent})
    hidden, shown = simulate(shop, 37), simulate(changed(shop, part_of("checkout", 0, 1)), 37)

    def who(run: Run, kind: str) -> set[int]:
        return set(run.events.loc[run.events["event"] == kind, "customer"])

    left, bought = who(shown, "checkout_abandoned"), who(shown, "won")
    assert left | bought == who(hidden, "won") and not left & bought
    assert len(left) > 2 and not who(hidden, "checkout_abandoned")
    honest = changed(shop, {**part_of("checkout", 0, 1), "pricing.conditions.hidden_fee_share": 0.0})
    assert who(simulate(honest, 37), "won") == who(hidden, "won")


def test_information_draws_people_and_takes_noise_out_of_what_they_expect() -> None:
    firm = firm_of(changed(shipped(), {**part_of("material", 0), "world.attracting.material.accuracy": 1.0}))
    appear(firm, RESERVED._replace(material=0.2), 1.0)
    assert firm.marketing_effect == pytest.approx(0.8 * (1.0 + 0.5 * 0.5))
    assert firm.clarity == pytest.approx(0.5)
    people = [person(customer=number, fit=0.9) for number in range(400)]
    vague = [expected_fit(firm_of(shipped()), c) for c in people]
    clear = [expected_fit(firm, c) for c in people]
    assert np.mean(clear) > np.mean(vague) and np.std(clear) < np.std(vague)
    firm.clarity = 1.0
    assert [expected_fit(firm, c) for c in people] == pytest.approx([0.9] * 400)


def echo_after(delay_days: float, effort: float = 1.0, **replies: float) -> float:
    """Share of one story's pull that is left 60 days after it began, answered after `delay_days`."""
    changes = {f"world.attracting.replies.{key}": value for key, value in replies.items()}
    firm = firm_of(changed(small(), {**part_of("replies", 0, 1), **changes}))
    firm.presence = RESERVED._replace(answers=effort, spreads=effort)
    hours = firm.world.attracting.replies.hours * firm.market.tickets.handling_hours * effort
    firm.support.set_people(0.0 if delay_days == np.inf else hours / 8.0 / delay_days)
    tell(firm, 7, 1.0, good=False)
    firm.clock.run(until=60.0)
    rumour = firm.circle.rumour
    assert rumour is not None
    return rumour._warned.at(60.0) / (rumour.talk.people * 0.5)


def test_the_sooner_an_answer_the_less_of_the_echo_is_heard() -> None:
    """What is left after the answer is left by .7 x .8 less, whenever it comes; heard until then stays heard. The area
    under the echo is the number of people reached."""
    assert echo_after(np.inf) == pytest.approx(1.0)
    assert echo_after(1.0) == pytest.approx(1.0 - 0.7 * 0.8)
    assert echo_after(1.0, effort=0.5) == pytest.approx(1.0 - 0.5 * 0.7 * 0.8)
    assert echo_after(1.0, calms=-0.5) == pytest.approx(1.0 + 0.7 * 0.5), "an answer can stir"
    assert echo_after(30.0) == pytest.approx(1.0 - 0.7 * 0.8)
    assert echo_after(90.0) == pytest.approx(1.0)


def kept_away(answers: float, calms: float) -> int:
    """Candidates deterred in a run of a firm whose every bad touch is told."""
    changes = {
        "policy.attraction.answers": answers, "policy.attraction.queue_place": -1000.0,
        "market.arrival.candidates_per_month": 15.0, "world.society.talk.people": 10.0,
        "world.attracting.replies.public": 1.0, "world.attracting.replies.calms": calms,
    }  # fmt: skip
    return count(simulate(changed(small(), changes), 41), "deterred")


def test_answers_keep_candidates_or_lose_them_as_the_world_says() -> None:
    calmed, silent, stirred = kept_away(1.0, 0.8), kept_away(0.0, 0.8), kept_away(1.0, -0.8)
    assert calmed < silent < stirred, (calmed, silent, stirred)


INNOVATION, IMITATION, MARKET = 0.03, 0.38, 600.0
"""Means of published studies (Sultan, Farley & Lehmann 1990), taken per month."""
BUYING_AT_ONCE = {
    "world.attracting.diffusion.market_months": MARKET / 70.0, "market.arrival.candidates_per_month": 70.0,
    "market.arrival.lead_share": INNOVATION * MARKET / 70.0,
    "market.arrival.referral_candidates_per_month": 0.0, "world.deciding.win_intercept": 20.0,
    "market.selling.cycle_median_days": 0.01, "market.selling.cycle_sigma": 0.0, "market.selling.touches": 1,
    "market.onboarding.lag_days": 1400.0, "market.contract.term_months": 120, "market.contract.billing_months": 60,
    "survey.moments": {},
}  # fmt: skip
"""Who asks buys at once and nothing else happens."""


def adopted(imitation: float, replications: int) -> list[Any]:
    """When customers have bought, in months, per replication."""
    changes = {**BUYING_AT_ONCE, "world.attracting.diffusion.imitation": imitation}
    scenario = changed(shipped(*SMALL, "world=no_effect", *TALKING, FEE), changes)
    return [simulate(scenario, 38, r).customers["won_days"].to_numpy() / DAYS_PER_MONTH for r in range(replications)]


def bass(innovation: float, imitation: float, time: float) -> float:
    """Share that has bought by `time`: (1 - e^-(p+q)t) / (1 + (q/p) e^-(p+q)t) (Bass 1969)."""
    faded = exp(-(innovation + imitation) * time)
    return (1.0 - faded) / (1.0 + imitation / innovation * faded)


def test_buyers_who_are_imitated_follow_the_law_of_bass() -> None:
    """Mean share of the market that has bought, 20 replications, 4 standard errors; a bias of .07 would be seen where
    the curve is steep, of .03 else. Without imitation it is another curve (negative control)."""
    curves = adopted(IMITATION / INNOVATION, 20)
    for months, delta in ((2.0, 0.03), (6.0, 0.07), (8.0, 0.07), (11.9, 0.03)):
        shares = [float((won <= months).sum()) / MARKET for won in curves]
        check_mean(shares, bass(INNOVATION, IMITATION, months), delta)
    alone = float((adopted(0.0, 1)[0] <= 11.9).sum()) / MARKET
    assert abs(alone - (1.0 - exp(-INNOVATION * 11.9))) < 0.1 < bass(INNOVATION, IMITATION, 11.9) - alone


def test_the_closed_form_is_the_published_one() -> None:
    """Values at years 1, 2, 5, 10 for p = .03, q = .38."""
    found = [round(bass(0.03, 0.38, t), 5) for t in (1, 2, 5, 10)]
    assert found == [0.03576, 0.08506, 0.33120, 0.81280]
    assert coming.most_spread(0.5) == 1.0
    assert coming.most_spread(3.0) == pytest.approx(max(coming.spread(f / 1000, 3.0) for f in range(1001)))


def test_a_market_that_would_need_more_candidates_than_there_are_is_refused() -> None:
    with pytest.raises(InputError, match="lead_share"):
        _check_together(changed(shipped(), {**part_of("diffusion", 0), "world.attracting.diffusion.imitation": 9.0}))
    with pytest.raises(InputError, match="market_months"):
        changed(shipped(), {"world.attracting.diffusion.imitation": 1.0})
