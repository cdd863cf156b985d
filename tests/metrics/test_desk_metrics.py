"""Metrics of the desk: counts by hand, and a high score from those who left."""

from __future__ import annotations

import pytest
from handmade import Handmade
from labkit import changed, shipped

from sim.agents.incidents import FIRST_TICKET
from sim.metrics.desk import desk
from sim.simulation import simulate


def test_counts_by_hand() -> None:
    tables = Handmade(60)
    tables.customer(1, won=0.0)
    for number in (1, 2, FIRST_TICKET):
        tables.event(10.0, "ticket_raised", 1, occurrence=number, detail="defect")
    tables.event(9.0, "self_served", 1, occurrence=0, detail="how_to")
    tables.event(11.0, "promise_kept", 1, occurrence=1, value=0.5)
    for number in (2, FIRST_TICKET):
        tables.event(12.0, "promise_broken", 1, occurrence=number, value=2.0)
    tables.event(13.0, "refused", 1, occurrence=2)
    found = desk(tables.run(), csat_satisfied_from=4.0).set_index("metric")["value"]
    counted = [found[name] for name in ("promises_kept", "tickets_refused", "self_served", "incident_tickets")]
    assert counted == pytest.approx([1 / 3, 1 / 3, 1 / 4, 1 / 3])


def test_who_cancels_before_going_live_is_asked_if_seen_off() -> None:
    giving_up = {"market.onboarding.abandon_per_day": 0.05, "policy.attention.farewell": 1.0}
    run = simulate(changed(shipped("candidates_share=0.2", "horizon_months=20"), giving_up), 72)
    cancelled = run.events[run.events["event"] == "implementation_cancelled"]
    asked = run.surveys[run.surveys["trigger"] == "exit"]
    assert len(cancelled) > 3
    assert set(cancelled["customer"]) <= set(asked["customer"])


def test_who_is_seen_off_well_says_so_and_is_gone_all_the_same() -> None:
    """Where nobody waits and nobody comes back: the same customers leave on the same days, and score it higher."""
    world = ("world/service/farewell=felt", "candidates_share=0.3", "horizon_months=30", "world=experience_decides")
    leaving = {"market.frailty.mean_logit": 0.0, "world.deciding.win_back_intercept": -20.0}
    nobody_cancels = {"world.deciding.cancel_intercept": -20.0, "market.onboarding.abandon_per_day": 0.0}
    base = changed(shipped(*world), {**leaving, **nobody_cancels, "world.capacity_unlimited": True})
    runs = [simulate(changed(base, {"policy.attention.farewell": effort}), 71) for effort in (0.0, 3.0)]
    plain, cared = (run.surveys[run.surveys["trigger"] == "exit"] for run in runs)
    assert plain["customer"].tolist() == cared["customer"].tolist()
    assert plain["time_days"].tolist() == cared["time_days"].tolist()
    assert len(plain) > 15
    assert (cared["true_answer"].to_numpy() - plain["true_answer"].to_numpy()).mean() > 0.2
    scores = [desk(run, csat_satisfied_from=4.0).set_index(["metric", "view"])["value"] for run in runs]
    assert scores[1]["csat_of_leavers", "surveyed"] > scores[0]["csat_of_leavers", "surveyed"]
