"""What happens around the firm: a shock, a rival, imitation, changing needs."""

from __future__ import annotations

from functools import lru_cache
from math import exp
from typing import Any

import numpy as np
import pandas as pd
import pytest
from labkit import QUIET, changed, check_mean, firm_of, person, runs, shipped, standard_errors

from sim.agents.climate import climate_of
from sim.agents.followers import Followers
from sim.agents.renewing import renewal_terms
from sim.events import CUSTOMER_DECIDED, ORGANISATION
from sim.recorder import Run
from sim.rules.surroundings import copied, entrant_pull, fit_after_change, shock_strength
from sim.simulation import simulate
from sim.units import DAYS_PER_YEAR, days, months

SHORT = ("candidates_share=0.15", "horizon_months=36")
EARLY = {"world.shock.begins_month": 14}
EVERYTHING = {
    **EARLY,
    "world.shock.months": 10, "world.shock.needs_lost": 0.3,
    "world.shock.share_shift": -0.3, "world.shock.distance": 0.3,
    "world.needs.changes_per_year": 0.5,
    "world.rivals.enters_month": 6, "world.rivals.pull": 1.0,
    "world.rivals.copies_experience_per_year": 2.0, "world.rivals.copies_outcome_per_year": 2.0,
}  # fmt: skip
OFF = {
    "needs": {"needs.fit_lost": 0.9},
    "shock": {
        "shock.begins_month": 3, "shock.lasting_share": 0.9, "shock.demand_lost": 0.9, "shock.budget_lost": 0.9,
        "shock.squeeze": 5.0, "shock.distance": 0.9, "shock.share_shift": -0.5, "shock.needs_lost": 0.9,
    },
    "rivals": {"rivals.enters_month": 3, "rivals.build_days": 5.0},
}  # fmt: skip
ON = {
    "needs": [{"needs.changes_per_year": 0.5}],
    "shock": [
        {"shock.months": 10, **{f"shock.{name}": 0.0 for name in ("demand_lost", "budget_lost", "squeeze")}, **depth}
        for depth in (
            {"shock.demand_lost": 0.5}, {"shock.budget_lost": 0.5}, {"shock.squeeze": 1.0}, {"shock.distance": 0.3},
            {"shock.share_shift": 0.5}, {"shock.needs_lost": 0.3},
        )
    ],
    "rivals": [
        {"rivals.pull": 1.0, "rivals.enters_month": 6}, {"rivals.copies_experience_per_year": 3.0},
        {"rivals.copies_outcome_per_year": 3.0},
    ],
}  # fmt: skip


def run_of(changes: dict[str, Any], *overrides: str, seed: int = 3) -> Run:
    return simulate(changed(shipped(*SHORT, *overrides), changes), seed)


def of_world(changes: dict[str, Any]) -> dict[str, Any]:
    return {f"world.{place}": value for place, value in changes.items()}


def same(a: Run, b: Run) -> bool:
    return all(a.tables[name].equals(b.tables[name]) for name in a.tables)


@lru_cache(maxsize=1)
def calm() -> Run:
    """A firm with a lead in service and another in outcomes, so that both can be copied."""
    return run_of({}, "policy=experience_focused", "policy/product=fitting")


@pytest.mark.parametrize("part", ON)
def test_switched_off_nothing_else_of_it_counts_and_switched_on_each_part_does(part: str) -> None:
    """Tables to the last bit; the control switches on one depth at a time."""
    policy = ("policy=experience_focused", "policy/product=fitting")
    assert same(run_of(of_world(OFF[part]), *policy), calm())
    for depth in ON[part]:
        assert not same(run_of({**EARLY, **of_world(depth)}, *policy), calm()), depth


def decided(run: Run) -> pd.DataFrame:
    events = run.events[run.events["event"].isin([*CUSTOMER_DECIDED, "needs_changed"])].reset_index(drop=True)
    return events.astype({"event": "str", "detail": "str"})


def test_without_effects_the_surroundings_are_the_same_under_every_policy() -> None:
    """`no_effect` with everything switched on: customers to the last bit; the surroundings themselves do act."""
    first = run_of(EVERYTHING, "world=no_effect")
    for policy in ("experience_focused", "outcome_focused"):
        other = run_of(EVERYTHING, "world=no_effect", f"policy={policy}")
        pd.testing.assert_frame_equal(other.customers, first.customers, check_exact=True)
        pd.testing.assert_frame_equal(decided(other), decided(first), check_exact=True)
    assert (first.events["event"] == "needs_changed").sum() > 10
    assert not decided(run_of({}, "world=no_effect")).equals(decided(first))


