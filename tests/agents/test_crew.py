"""People of a team against closed forms; the month's books; nothing where nothing is switched on."""

from __future__ import annotations

from itertools import combinations
from math import exp
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labkit import changed, shipped

from sim.agents.clock import Clock
from sim.agents.crew import Crew
from sim.agents.team import Team, Usage
from sim.checks import InputError
from sim.context.staff import Staff
from sim.events import CUSTOMER_DECIDED
from sim.policies.staffing import Weights
from sim.recorder import Run
from sim.rules.staff import leaving_share, lost_share, ramped_share, skill
from sim.simulation import simulate

PAY = 1000.0
SMALL = ("candidates_share=0.1", "horizon_months=30")


def crew(**numbers: Any) -> Crew:
    staff = changed(shipped("world/staff=absent").world.staff, numbers)
    assert isinstance(staff, Staff)
    return Crew(Team(Clock(), "support"), staff, PAY, 1.0)


def weights(**numbers: float) -> Weights:
    ordinary = shipped().policy.staffing.allocate(None)  # type: ignore[arg-type]
    return ordinary._replace(**numbers)


def months(people: Crew, affordable: list[float], ahead: int = 0, training_share: float = 0.0) -> list[float]:
    """Money spent in each month."""
    chosen = weights(training_share=training_share)
    later = affordable[ahead:] + affordable[-1:] * ahead
    pairs = zip(affordable, later, strict=True)
    return [people.work(m, PAY * now, PAY * then, chosen) for m, (now, then) in enumerate(pairs)]


def test_a_position_stays_open_until_the_delay_is_over() -> None:
    people = crew(hiring_months=3)
    spent = months(people, [2.0, 2.0, 5.0, 5.0, 5.0])
    assert spent == pytest.approx([2000.0] * 5)
    assert people.team.people == pytest.approx(2.0)
    assert people.work(5, 5000.0, 5000.0, weights()) == pytest.approx(5000.0)
    assert people.team.people == people.headcount == pytest.approx(5.0)


def test_people_sought_in_time_are_there_on_the_day() -> None:
    people = crew(hiring_months=3)
    months(people, [2.0, 2.0, 2.0, 2.0, 5.0], ahead=3)
    assert people.headcount == pytest.approx(5.0)


def test_newcomers_catch_up_exponentially() -> None:
    people = crew(newcomer_speed=0.4, ramp_months=5.0)
    for month, affordable in enumerate([2.0, 3.0, 3.0, 3.0, 3.0]):
        people.work(month, PAY * affordable, PAY * affordable, weights())
        if month:
            assert people.team.people == pytest.approx(3.0 - 0.6 * exp(-(month - 1) / 5.0))


def test_training_takes_hours_and_shortens_the_ramp() -> None:
    people = crew(newcomer_speed=0.4, ramp_months=5.0, training_gain=4.0)
    months(people, [2.0, 3.0, 3.0, 3.0], training_share=0.1)
    pace = 0.9 + 4.0 * 0.1
    assert people.team.people == pytest.approx(0.9 * (3.0 - 0.6 * exp(-2 * pace / 5.0)))


@pytest.mark.parametrize("delay", [0, 1, 4])
def test_turnover_leaves_as_many_positions_open_as_the_delay_is_long(delay: int) -> None:
    """Who leaves in a month is replaced `delay` months later: headcount = affordable / (1 + delay x leaving)."""
    people = crew(hiring_months=delay, turnover_per_year=0.6)
    months(people, [4.0] * 400)
    assert people.headcount == pytest.approx(4.0 / (1.0 + delay * leaving_share(0.6)), rel=1e-6)


def test_share_of_newcomers_in_the_long_run() -> None:
    people = crew(turnover_per_year=0.6, ramp_months=5.0)
    months(people, [4.0] * 400)
    left, ramped = leaving_share(0.6), ramped_share(1.0, 5.0)
    assert people.newcomers == pytest.approx(4.0 * left / (1.0 - (1.0 - left) * (1.0 - ramped)))


def test_a_hire_is_paid_out_of_the_open_position() -> None:
    """With a cost of one month's pay, half of the open positions can be filled each month."""
    people = crew(hiring_cost_months=1.0)
    spent = months(people, [2.0, 6.0, 6.0, 6.0])
    assert spent == pytest.approx([2000.0, 6000.0, 6000.0, 6000.0])
    assert people.headcount == pytest.approx(6.0 - 4.0 * 0.5**3)


@settings(max_examples=60, deadline=None)
@given(
    money=st.lists(st.floats(0.0, 9.0), min_size=2, max_size=30),
    delay=st.integers(0, 5),
    ahead=st.integers(0, 4),
    cost=st.floats(0.0, 3.0),
    turnover=st.floats(0.0, 3.0),
)
def test_nobody_works_unpaid_and_nobody_is_paid_twice(
    money: list[float], delay: int, ahead: int, cost: float, turnover: float
) -> None:
    people = crew(hiring_months=delay, hiring_cost_months=cost, turnover_per_year=turnover)
    chosen = weights()
    for month, affordable in enumerate(money):
        later = money[min(month + ahead, len(money) - 1)]
        before = people.headcount
        spent = people.work(month, PAY * affordable, PAY * later, chosen)
        hired = max(0.0, people.headcount - before * (1.0 - leaving_share(turnover))) if month else 0.0
        assert people.headcount <= affordable + 1e-9
        assert 0.0 <= people.newcomers <= people.headcount + 1e-9
        assert people.team.people == pytest.approx(people.headcount, abs=1e-9)
        assert spent == pytest.approx(PAY * (people.headcount + cost * hired), abs=1e-6)
        assert spent <= PAY * affordable + 1e-6


