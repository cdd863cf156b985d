"""What holds in every world, under every policy and tariff: order of events, books, queues, surveys."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from labkit import changed, shipped

from sim.events import ORGANISATION, TEAMS
from sim.recorder import Run
from sim.scenario import Scenario
from sim.simulation import simulate
from sim.units import DAYS_PER_MONTH, days

POLICIES = [
    *("balanced", "traditional", "experience_focused", "outcome_focused", "csm_corrective", "cx_preventative"),
    *("operations_optimised", "virtuous_cycle", "amortised_bundle"),
]
WORLDS = ["both_matter", "no_effect", "lock_in", "outcomes_decide", "experience_decides", "mirror"]
PRICINGS = [
    *("seat_subscription", "usage_based", "outcome_based", "freemium", "perpetual_licence", "tiered", "two_part"),
    *("product_subscription", "services_sow", "services_outcome", "yield_share", "outcome_trued_up", "menu"),
]
KEYS: dict[str, st.SearchStrategy[Any]] = {
    "market.contract.term_months": st.sampled_from([1, 3, 6, 12, 24]),
    "market.contract.involuntary_per_term": st.sampled_from([0.0, 0.2]),
    "market.contract.win_back_days": st.floats(1.0, 60.0),
    "market.contract.champion_loss_per_year": st.floats(0.0, 2.0),
    "market.onboarding.lag_days": st.sampled_from([0.0, 10.0, 400.0]),
    "market.onboarding.abandon_per_day": st.sampled_from([0.0, 0.02]),
    "market.onboarding.task_hours": st.floats(0.1, 60.0),
    "market.tickets.per_month": st.floats(0.0, 6.0),
    "market.tickets.handling_hours": st.floats(0.01, 20.0),
    "market.tickets.reopen_days": st.floats(0.1, 20.0),
    "market.arrival.season_amplitude": st.floats(0.0, 1.0),
    "market.selling.cycle_median_days": st.floats(0.1, 150.0),
    "market.people.patience_median_days": st.floats(0.1, 30.0),
    "market.frailty.mean_logit": st.floats(-2.0, 4.0),
    "world.share_experience": st.floats(0.0, 1.0),
    "world.value.weight": st.floats(0.0, 3.0),
    "world.value.tenure_shift": st.sampled_from([0.0, 0.5]),
    "world.deciding.cancel_intercept": st.floats(-6.0, 0.0),
    "world.deciding.win_back_intercept": st.floats(-3.0, 3.0),
    "world.deciding.win_intercept": st.floats(-4.0, 3.0),
    "world.word_of_mouth.referral_fit_gain": st.sampled_from([0.0, 0.3]),
    "world.silence.share": st.sampled_from([0.0, 0.5]),
    "policy.engagement.effort": st.sampled_from([0.0, 1.0]),
    "world.engaging.touch": st.floats(0.0, 1.0),
    "world.engaging.noticing": st.floats(0.0, 10.0),
    "policy.monitoring.usage": st.just(True),
    "policy.monitoring.effort": st.floats(0.0, 3.0),
    "world.knowing.weight": st.sampled_from([0.0, 1.0]),
    "policy.feedback.share": st.sampled_from([0.0, 1.0]),
    "policy.research.inquiry": st.floats(0.0, 1.0),
    "world.needs.changes_per_year": st.floats(0.0, 3.0),
    "world.shock.months": st.integers(0, 12),
    "world.shock.begins_month": st.integers(0, 20),
    "world.shock.needs_lost": st.sampled_from([0.0, 0.5]),
    "world.rivals.pull": st.floats(-2.0, 2.0),
    "world.rivals.copies_experience_per_year": st.floats(0.0, 5.0),
    "world.rivals.copies_outcome_per_year": st.floats(0.0, 5.0),
    "world.society.reactions.tell": st.floats(0.0, 1.0),
    "world.society.reactions.stop": st.floats(0.0, 1.0),
    "world.society.reactions.review": st.floats(0.0, 1.0),
    "world.society.reactions.abandon": st.floats(0.0, 1.0),
    "world.society.reactions.tolerance": st.sampled_from([0.0, 0.3]),
    "world.society.attachment.repurchase": st.floats(-2.0, 2.0),
    "world.stakes.provider": st.floats(0.0, 1.0),
    "world.stakes.customer": st.floats(0.0, 1.0),
    "world.trying.pull": st.sampled_from([0.0, 2.0]),
    "world.trying.own_hours": st.floats(0.0, 100.0),
    "world.society.kindness.delight_strength": st.floats(0.0, 1.0),
    "policy.gestures.thanks": st.just(True),
    "policy.gestures.surprise_share": st.floats(0.0, 1.0),
    "policy.gestures.surprise_effort": st.floats(0.0, 5.0),
    "policy.gestures.depth": st.floats(0.0, 3.0),
    "world.attracting.gate.avoiding": st.sampled_from([0.0, 0.3]),
    "world.attracting.gate.captured": st.sampled_from([0.0, 0.3]),
    "world.attracting.calling.cold": st.sampled_from([0.0, 0.3]),
    "world.attracting.calling.contacts": st.sampled_from([0.0, 0.5]),
    "world.attracting.meetings.refused": st.floats(0.0, 1.0),
    "world.attracting.ways.shares": st.just((0.3, 0.3, 0.4)),
    "policy.attraction.gated": st.floats(0.0, 1.0),
    "policy.attraction.cold": st.floats(0.0, 1.0),
    "policy.attraction.material": st.floats(0.0, 1.0),
    "policy.attraction.web": st.floats(0.0, 1.0),
    "policy.sales.touches": st.floats(0.1, 5.0),
    "policy.sales.discount_share": st.sampled_from([0.0, 0.3]),
    "policy.sales.qualification_bar": st.floats(0.0, 1.0),
    "policy.staffing.support": st.floats(0.0, 3.0),
    "policy.staffing.reserve_share": st.floats(0.0, 0.5),
    "policy.staffing.listening": st.floats(0.0, 5.0),
    "survey.wave_months": st.floats(0.5, 12.0),
}


class Choice(NamedTuple):
    """What makes a random scenario; short to print when something fails."""

    groups: tuple[str, ...]
    changes: dict[str, Any]

    def scenario(self) -> Scenario:
        return changed(shipped(*self.groups, "survey=all_moments", "candidates_share=0.25"), self.changes)


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    """Any world, policy and tariff, with a handful of keys far from their defaults."""
    groups = (("world", WORLDS), ("policy", POLICIES), ("pricing", PRICINGS))
    chosen = tuple(f"{group}={draw(st.sampled_from(names))}" for group, names in groups)
    names = draw(st.lists(st.sampled_from(sorted(KEYS)), max_size=8, unique=True))
    changes = {name: draw(KEYS[name]) for name in names}
    term = changes.get("market.contract.term_months", 12)
    changes["market.contract.billing_months"] = draw(st.sampled_from([m for m in (1, 3, 12) if term % m == 0]))
    changes["horizon_months"] = draw(st.sampled_from([7.5, 18.0, 31.0]))
    return Choice(chosen, changes)


NEXT = {
    "candidate": {
        "lead": "lead",
        "present": "live",
        **dict.fromkeys(("deterred", "put_off", "address_left", "called"), "candidate"),
    },
    "lead": {
        **dict.fromkeys(("way_chosen", "sales_touch", "told", "reviewed"), "lead"),
        **dict.fromkeys(("disqualified", "meeting_refused", "broke_off", "lead_abandoned", "lost"), "gone"),
        "checkout_abandoned": "gone",
        "won": "project",
        "signed_up_free": "trying",
    },
    "trying": {
        **dict.fromkeys(("first_value", "ticket_raised", "contact_end", "ticket_resolved", "advocacy"), "trying"),
        **dict.fromkeys(("incident", "self_served", "refused", "promise_kept", "promise_broken"), "trying"),
        **dict.fromkeys(("needs_changed", "problem_silent", "proactive_fix", "told", "reviewed"), "trying"),
        "stopped_free": "gone",
        "converted": "paying",
    },
    "paying": {"won": "project"},
    "project": {
        "appointment_missed": "project",
        "implementation_cancelled": "gone",
        "go_live": "live",
        "champion_left": "project",
        **dict.fromkeys(("needs_changed", "told", "reviewed", "notice_given", "staked"), "project"),
        "price_notice": "deciding_early",
    },
    "deciding_early": {"renewed": "renewed_early", "churned": "left"},
    "renewed_early": {"expanded": "project", "contracted": "project"},
    "live": {
        **dict.fromkeys(("first_value", "ticket_raised", "contact_end", "ticket_resolved", "success_contact"), "live"),
        **dict.fromkeys(("needs_changed", "staked"), "live"),
        **dict.fromkeys(("incident", "self_served", "refused", "promise_kept", "promise_broken"), "live"),
        **dict.fromkeys(("heard_of_case", "told", "reviewed", "notice_given"), "live"),
        **dict.fromkeys(("thanked", "surprised", "personalised"), "live"),
        **dict.fromkeys(("advocacy", "champion_left", "engaged", "problem_silent", "proactive_fix"), "live"),
        "upgraded": "live",
        "price_notice": "deciding",
    },
    "deciding": {"renewed": "renewed", "churned": "left"},
    "left": {"seen_off": "left", "exit_largest": "left", "exit_stated": "left", "won_back": "project"},
    "gone": dict.fromkeys(("seen_off", "told", "reviewed"), "gone"),
}
NEXT["renewed_early"] |= NEXT["project"]
NEXT["renewed"] = {**NEXT["live"], "expanded": "live", "contracted": "live"}
CLOSING = {"contact_end", "ticket_resolved", "promise_kept", "refused"}
"""Tickets of an ended contract may still be closed."""
CARRIED = CLOSING | {"promise_broken", "proactive_fix"}
"""What began with a plan without a price and goes on when it is paid for."""


def check_order(run: Run) -> None:
    """Every customer's events follow a path of the state machine, within the horizon, contracts in turn."""
    events = run.events
    assert events["time_days"].is_monotonic_increasing
    assert events["time_days"].between(0.0, run.windows.horizon_days, inclusive="left").all()
    state, contract = {}, {}
    events = events[events["customer"] != ORGANISATION]
    rows = zip(events["customer"], events["event"].astype(str), events["contract"], strict=True)
    for customer, kind, number in rows:
        now, running = state.get(customer, "candidate"), contract.get(customer, 0)
        if kind in CLOSING and (number < running or now in ("left", "project", "gone")):
            continue
        if kind in CARRIED and number == 0 and running == 1:
            continue
        assert kind in NEXT[now], f"{kind} after {now}"
        state[customer] = NEXT[now][kind]
        if kind in ("won", "won_back", "present"):
            contract[customer] = running + 1
        assert number == contract.get(customer, 0), f"{kind} of contract {number} in contract {running}"
    check_status(run, state)


