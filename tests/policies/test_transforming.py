"""A transformation: its logistic course, what it may lack, and customers who are turned one by one."""

from __future__ import annotations

import pickle
from dataclasses import fields
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from labkit import changed, shipped

from sim.agents.course import Course, course_of, windows
from sim.context.change import Change
from sim.events import CUSTOMER_DECIDED
from sim.metrics.transformation import transformation
from sim.paths import config_folder
from sim.policies.bundle import Policy
from sim.policies.transforming import in_force
from sim.policies.transforming.rollout import POINTS, STAGES, Rollout
from sim.policies.transforming.turning import Turning, blended
from sim.policies.views import PlanView, TicketView
from sim.recorder import Run
from sim.simulation import simulate
from sim.streams import Streams

SMALL = ("policy=transforming", "candidates_share=0.1", "horizon_months=30")
BUDGET = 1000.0


def option(place: str) -> dict[str, Any]:
    """What an option's file says, built on the one it names; composing whole configurations would take seconds."""
    tree = yaml.safe_load((Path(config_folder()) / f"{place}.yaml").read_text())
    base = [name for name in tree.pop("defaults", []) if name != "_self_"]
    below = option(f"{place.rsplit('/', 1)[0]}/{base[0]}") if base else {}
    return {**below, **{key: value for key, value in tree.items() if key != "_target_"}}


def rollout(name: str = "together", **numbers: Any) -> Rollout:
    return Rollout(**{**option(f"policy/rollout/{name}"), **numbers})


def change(name: str = "six_years", **numbers: Any) -> Change:
    return Change(**{**option(f"world/change/{name}"), **numbers})


def course(lead: Rollout, world: Change) -> Course:
    return Course(lead, world, Streams(0, 0).purpose("turn", 4))


def followed(lead: Rollout, world: Change, months: int, goals: float = 7.0, training: float = 0.0) -> list[float]:
    """Share reached at the start of each month, money being no object."""
    weights = shipped().policy.staffing.allocate(PlanView(0.0, 1.0))
    weights = weights._replace(goals=goals, training_share=training)
    way, found = course(lead, world), []
    for month in range(months + 1):
        way.advance(month, weights, BUDGET, 1e9)
        found.append(way.reached)
    return found


def test_nine_tenths_follow_a_tenth_in_six_years() -> None:
    """The logistic law: rate ln(81) / 6 per year, .5 halfway, .9 after six years."""
    found = followed(rollout(), change(), 96)
    assert found[0] == pytest.approx(0.1)
    assert found[36] == pytest.approx(0.5)
    assert found[72] == pytest.approx(0.9)
    rate = log(81.0) / 6.0
    assert found == pytest.approx([1.0 / (1.0 + 9.0 * exp(-rate * month / 12.0)) for month in range(97)])


def test_without_authority_it_ends_at_the_ceiling() -> None:
    found = followed(rollout(authority=0.0), change(ceiling_without_authority=0.35), 1200)
    assert found[-1] == pytest.approx(0.35)
    rate, odds = log(81.0) / 6.0, 0.35 / 0.1 - 1.0
    assert found[72] == pytest.approx(0.35 / (1.0 + odds * exp(-6.0 * rate)))
    assert followed(rollout(authority=0.5), change(ceiling_without_authority=0.35), 1200)[-1] == pytest.approx(0.675)


def test_where_authority_does_not_matter_nothing_is_lost() -> None:
    """ceiling_without_authority 1 makes the claim false."""
    assert followed(rollout(authority=0.0), change(), 72) == followed(rollout(), change(), 72)


def at_speed(speed: float, months: float) -> float:
    return 1.0 / (1.0 + 9.0 * exp(-speed * log(81.0) / 72.0 * months))


@pytest.mark.parametrize(
    ("lacking", "world"),
    [
        ({"sponsorship": 0.0}, {"speed_without_sponsor": 0.4}),
        ({"leader": False}, {"speed_without_leader": 0.4}),
        ({"funding": 0.4}, {}),
        ({}, {"speed_without_pilot": 0.4}),
    ],
    ids=["sponsor", "leader", "funding", "pilot"],
)
def test_what_is_lacking_slows_as_stated(lacking: dict[str, Any], world: dict[str, float]) -> None:
    assert followed(rollout(**lacking), change(**world), 40)[-1] == pytest.approx(at_speed(0.4, 40))


