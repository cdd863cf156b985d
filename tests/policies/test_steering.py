"""Steering: what a dashboard learns, where the money goes after it, and what pay by a metric does to the metric."""

from __future__ import annotations

from math import isnan, nan, sqrt
from typing import Any

import numpy as np
import pytest
from labkit import changed, firm_of, person, shipped

from sim.agents.dashboard import Burdens, Records, Sums
from sim.policies.steering import METRICS, USES
from sim.policies.views import SteeringView
from sim.recorder import Run
from sim.rules.drivers import ridge
from sim.simulation import simulate

SMALL = ("candidates_share=0.2", "horizon_months=36", "policy/listening=outcome_monitored")
STEERED = (*SMALL, "policy/steering=on_nps")
GAMED = ("world/incentives=gaming", "policy.steering.incentive=1.0")
ORGANISATION_ONLY = ["dashboard_read", "budget_shifted"]


def run_of(*overrides: str, seed: int = 4, **changes: Any) -> Run:
    return simulate(changed(shipped(*overrides), {k.replace("__", "."): v for k, v in changes.items()}), seed)


@pytest.fixture(scope="module")
def plain() -> Run:
    return run_of(*SMALL)


@pytest.fixture(scope="module")
def steered() -> Run:
    return run_of(*STEERED)


@pytest.fixture(scope="module")
def gamed() -> Run:
    return run_of(*STEERED, *GAMED)


def same(a: Run, b: Run) -> bool:
    """Every fact but the dashboard's own."""
    events = [run.events[~run.events["event"].isin(ORGANISATION_ONLY)].reset_index(drop=True) for run in (a, b)]
    words = {"event": "str", "detail": "str"}
    rest = [name for name in a.tables if name != "events"]
    equal = all(a.tables[name].equals(b.tables[name]) for name in rest)
    return equal and events[0].astype(words).equals(events[1].astype(words))


def test_ridge_solves_its_equation() -> None:
    found = np.corrcoef(np.random.default_rng(1).normal(size=(4, 30)))
    r = np.array([0.5, -0.2, 0.1, 0.0])
    exact = np.linalg.solve(found + 0.3 * np.eye(4), r)
    assert ridge(found.tolist(), r.tolist(), 0.3) == pytest.approx(exact)


def told(rows: list[tuple[Burdens, float]]) -> Sums:
    sums = Sums()
    for burdens, value in rows:
        sums.add(burdens, value)
    return sums


def test_the_stake_is_what_the_average_burden_costs() -> None:
    """value = 9 - 2 x waiting, one burden that varies: the average customer loses 2 mean(x) points, in sd of the value;
    doubt worth as many readings as there are halves it; what does not vary is unknown."""
    waits = [0.0, 1.0, 2.0, 5.0]
    sums = told([(Burdens(3.0, x, 0.0, 0.0), 9.0 - 2.0 * x) for x in waits])
    exact = np.mean(waits) / np.std(waits)
    stakes = sums.stakes(0.0)
    assert stakes[1] == pytest.approx(exact) and all(isnan(stakes[i]) for i in (0, 2, 3))
    assert sums.stakes(len(waits))[1] == pytest.approx(exact / 2.0)
    assert all(isnan(x) for x in Sums().stakes(20.0))


def test_drivers_are_told_apart() -> None:
    """Two burdens that go together, only one of which costs anything: the other has nothing at stake."""
    rng = np.random.default_rng(5)
    rows = [(Burdens(x, x + rng.normal(), 0.0, 0.0), -x) for x in rng.normal(size=400)]
    onboarding, support, *_ = told([(b._replace(onboarding=b.onboarding + 3.0), y) for b, y in rows]).stakes(1e-9)
    assert onboarding == pytest.approx(3.0 / sqrt(np.var([y for _, y in rows])), rel=0.1)
    assert abs(support) < 1e-6


def test_old_readings_fade() -> None:
    """Half of (1, 3) and all of (5, 5): mean 4."""
    old, new = told([(Burdens(0, 0, 0, 0), 1.0), (Burdens(0, 0, 0, 0), 3.0)]), told([(Burdens(0, 0, 0, 0), 5.0)])
    old.take(new, 0.5)
    assert (old.n, old.level) == (2.0, 3.5)


def view(stakes: tuple[float, ...], spends: tuple[float, ...] = (0.25,) * 4) -> SteeringView:
    return SteeringView(1.0, *(*stakes, *spends), 1.0, 1.0, 1.0, 1.0)