def check_status(run: Run, state: dict[int, str]) -> None:
    """The status at the horizon is where the story stands."""
    shows = {
        "candidate": {"candidate"}, "lead": {"lead"}, "project": {"onboarding"}, "renewed_early": {"onboarding"},
        "trying": {"free"},
        "live": {"active"}, "renewed": {"active"}, "left": {"churned"}, "gone": {"disqualified", "lost", "churned"},
    }  # fmt: skip
    for customer, status in zip(run.customers["customer"], run.customers["status"].astype(str), strict=True):
        assert status in shows[state.get(customer, "candidate")]


def ends(run: Run) -> pd.DataFrame:
    """(customer, contract) -> when it ended."""
    over = run.events[run.events["event"].isin(["churned", "implementation_cancelled", "stopped_free", "converted"])]
    return over.set_index(["customer", "contract"])["time_days"]


def after_end(frame: pd.DataFrame, run: Run, who: str = "customer") -> pd.Series:
    """Days by which a row lies behind the end of its contract; nan while the contract is open."""
    keys = pd.MultiIndex.from_arrays([frame[who], frame["contract"]])
    return frame["time_days"] - ends(run).reindex(keys).to_numpy()


def check_after_churn(run: Run) -> None:
    """No use, ticket, contact, wave, regular invoice or renewal after the end; exit surveys and true-ups may come."""
    stopped = ["ticket_raised", "success_contact", "renewed", "expanded", "advocacy", "price_notice", "go_live"]
    events = run.events[run.events["event"].isin(stopped)]
    assert not (after_end(events, run) > 0.0).any()
    asked = run.surveys[run.surveys["trigger"] != "exit"]
    assert not (after_end(asked, run) > 0.0).any()
    regular = run.ledger[run.ledger["account"].isin(["invoice_regular", "hosting", "discount"])]
    assert not (after_end(regular, run, "party") >= 0.0).any()