def test_strength_of_a_shock() -> None:
    """Before, while, after; nothing ever if it lasts no month."""
    assert [shock_strength(m, 3, 2, 0.4) for m in range(7)] == [0.0, 0.0, 0.0, 1.0, 1.0, 0.4, 0.4]
    assert [shock_strength(m, 0, 0, 1.0) for m in range(3)] == [0.0, 0.0, 0.0]


def test_pull_of_an_entrant() -> None:
    assert entrant_pull(-1.0, 2.0, 100.0) == entrant_pull(0.0, 2.0, 100.0) == 0.0
    assert entrant_pull(100.0, 2.0, 100.0) == pytest.approx(2.0 * (1.0 - exp(-1.0)))
    assert entrant_pull(1e6, -2.0, 100.0) == pytest.approx(-2.0)


def test_money_comes_back_and_part_of_the_rest_stays() -> None:
    """Climates of a month before, in and after a shock, from its numbers."""
    shock = {**EVERYTHING, "world.shock.lasting_share": 0.5, "world.rivals.pull": 0.0}
    world = changed(shipped(*SHORT), shock).world
    before, within, after = (climate_of(world, month) for month in (13, 14, 24))
    assert before == climate_of(shipped(*SHORT).world, 13)
    assert within.share_experience == pytest.approx(0.5 - 0.3)
    assert after.share_experience == pytest.approx(0.5 - 0.15)
    assert (within.demand, within.budget) == (1.0 - world.shock.demand_lost, 1.0 - world.shock.budget_lost)
    assert (after.demand, after.budget, after.squeeze) == (1.0, 1.0, 0.0)
    assert within.courtesy_half > after.courtesy_half > before.courtesy_half


def test_a_budget_cut_is_the_same_share_for_everybody_and_the_books_still_close() -> None:
    def budget(run: Run) -> pd.Series:
        own = run.ledger[run.ledger["party"] == ORGANISATION]
        sums = own.groupby("time_days")["amount"].sum()
        assert sums.abs().max() < 1e-6
        return own[own["account"] == "budget"].set_index("time_days")["amount"]

    cut = {**EARLY, "world.shock.months": 10, "world.shock.budget_lost": 0.3}
    ratio = budget(run_of(cut)) / budget(run_of({}))
    month = np.round(ratio.index.to_numpy() / days(1)).astype(int)
    assert np.allclose(ratio, np.where((month >= 14) & (month < 24), 0.7, 1.0))
    assert budget(run_of(cut, "policy=outcome_focused", seed=4)).equals(budget(run_of(cut)))


def test_leads_lost_to_a_slump() -> None:
    """A pull of .5 makes .5 / (.5 + 1) of the candidates leads instead of .5; 20 replications, detects .1."""
    slump = {"world.shock.begins_month": 0, "world.shock.months": 36, "world.shock.demand_lost": 0.5}
    alone = {"world.word_of_mouth.reputation_lead_gain": 0.0, "world.levers.marketing": 0.0}
    scenario = changed(shipped("candidates_share=0.5", "horizon_months=12"), {**QUIET, **slump, **alone})
    shares = [float((run.events["detail"] == "primary").sum() / (run.customers["stream"] == "primary").sum())
              for run in runs(scenario, seed=5)]  # fmt: skip
    check_mean(shares, 1.0 / 3.0, delta=0.1)


def test_what_a_rival_and_a_squeeze_take_is_in_the_terms() -> None:
    """The renewal logit falls by exactly what the climate says, under the causes competitor and price."""
    firm, c = firm_of(shipped(*SHORT)), person(price_sensitivity=2.0)
    c.account.term, c.account.contract, c.latent.charged = 1, 1, 1200.0
    before = renewal_terms(firm, c)
    firm.climate = firm.climate._replace(squeeze=0.7, entrant=0.9)
    after = renewal_terms(firm, c)
    assert after.price - before.price == pytest.approx(-2.0 * 0.7)
    assert after.competitor - before.competitor == pytest.approx(-0.9)
    assert (after.base, after.value, after.champion) == (before.base, before.value, before.champion)


LOST, RATE, YEARS = 0.25, 0.8, 3.0