@pytest.mark.parametrize(
    ("arm", "rival", "matters", "idle"),
    [
        ("together", "without_leader", "by_mandate", "by_example"),
        ("together", "without_sponsor", "by_mandate", "by_example"),
        ("piloted", "services_first", "by_pilot", "by_example"),
    ],
)
def test_shipped_arms_get_further_in_the_shipped_worlds_where_it_matters(
    arm: str, rival: str, matters: str, idle: str
) -> None:
    """Claims about progress in the experiments `transformation` and `rollout_order`: there is no luck in a course."""
    further, other = (followed(rollout(name), change(matters), 60)[-1] for name in (arm, rival))
    assert further > other + 0.1
    further, other = (followed(rollout(name), change(idle), 60)[-1] for name in (arm, rival))
    assert further <= other


def test_silos_slow_until_there_is_one_goal() -> None:
    world = change(speed_among_silos=0.4)
    assert followed(rollout(), world, 40, goals=1.0)[-1] == pytest.approx(at_speed(1.0, 40))
    assert followed(rollout(), world, 40, goals=7.0)[-1] == pytest.approx(at_speed(0.4 + 0.6 / 7.0, 40))


def test_a_pilot_waits_and_then_goes_at_full_speed() -> None:
    world = change(speed_without_pilot=0.4, pilot_months=12.0)
    found = followed(rollout(pilot_months=12.0), world, 60)
    assert found[12] == found[0]
    assert found[60] == pytest.approx(at_speed(1.0, 48))
    half = followed(rollout(pilot_months=6.0), world, 60)
    assert half[60] == pytest.approx(at_speed(0.7, 54))


def test_momentum_halves_without_results_and_results_must_be_seen() -> None:
    world = change(momentum_half_life_months=24.0)
    unseen, seen = (followed(rollout(measures=measures), world, 400) for measures in (False, True))
    decay = sum(0.5 ** (month / 24.0) for month in range(1, 401))
    assert unseen[-1] == pytest.approx(at_speed(decay / 400, 400))
    assert seen[-1] > 0.95 > 0.5 > unseen[-1]


def test_nothing_moves_before_there_is_a_culture_for_it() -> None:
    world = change(empathy_gate=0.5, empathy_per_training_month=1.0)
    assert followed(rollout(), world, 60)[-1] == pytest.approx(0.1)
    trained = followed(rollout(), world, 60, training=0.05)
    gate_months = log(2.0) / 0.05
    speeds = [min(1.0, (1.0 - exp(-0.05 * month)) / 0.5) for month in range(1, 61)]
    assert speeds[int(gate_months) + 1] == 1.0 > speeds[int(gate_months) - 2]
    assert trained[-1] == pytest.approx(at_speed(sum(speeds) / 60, 60))


def test_the_change_goes_as_far_as_it_is_paid_for() -> None:
    world, weights = change(cost_months=6.0), shipped().policy.staffing.allocate(PlanView(0.0, 1.0))
    rich, poor = course(rollout(), world), course(rollout(), world)
    paid = sum(rich.advance(month, weights, BUDGET, 1e9) for month in range(73))
    assert paid == pytest.approx(6.0 * BUDGET * (rich.reached - 0.1))
    scarce = sum(poor.advance(month, weights, BUDGET, 10.0) for month in range(73))
    assert scarce == pytest.approx(720.0)
    assert scarce == pytest.approx(6.0 * BUDGET * (poor.reached - 0.1))


@pytest.mark.parametrize("order", ["together", "services_first", "selling_first", "support_first"])
@pytest.mark.parametrize("reached", [0.1, 0.25, 0.4, 0.77, 1.0])
def test_the_order_moves_nothing_but_the_order(order: str, reached: float) -> None:
    """However the stages follow each other, their mean is the share of the whole."""
    lead = rollout(order)
    way = course(lead, change(start_share=min(reached, 0.5)))
    way._set(reached)
    assert np.mean(list(way.stages.values())) == pytest.approx(reached)
    assert sum(width for _, width in windows(lead).values()) >= 1.0 - 1e-12
    first = min(STAGES, key=lambda stage: getattr(lead, stage))
    assert way.stages[first] == max(way.stages.values())