def check_free(run: Run) -> None:
    """Before the first payment nothing is invoiced or asked; a plan without a price is left or paid for once."""
    assert set(run.ledger["account"][run.ledger["contract"] == 0][run.ledger["party"] >= 0]) <= {"hosting"}
    assert (run.surveys["contract"] > 0).all()
    over = run.events[run.events["event"].isin(["stopped_free", "converted"])]
    assert not over["customer"].duplicated().any()
    assert set(over["customer"]) <= set(run.events["customer"][run.events["event"] == "signed_up_free"])


def check_tickets(run: Run) -> None:
    """Solved once, after being raised, and the value is the time between."""
    events = run.events
    raised = events[events["event"] == "ticket_raised"].set_index(["customer", "contract", "occurrence"])
    solved = events[events["event"] == "ticket_resolved"].set_index(["customer", "contract", "occurrence"])
    assert not raised.index.duplicated().any()
    assert not solved.index.duplicated().any()
    since = solved["time_days"] - raised["time_days"].reindex(solved.index)
    assert np.allclose(solved["value"], since)
    assert (since >= 0.0).all()


def check_budget(run: Run) -> None:
    """budget + spend + reserve = 0 every month, and the reserve never falls below nothing."""
    own = run.ledger[run.ledger["party"] == ORGANISATION]
    sums = own.groupby("time_days")["amount"].sum()
    scale = own["amount"].abs().max()
    assert sums.abs().max() <= 1e-9 * scale
    kept = -own["amount"][own["account"] == "reserve"].cumsum()
    assert (kept >= -1e-9 * scale).all(), "more was spent than there was"
    assert (own["amount"][own["account"] == "budget"] >= 0.0).all()
    spent = own[own["account"].astype(str).str.startswith("spend_")]
    assert (spent["amount"] <= 0.0).all()
    assert {f"spend_{team}" for team in TEAMS} <= set(own["account"].astype(str))