def test_drifting_needs_in_closed_form() -> None:
    """Changes at rate r that each take a share j leave exp(-r j t) of fit; 20 groups of 100 people, detects 4 %."""
    drift = {"world.needs.changes_per_year": RATE, "world.needs.fit_lost": LOST}
    groups = []
    for seed in range(20):
        firm = firm_of(changed(shipped(*SHORT), drift), seed)
        people = [person(customer=number, fit=0.8) for number in range(100)]
        for c in people:
            c.account.contract, c.account.won_days, c.first_won_days = 1, 0.0, 0.0
            firm.world.process.live(c, firm, 1.0)
        firm.clock.run(until=YEARS * DAYS_PER_YEAR)
        for c in people:
            firm.world.process.advance(c, firm)
        groups.append(float(np.mean([c.latent.fit for c in people])))
    exact = 0.8 * exp(-RATE * LOST * YEARS)
    check_mean(groups, exact, delta=0.04 * exact)
    with pytest.raises(AssertionError, match="is not"):
        check_mean(groups, 0.8 * exp(-RATE * YEARS), delta=1.0)


def test_a_shock_on_the_last_day_comes_too_late() -> None:
    """The horizon is the end: what is due on it has not happened."""
    last = round(months(shipped(*SHORT).windows.horizon_days))
    before, on_it, after = (
        run_of(of_world({"shock.months": 6, "shock.needs_lost": 0.5, "shock.begins_month": month}))
        for month in (last - 1, last, last + 12)
    )
    assert same(on_it, after) and not same(before, after)


def test_what_no_longer_fits_is_aligned_again_by_what_comes_after() -> None:
    """Only improvement since the change works on what the change has taken."""
    shock = {**EARLY, "world.shock.months": 1, "world.shock.needs_lost": 0.5}
    firm, c = firm_of(changed(shipped(*SHORT), shock)), person()
    c.account.contract, c.account.won_days, c.first_won_days = 1, 0.0, 0.0
    process, first = firm.world.process, firm.releases[0]
    process.live(c, firm, 1.0)
    firm.releases.append(first._replace(days=days(12), improvement=0.2))
    firm.releases.append(first._replace(days=days(18), improvement=0.5))
    seen = []
    for month in (13, 15, 19):
        firm.clock.run(until=days(month))
        process.advance(c, firm)
        seen.append(c.latent.fit)
    better = 1.0 - (1.0 - c.traits.fit) * exp(-0.2)
    fallen = fit_after_change(better, 0.5)
    assert seen == pytest.approx([better, fallen, 1.0 - (1.0 - fallen) * exp(-0.3)])


def test_tickets_after_a_change_are_those_of_the_new_needs() -> None:
    """Two shocks that leave no fit, a month apart: from the later one on, the very same tickets. Candidates passed
    over while the fit was good would be missing (control: the bound taken for the rate of the day)."""
    plain = {"market.tickets.use_floor": 1.0, "market.tickets.per_month": 3.0, "world.shock.months": 1}
    plain |= {f"world.shock.{name}": 0.0 for name in ("demand_lost", "budget_lost", "squeeze")}
    gone = {"world.shock.needs_lost": 1.0, "world.value.weight": 0.0, **plain}

    def tickets(month: int) -> set[tuple[int, int]]:
        run = run_of({**gone, "world.shock.begins_month": month}, "world=no_effect")
        early = run.customers["won_days"] < days(17)
        events = run.events[run.events["customer"].isin(run.customers["customer"][early])]
        late = events[(events["event"] == "ticket_raised") & (events["time_days"] > days(20))]
        return set(zip(late["customer"], late["occurrence"], strict=True))

    reached = tickets(20)
    assert reached == tickets(19)
    assert len(reached) > 300
    from sim.agents.ticket_stream import TicketStream

    wrong = pytest.MonkeyPatch()
    see = TicketStream._see_release

    def careless(self: TicketStream, firm: Any, c: Any) -> None:
        see(self, firm, c)
        self._most = self._level

    with wrong.context() as patch:
        patch.setattr(TicketStream, "_see_release", careless)
        assert tickets(20) < reached


def test_copying_closes_a_lead_exponentially_and_never_forgets() -> None:
    level = 0.0
    for _ in range(12):
        level = copied(level, 0.2, 1.5, 1.0 / 12.0)
    assert level == pytest.approx(0.2 * (1.0 - exp(-1.5)))
    assert copied(level, -0.1, 1.5, 1.0) == copied(level, 0.2, 0.0, 1.0) == level