def test_customers_are_turned_one_by_one_and_never_back() -> None:
    way = course(rollout(), change())
    view = TicketView(0, 0, 1.0, 1.0, 1.0)
    shares = []
    for reached in (0.1, 0.5, 0.9):
        way._set(reached)
        seen = [way.seen(view, customer, "support") for customer in range(4000)]
        shares.append({n for n, v in enumerate(seen) if v.turn < v.reached})
        error = (reached * (1.0 - reached) / 4000) ** 0.5
        assert abs(len(shares[-1]) / 4000 - reached) < 4.0 * error
    assert shares[0] < shares[1] < shares[2]
    turns = [[way.seen(view, n, point).turn for n in range(500)] for point in POINTS]
    assert abs(np.corrcoef(turns)[np.triu_indices(len(POINTS), 1)]).max() < 5.0 / 500**0.5
    cohort = course(rollout(by_cohort=True), change())
    assert len({cohort.seen(view, 7, point).turn for point in POINTS}) == 1


def test_a_decision_is_one_strategys_or_the_others_and_budgets_are_blended() -> None:
    bundle = shipped("policy=transforming").policy
    mixed = in_force(bundle)
    view = TicketView(0, 1, 1.0, 1.0, 1.0, turn=0.3)
    old, new = (side.support.handle(view) for side in (bundle.legacy, bundle.target))
    assert old != new
    assert mixed.support.handle(view._replace(reached=0.3)) == old
    assert mixed.support.handle(view._replace(reached=0.31)) == new
    month = PlanView(0.0, 60.0)
    old, new = (side.staffing.allocate(month) for side in (bundle.legacy, bundle.target))
    quarter = mixed.staffing.allocate(month._replace(reached=0.25))
    assert quarter == pytest.approx([0.75 * a + 0.25 * b for a, b in zip(old, new, strict=True)])
    assert mixed.staffing.allocate(month) == new
    assert blended(2.0, 4.0, 0.5) == 3.0
    assert mixed.success.by_metric


def test_every_decision_point_turns_and_travels_between_processes() -> None:
    mixed = in_force(shipped("policy=transforming").policy)
    points = [f.name for f in fields(Policy) if f.name != "name"]
    assert all(isinstance(getattr(mixed, point), Turning) for point in points)
    assert pickle.loads(pickle.dumps(mixed)) == mixed
    stays = shipped("policy=balanced").policy
    assert in_force(stays) is stays
    assert course_of(stays, change(), Streams(0, 0).purpose("turn", 4)) is None


def run(*overrides: str, changes: dict[str, Any] | None = None) -> Run:
    return simulate(changed(shipped(*SMALL, *overrides), changes or {}), 5)


def same(a: Run, b: Run, *, but: str = "") -> bool:
    """Equal tables, events of kind `but` and unused words aside."""
    for name in a.tables:
        one, other = (r.tables[name] for r in (a, b))
        if name == "events":
            one, other = (t[t["event"] != but].reset_index(drop=True) for t in (one, other))
            one, other = (t.astype({"event": "str", "detail": "str"}) for t in (one, other))
        if not one.equals(other):
            return False
    return True


def test_where_change_takes_no_time_the_target_is_run_from_the_first_day() -> None:
    assert same(run(), run("policy=outcome_focused"), but="transformed")


def test_on_the_way_to_itself_an_organisation_stays_what_it_is() -> None:
    way = run("world/change=six_years", "policy@policy.target=experience_focused")
    assert same(way, run("world/change=six_years", "policy=experience_focused"), but="transformed")