def check_invoices(run: Run, scenario: Scenario) -> None:
    """Regular invoices follow each other without a gap, and with discounts they sum to the tariff's charges."""
    book = run.ledger[run.ledger["account"] == "invoice_regular"].sort_values(["party", "contract", "covers_from_days"])
    pair = book.groupby(["party", "contract"])
    gap = book["covers_from_days"] - pair["covers_to_days"].shift()
    assert np.allclose(gap.dropna(), 0.0, atol=1e-6)
    first = book[~book.duplicated(["party", "contract"])]
    people = run.customers.set_index("customer")
    won = people["won_days"].reindex(first["party"][first["contract"] == 1])
    assert np.allclose(first["covers_from_days"][first["contract"] == 1], won)
    check_revenue(run, scenario, book)


def check_revenue(run: Run, scenario: Scenario, book: pd.DataFrame) -> None:
    """Advance charges (net plus discount) = tariff x list price x seat changes so far x months, where a tariff asks for
    a share of the list price; those that do not have tests of their own."""
    if not _asks_a_share(scenario):
        return
    changes = run.events[run.events["event"].isin(["expanded", "contracted"])]
    months = scenario.pricing.billing_months or scenario.market.contract.billing_months
    months = min(months, scenario.market.contract.term_months)
    listed = run.customers.set_index("customer")["list_price_per_month"]
    share = scenario.pricing.invoice(_period(months)).in_advance / 100.0
    discounts = run.ledger[run.ledger["account"] == "discount"].groupby(["party", "time_days"])["amount"].sum()
    factors = {c: (t.to_numpy(), f.to_numpy()) for c, t, f in _by_customer(changes)}
    for party, time, amount in zip(book["party"], book["time_days"], book["amount"], strict=True):
        times, factor = factors.get(party, (np.array([]), np.array([])))
        due = share * listed[party] * float(np.prod(factor[times <= time]))
        assert amount + discounts.get((party, time), 0.0) == pytest.approx(due)