def test_customers_hear_of_a_rise_once() -> None:
    followers, c = rivals_with(copies_experience_per_year=12.0, watch_days=days(6)), person()
    for lead in (0.1, 0.3):
        followers.observe(lead, lead)
    followers.follow()
    expected = 0.2 * (1.0 - exp(-1.0 / 6.0)) * (1.0 - exp(-1.0))
    assert (followers.service, followers.outcome) == (pytest.approx(expected), 0.0)
    for _ in range(3):
        followers.tell_service(c)
        followers.tell_outcome(c)
    assert (c.latent.expected_service, c.latent.expected_outcome) == (pytest.approx(expected), 0.0)


def rivals_with(**numbers: float) -> Followers:
    changes = {f"world.rivals.{name}": value for name, value in numbers.items()}
    return Followers(changed(shipped(*SHORT), changes).world.rivals)


def test_a_lead_that_lasts_is_copied_and_luck_is_not() -> None:
    """Five years of waves, service and outcome alike. A steady lead is copied almost whole; good and bad waves in turn
    are none, though nothing is forgotten. Rivals who take every wave for a lead copy luck (the control)."""

    def after(years: int, watch_days: float, *leads: float) -> tuple[float, float]:
        followers = rivals_with(copies_experience_per_year=3.0, copies_outcome_per_year=3.0, watch_days=watch_days)
        for month in range(12 * years):
            if month % 3 == 0:
                lead = leads[month // 3 % len(leads)]
                followers.observe(lead, lead)
            followers.follow()
        assert followers.service == followers.outcome
        return followers.service, max(leads)

    shipped_days = shipped(*SHORT).world.rivals.watch_days
    level, lead = after(5, shipped_days, 0.1)
    assert 0.97 * lead < level < lead
    level, luck = after(5, shipped_days, 0.1, -0.1)
    assert level < 0.15 * luck
    level, luck = after(5, 1.0, 0.1, -0.1)
    assert level > 0.9 * luck


def test_an_outcome_is_compared_with_the_reference_at_the_same_age() -> None:
    """Who attains what reference customers of the same age attain is no lead; a year later the same outcome is less."""
    scenario = changed(shipped(*SHORT), {"world.rivals.copies_outcome_per_year": 3.0})
    firm, c, reference = firm_of(scenario), person(), scenario.market.reference
    process, followers = firm.world.process, rivals_with(copies_outcome_per_year=3.0)
    firm.followers, c.account.contract, c.account.won_days = followers, 1, 0.0
    for tenure_days, years in ((300.0, reference.first_year_outcome), (1500.0, reference.later_outcome)):
        firm.clock.run(until=tenure_days)
        c.latent.ceiling, c.latent.adoption = 1.0, float(np.mean(years))
        process.wave(c, firm, 0)
        followers.follow()
        assert followers.outcome == pytest.approx(0.0, abs=1e-12)
    c.latent.adoption += 0.1
    process.wave(c, firm, 0)
    followers.follow()
    assert followers.outcome > 1e-3


def test_the_reference_has_no_lead_in_outcomes() -> None:
    """Customers of `balanced` attain more the longer they stay; that is no lead, and in the fifth year they perceive
    what they would without copies (compared with the first year's outcome a tenth of their goal less)."""
    copied_ = {"world.rivals.copies_outcome_per_year": 3.0}

    def perceived(changes: dict[str, Any]) -> float:
        run = simulate(changed(shipped("candidates_share=0.3"), changes), 8)
        late = run.surveys[(run.surveys["trigger"] == "wave") & (run.surveys["time_days"] > days(48))]
        return float(late["perceived_outcome"].mean())

    assert perceived(copied_) - perceived({}) == pytest.approx(0.0, abs=0.05)


def test_a_firm_without_a_lead_is_not_copied_and_one_with_a_lead_loses_by_it() -> None:
    """Without any warmth no service is worth copying: tables to the last bit. `experience_focused` is copied: its
    customers' experience falls, 4 SE over 8 paired replications."""
    fast = {"world.rivals.copies_experience_per_year": 4.0, "world.rivals.watch_days": 90.0}
    cold = {f"policy.{point}.warmth": 0.0 for point in ("sales", "onboarding", "support", "success")}
    assert same(run_of(cold), run_of({**fast, **cold}))

    def late_experience(run: Run) -> float:
        waves = run.surveys[(run.surveys["trigger"] == "wave") & (run.surveys["time_days"] > days(24))]
        return float(waves["experience"].mean())

    scenario = shipped(*SHORT, "policy=experience_focused")
    pairs = zip(runs(scenario, 6, 8), runs(changed(scenario, fast), 6, 8), strict=True)
    assert standard_errors([late_experience(copied_) - late_experience(alone) for alone, copied_ in pairs]) < -4.0