def test_skill_grows_by_the_same_share_with_every_doubling() -> None:
    for doublings in range(6):
        assert skill(12.0 * (2**doublings - 1), 12.0, 0.15) == pytest.approx(1.15**doublings)
    assert skill(1e6, 12.0, 0.0) == 1.0


def test_practice_is_time_at_work_and_newcomers_bring_none() -> None:
    people = crew(learning_per_doubling=0.2, practice_start_months=1.0)
    busy = Usage(0.0)
    busy.busy, busy.capacity = 60.0, 80.0
    people.work(0, 2000.0, 2000.0, weights())
    for _ in range(4):
        people.learn(busy)
    assert people.practice_months == pytest.approx(4 * 0.75)
    people.work(1, 3000.0, 3000.0, weights())
    assert people.practice_months * people.headcount == pytest.approx(3.0 * 2.0)
    assert people.team.skill == pytest.approx(skill(2.0, 1.0, 0.2))
    people.work(2, 1000.0, 1000.0, weights())
    assert people.practice_months == pytest.approx(2.0)


def test_one_goal_ends_the_fight_and_costs_coordination() -> None:
    assert lost_share(1.0, 0.3, 0.05) == pytest.approx(0.05)
    assert lost_share(2.0, 0.3, 0.0) == pytest.approx(0.15)
    losses = [lost_share(goals, 0.3, 0.05) for goals in range(1, 8)]
    assert losses == sorted(losses)
    assert lost_share(1.0, 0.05, 0.3) > lost_share(7.0, 0.05, 0.3)


def tables(*overrides: str, changes: dict[str, Any] | None = None) -> Run:
    return simulate(changed(shipped(*SMALL, *overrides), changes or {}), 5)


def same(a: Run, b: Run) -> bool:
    return all(a.tables[name].equals(b.tables[name]) for name in a.tables)


@pytest.fixture(scope="module")
def plain() -> Run:
    return tables()


OTHER_NUMBERS = {
    "world.staff.ramp_months": 50.0,
    "world.staff.practice_start_months": 1.0,
    "world.staff.training_gain": 40.0,
    "world.staff.decision_months": 9,
    "policy.staffing.goals": 3,
    "policy.staffing.hire_ahead_months": 6,
}


def test_nothing_changes_while_every_switch_is_off(plain: Run) -> None:
    """A late decision does not matter either as long as every month decides the same."""
    assert same(tables(changes=OTHER_NUMBERS), plain)


@pytest.mark.parametrize(
    "switch",
    [
        {"hiring_months": 3},
        {"newcomer_speed": 0.2},
        {"learning_per_doubling": 0.3},
        {"contested_share": 0.3},
        {"coordination_share": 0.3},
    ],
    ids=lambda switch: next(iter(switch)),
)
def test_each_switch_alone_changes_the_tables(switch: dict[str, Any], plain: Run) -> None:
    """Negative control of the test above."""
    on = {f"world.staff.{name}": value for name, value in switch.items()}
    assert not same(tables(changes=on), plain)


EVERYTHING = ("world/staff=scarce", "world.staff.contested_share=0.3", "world.staff.coordination_share=0.1")


def test_the_books_close_and_the_budget_is_everybodys(plain: Run) -> None:
    run = tables(*EVERYTHING, changes={"policy.staffing.training_share": 0.1, "policy.staffing.goals": 2})
    books = run.ledger[run.ledger["party"] == -1]
    monthly = books.groupby("time_days")["amount"].sum().to_numpy()
    assert abs(monthly.cumsum()[-1]) < 1e-6
    budget = [r.ledger["amount"][r.ledger["account"] == "budget"].to_numpy() for r in (run, plain)]
    assert np.array_equal(*budget)
    assert (books["amount"][books["account"] == "spend_organising"] < 0.0).all()
    assert (run.resources["headcount"] <= plain.resources["headcount"] + 1e-9).all()
    assert run.resources["skill"].max() > 1.01


def test_in_no_effect_people_may_learn_but_customers_do_not_notice() -> None:
    runs = [
        tables("world=no_effect", *EVERYTHING, changes={"policy.staffing.training_share": share, **more})
        for share, more in ((0.0, {}), (0.4, {"policy.staffing.support": 9.0, "policy.staffing.goals": 1}))
    ]
    decided = [r.events[r.events["event"].isin(list(CUSTOMER_DECIDED))].astype({"detail": "str"}) for r in runs]
    assert runs[0].customers.equals(runs[1].customers)
    assert decided[0].reset_index(drop=True).equals(decided[1].reset_index(drop=True))
    assert not runs[0].ledger.equals(runs[1].ledger)


def test_each_month_of_hiring_ahead_counts_and_a_fraction_is_refused() -> None:
    """Every value that is taken changes the tables where hiring takes time."""
    slow = {"world.staff.hiring_months": 6}
    runs = [tables(changes={**slow, "policy.staffing.hire_ahead_months": ahead}) for ahead in (0, 1, 2)]
    assert not any(same(a, b) for a, b in combinations(runs, 2))
    with pytest.raises(InputError, match="hire_ahead_months must be a whole number"):
        shipped("policy.staffing.hire_ahead_months=0.1")