def _asks_a_share(scenario: Scenario) -> bool:
    """Whether ten times the list price is billed ten times as high in advance, whatever a customer gains and
    however large it is."""
    tariff = scenario.pricing
    if tariff.options:
        return False
    plain = _period(1)
    others = ({"list_price_per_month": 1000.0}, {"goal_value_per_month": 50.0}, {"seats": 40.0})
    one = tariff.invoice(plain).in_advance
    ten, gaining, large = (tariff.invoice(plain._replace(**other)).in_advance for other in others)
    return one > 0.0 and ten == pytest.approx(10.0 * one) and gaining == large == one


def _by_customer(changes: pd.DataFrame) -> list[tuple[int, pd.Series, pd.Series]]:
    return [(c, rows["time_days"], rows["value"]) for c, rows in changes.groupby("customer")]


def _period(months: int) -> Any:
    from sim.pricing.tariff import Period

    return Period(float(months), 100.0, 0.0, 0.0, 0.0)


def check_resources(run: Run) -> None:
    """Never more people at work than present, nothing negative, nothing served that did not arrive."""
    r = run.resources
    assert (r["busy"] <= r["capacity"] * (1 + 1e-9) + 1e-9).all()
    assert (r[["busy", "queue", "capacity"]] >= -1e-9).all().all()
    totals = r.groupby("team", observed=True)[["arrivals", "served"]].sum()
    assert (totals["served"] <= totals["arrivals"]).all()
    assert (r["time_days"] <= run.windows.horizon_days + 1e-9).all()


def check_surveys(run: Run, scenario: Scenario) -> None:
    """Who answers was invited; at a wave everybody active is on record, and nobody else."""
    s = run.surveys
    assert (s["audit_invited"] | ~s["audit_answered"]).all()
    assert (s["invited"] | ~s["answered"]).all()
    assert s["time_days"].between(0.0, run.windows.horizon_days, inclusive="left").all()
    waves = s[(s["trigger"] == "wave") & (s["instrument"] == "nps")]
    assert np.allclose(waves["time_days"], waves["occurrence"] * days(scenario.survey.wave_months))
    seen = waves.groupby("time_days").size()
    used = run.events[run.events["event"].isin(["go_live", "churned"])]
    live = used.groupby(["customer", "contract"])["event"].transform("first") == "go_live"
    active = used[live]
    step = np.where(active["event"] == "go_live", 1, -1)
    for time, number in seen.items():
        assert number == step[(active["time_days"] < time).to_numpy()].sum()


def check(run: Run, scenario: Scenario) -> None:
    check_order(run)
    check_after_churn(run)
    check_free(run)
    check_tickets(run)
    check_budget(run)
    check_invoices(run, scenario)
    check_resources(run)
    check_surveys(run, scenario)


@settings(max_examples=30, database=None, derandomize=True, phases=[Phase.generate])
@given(choices(), st.integers(0, 2**32))
def test_whatever_happens(choice: Choice, seed: int) -> None:
    """Thirty random worlds, policies, tariffs and terms, the same ones every time."""
    scenario = choice.scenario()
    check(simulate(scenario, seed), scenario)