def test_money_follows_what_is_at_stake_for_it() -> None:
    steer = shipped(*STEERED).policy.steering.steer
    assert steer(view((0.2, 0.2, 0.2, 0.2))) == pytest.approx((1.0,) * 4)
    moved = steer(view((0.1, 0.4, 0.2, 0.1)))
    assert moved.support > 1.0 > moved.onboarding == moved.product
    same_stake_dearer = steer(view((0.2, 0.2, 0.2, 0.2), (0.1, 0.1, 0.1, 0.7)))
    assert same_stake_dearer.support > 1.0 > same_stake_dearer.product
    assert steer(view((nan, 0.4, 0.2, nan)))[::3] == (1.0, 1.0)
    for unknown in ((nan,) * 4, (-0.1, -0.2, -0.1, 0.0), (nan, 0.5, nan, nan)):
        assert steer(view(unknown)) == (1.0,) * 4


def test_a_step_and_an_emphasis_are_bounded() -> None:
    strategy = shipped(*STEERED).policy.steering
    now = (1.0, 1.0, 1.0, 1.0)
    for _ in range(40):
        before = now
        seen = view((0.0, 5.0, 0.0, 0.0))
        now = strategy.steer(SteeringView(*seen[:9], *now))
        assert all(abs(np.log(b / a)) <= strategy.step + 1e-12 for a, b in zip(before, now, strict=True))
    assert now == pytest.approx((1 / strategy.bound, strategy.bound, 1 / strategy.bound, 1 / strategy.bound))


def test_whoever_does_not_steer_is_not_touched_by_its_numbers(plain: Run) -> None:
    """Null twice: nobody steers whatever the world makes of incentives; a dashboard that only looks changes nothing."""
    assert same(plain, run_of(*SMALL, "world/incentives=gaming"))
    assert same(plain, run_of(*SMALL, "world/incentives=reluctant", world__incentives__bonus_share=0.5))
    looking = run_of(*SMALL, "policy/steering=on_nps", "policy.steering.from_month=240", *GAMED)
    assert same(plain, looking)
    assert (looking.events["event"] == "dashboard_read").sum() > 5


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_moves_money(metric: str, plain: Run) -> None:
    run = run_of(*STEERED, policy__steering__metric=metric)
    assert not same(plain, run)
    assert (run.events["event"] == "budget_shifted").any()


def test_silos_move_money_each_by_its_own_measure(plain: Run) -> None:
    run = run_of(*SMALL, "policy/steering=per_silo")
    assert not same(plain, run)
    assert set(run.events["detail"][run.events["event"] == "dashboard_read"]) == {"ttv", "ttr", "usage", "ces"}
    assert (run.events["event"] == "budget_shifted").any()


def test_the_steered_uses_share_what_they_had(plain: Run, steered: Run) -> None:
    """Marketing and selling keep their money to the last cent, the four together theirs; the ledger sums to 0."""

    def spent(run: Run, *accounts: str) -> np.ndarray:
        rows = run.ledger[run.ledger["account"].isin([f"spend_{a}" for a in accounts])]
        return rows.groupby("time_days")["amount"].sum().to_numpy()

    for kept in ("marketing", "sales"):
        assert spent(steered, kept) == pytest.approx(spent(plain, kept), rel=1e-12)
    assert spent(steered, *USES) == pytest.approx(spent(plain, *USES), rel=1e-9)
    assert abs(spent(steered, "support") - spent(plain, "support")).max() > 0.05 * abs(spent(plain, "support")).max()
    own = steered.ledger[steered.ledger["party"] == -1]
    assert own["amount"].sum() == pytest.approx(0.0, abs=1e-6 * own["amount"].abs().sum())


def test_the_dashboard_shows_what_the_fielded_answers_say(gamed: Run) -> None:
    """A reading is the mean answer of a wave as given, embellished or not, without the hold-out, two waves late."""
    scenario, held = shipped(*STEERED), gamed.customers.set_index("customer")["hold_out"]
    asked = gamed.surveys[gamed.surveys["answered"] & (gamed.surveys["instrument"] == "nps")]
    asked = asked[(asked["trigger"] == "wave") & ~asked["customer"].map(held)]
    means = (asked["answer"] + asked["gamed"]).groupby(asked["occurrence"]).mean()
    shown = gamed.events[gamed.events["event"] == "dashboard_read"]
    span = scenario.survey.wave_months * 365.25 / 12
    assert len(shown) > 5
    for _, row in shown.iterrows():
        assert row["value"] == pytest.approx(means[round(row["time_days"] / span) - 2])


def test_without_effect_steering_reaches_nobody() -> None:
    quiet = ("world=no_effect", "world/incentives=gaming", "candidates_share=0.2", "horizon_months=36")
    runs = [run_of(*quiet, "policy/steering=nobody"), run_of(*quiet, *STEERED[3:], "policy.steering.incentive=1.0")]
    assert runs[0].customers.equals(runs[1].customers)
    assert not runs[0].resources.equals(runs[1].resources)
    limited = [run_of(*quiet, *more, world__capacity_unlimited=False) for more in ((), STEERED[3:])]
    assert not limited[0].customers.equals(limited[1].customers)