def test_while_change_is_instant_its_other_numbers_are_idle() -> None:
    others = {
        "world.change.ceiling_without_authority": 0.2,
        "world.change.speed_without_leader": 0.1,
        "world.change.momentum_half_life_months": 2.0,
        "world.change.empathy_gate": 0.9,
        "world.change.cost_months": 9.0,
        "policy.rollout.authority": 0.0,
        "policy.rollout.leader": False,
        "policy.rollout.pilot_months": 12.0,
        "policy.rollout.selling": 4,
    }
    assert same(run(changes=others), run())
    assert not same(run("world/change=six_years"), run(), but="transformed")


def test_books_close_while_the_organisation_changes() -> None:
    moving = run("world/change=by_mandate", "world/staff=contested")
    books = moving.ledger[moving.ledger["party"] == -1]
    assert abs(books.groupby("time_days")["amount"].sum().cumsum().iloc[-1]) < 1e-6
    stays = simulate(shipped("candidates_share=0.1", "horizon_months=30"), 5)
    budget = [r.ledger["amount"][r.ledger["account"] == "budget"].to_numpy() for r in (moving, stays)]
    assert np.array_equal(*budget)


def test_no_effect_holds_on_the_way() -> None:
    world = ("world=no_effect", "world/change=by_mandate")
    moving, stays = run(*world), run(*world, "policy=balanced")
    pd.testing.assert_frame_equal(moving.customers, stays.customers, check_exact=True)
    decided = [r.events[r.events["event"].isin(list(CUSTOMER_DECIDED))] for r in (moving, stays)]
    decided = [d.astype({"event": "str", "detail": "str"}).reset_index(drop=True) for d in decided]
    pd.testing.assert_frame_equal(*decided, check_exact=True)


def test_progress_is_measured_at_the_horizon_and_by_the_year() -> None:
    moving = run("world/change=six_years", "policy/rollout=services_first")
    table = transformation(moving).set_index(["metric", "segment"])
    whole = table.loc[("transformation_progress", "all")]
    expected = [1.0 / (1.0 + 9.0 * exp(-log(81.0) / 72.0 * month)) for month in (29, 12, 24)]
    assert list(whole["value"]) == pytest.approx(expected)
    gained = float(table.loc[("transformation_last_year", "all"), "value"])
    assert gained == pytest.approx(expected[0] - 1.0 / (1.0 + 9.0 * exp(-log(81.0) / 72.0 * 18)))
    assert float(table.loc[("transformation_progress", "services"), "value"]) == pytest.approx(1.0)
    assert transformation(run("policy=balanced"))["value"].isna().all()


def test_the_price_is_rolled_out_where_there_is_a_menu() -> None:
    """New contracts get the first option before and the last after it is their customer's turn."""
    prices = ("pricing=menu_by_lot", "world/change=six_years", "horizon_months=60", "candidates_share=0.4")
    moving = run(*prices, "policy/rollout=selling_first", changes={"policy.rollout.pricing": 1})
    won = moving.events[moving.events["event"] == "won"]
    at_risk = (won["detail"] == "at_risk").to_numpy()
    turned = moving.events[(moving.events["event"] == "transformed") & (moving.events["detail"] == "pricing")]
    place = np.searchsorted(turned["time_days"].to_numpy(), won["time_days"].to_numpy(), side="right") - 1
    reached = turned["value"].to_numpy()[place]
    draw = Streams(5, 0).purpose("turn", 4)
    turns = np.array([draw(int(customer), POINTS.index("tariff")) for customer in won["customer"]])
    assert np.array_equal(at_risk, turns < reached)
    assert 5 < at_risk.sum() < len(won) - 5


def test_whoever_decides_about_a_customer_is_told_whose_turn_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every view of a customer that reaches a strategy carries the customer's turn and the share reached."""
    seen: list[Any] = []
    answer = Turning.__getattr__

    def watched(self: Turning, verb: str) -> Any:
        found = answer(self, verb)
        return (lambda view: seen.append(view) or found(view)) if callable(found) else found

    monkeypatch.setattr(Turning, "__getattr__", watched)
    run("world/change=six_years")
    assert {type(view).__name__ for view in seen} >= {"LeadView", "ProjectView", "TicketView", "PlanView"}
    assert all(view.reached < 1.0 for view in seen)
    assert all(view.turn > 0.0 for view in seen if hasattr(view, "turn"))