@pytest.mark.full
@settings(max_examples=400, database=None, phases=[Phase.generate])
@given(choices(), st.integers(0, 2**32))
def test_whatever_else_happens(choice: Choice, seed: int) -> None:
    """Four hundred more, others every time."""
    scenario = choice.scenario()
    check(simulate(scenario, seed), scenario)


@pytest.fixture(scope="module")
def ordinary() -> tuple[Run, Scenario]:
    scenario = changed(shipped("candidates_share=0.3"), {"horizon_months": 40.0, "market.frailty.mean_logit": 0.0})
    return simulate(scenario, 3), scenario


def broken(run: Run, **tables: pd.DataFrame) -> Run:
    from dataclasses import replace

    return replace(run, **tables)


def test_the_checks_can_fail(ordinary: tuple[Run, Scenario]) -> None:
    """Negative controls: one wrong row each."""
    run, scenario = ordinary
    check(run, scenario)
    events, ledger = run.events, run.ledger
    live = events.index[events["event"] == "go_live"][0]
    with pytest.raises(AssertionError):
        check_order(broken(run, events=events.drop(index=live)))
    gone = events[events["event"] == "churned"].iloc[0]
    ghost = (
        events[events["event"] == "ticket_raised"]
        .iloc[[0]]
        .assign(customer=gone["customer"], contract=gone["contract"], time_days=gone["time_days"] + 1.0)
    )
    with pytest.raises(AssertionError):
        check_after_churn(broken(run, events=pd.concat([events, ghost])))
    overspent = ledger.assign(amount=np.where(ledger["account"] == "spend_support", 1.01, 1.0) * ledger["amount"])
    with pytest.raises(AssertionError):
        check_budget(broken(run, ledger=overspent))
    missing = ledger.drop(index=ledger.index[ledger["account"] == "invoice_regular"][5])
    dearer = ledger.assign(amount=np.where(ledger["account"] == "invoice_regular", 1.01, 1.0) * ledger["amount"])
    for wrong in (dearer, missing.iloc[::-1].drop_duplicates(["party", "contract", "account"])):
        with pytest.raises(AssertionError):
            check_invoices(broken(run, ledger=wrong), scenario)


def budgets(run: Run) -> pd.Series:
    own = run.ledger[run.ledger["account"] == "budget"]
    return own.groupby("time_days")["amount"].sum()


@pytest.mark.parametrize("horizon", [23.4, 36.0])
def test_budgets_are_equal_whatever_the_arm_and_the_world(horizon: float) -> None:
    """The same path for everybody, to the last bit; it does depend on the market (negative control)."""
    base = changed(shipped("candidates_share=0.1"), {"horizon_months": horizon})
    expected = budgets(simulate(base, 0))
    assert expected.index[-1] < days(horizon)
    assert len(expected) == int(np.ceil(horizon))
    for choice in [f"policy={p}" for p in POLICIES] + [f"world={w}" for w in WORLDS] + ["pricing=usage_based"]:
        arm = changed(shipped("candidates_share=0.1", choice), {"horizon_months": horizon})
        assert budgets(simulate(arm, 7)).equals(expected)
    dearer = changed(base, {"market.costs.support_per_month": 9000.0})
    assert not budgets(simulate(dearer, 0)).equals(expected)


def test_a_part_of_a_month_gets_a_part_of_the_budget() -> None:
    whole = budgets(simulate(changed(shipped("candidates_share=0.1"), {"horizon_months": 36.0}), 0))
    part = budgets(simulate(changed(shipped("candidates_share=0.1"), {"horizon_months": 35.25}), 0))
    assert part.iloc[-1] == pytest.approx(0.25 * whole.iloc[-1], rel=0.02)
    assert part.index[-1] == pytest.approx(35 * DAYS_PER_MONTH)