def test_pay_by_a_metric_is_paid_out_of_the_same_budget(steered: Run, gamed: Run) -> None:
    """A full incentive pays out its share of every month; what is left pays for everything else."""
    paid = gamed.ledger[gamed.ledger["account"] == "spend_organising"]
    budget = gamed.ledger[gamed.ledger["account"] == "budget"].set_index("time_days")["amount"]
    share = shipped(*STEERED).world.incentives.bonus_share
    assert paid["time_days"].min() >= 9 * 365.25 / 12 - 1e-6
    assert -paid["amount"].to_numpy() == pytest.approx(share * budget.loc[paid["time_days"]].to_numpy())
    assert not (steered.ledger["account"] == "spend_organising").any()


def test_only_what_is_fielded_and_targeted_is_gamed(gamed: Run, steered: Run) -> None:
    """No answer before the start, none of the hold-out, no other question, none that was not given; never worse."""
    assert (steered.surveys["gamed"] == 0.0).all()
    rows = gamed.surveys[gamed.surveys["gamed"] != 0.0]
    held = gamed.customers.set_index("customer")["hold_out"]
    assert len(rows) > 20
    assert (rows["gamed"] > 0.0).all() and rows["answered"].all() and set(rows["instrument"]) == {"nps"}
    assert rows["time_days"].min() >= 9 * 365.25 / 12 and not rows["customer"].map(held).any()


def test_staff_hold_back_who_would_not_praise() -> None:
    """Certain selection and timing: nobody with a low last score or an open ticket is invited, except the hold-out."""
    changes = {"world.incentives.selection": 1.0, "world.incentives.timing": 1.0}
    firm = firm_of(changed(shipped(*STEERED, *GAMED), changes))
    assert firm.gaming is not None
    late, pleased, low, waiting, held = 1e4, person(), person(), person(), person(hold_out=True)
    low.account.last_score, waiting.account.open_tickets, held.account.last_score = 3.0, 1, 3.0
    assert [firm.gaming.spared(c, late) for c in (pleased, low, waiting, held)] == [1.0, 0.0, 0.0, 1.0]
    assert firm.gaming.spared(low, 0.0) == 1.0


def test_readings_are_polished_where_they_are_the_target() -> None:
    """The same gaming for a metric that is not a question: no metric is safe by construction."""
    polished = run_of(*SMALL, "policy/steering=on_outcome", "policy.steering.from_month=9", *GAMED).surveys
    rows = polished[polished["gamed"] != 0.0]
    assert set(rows["instrument"]) == {"outcome_reading"}
    assert rows["gamed"].max() == pytest.approx(0.15)


def test_what_nobody_is_paid_for_is_half_done() -> None:
    """follow_through 1/2 without an incentive: the emphasis in force is the square root of the one decided."""
    full, half = (
        run_of(*STEERED, world__incentives__follow_through=x, policy__steering__bound=1.5) for x in (1.0, 0.5)
    )
    shifts = full.events[(full.events["event"] == "budget_shifted") & (full.events["value"] != 1.0)]
    when = shifts["time_days"].min()
    planned, *found = (spending(run, when) for run in (run_of(*SMALL), full, half))
    moved = [np.log(spent / planned) for spent in found]
    tilt = [use - use[0] for use in moved]
    assert tilt[1] == pytest.approx(tilt[0] / 2.0) and np.ptp(tilt[0]) > 0.01


def spending(run: Run, when: float) -> np.ndarray:
    """Money of the four steered uses in the month that begins then."""
    rows = run.ledger[(run.ledger["time_days"] == when) & (run.ledger["party"] == -1)].set_index("account")["amount"]
    return rows[[f"spend_{use}" for use in USES]].to_numpy()


def test_who_left_counts_as_nothing_retained() -> None:
    """NRR of a quarter: price now by price then with the burdens of then; who is gone has 0."""
    records = Records(frozenset(("nrr",)), 0.3)
    stays, leaves, held = person(customer=1), person(customer=2), person(customer=3, hold_out=True)
    for c in (stays, leaves, held):
        c.account.won_days, c.account.go_live_days = 0.0, 10.0
        records.read(c, 1, 90.0)
    assert records.close(1) == {}
    stays.account.list_price_per_month *= 1.2
    records.read(stays, 2, 180.0)
    sums = records.close(2)["nrr"]
    assert (sums.n, sums.y) == (2.0, pytest.approx(1.2))
