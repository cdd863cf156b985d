"""The support desk: shared people, promised dates, deadlines, failures that hit many, amends that lift answers only."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pytest
from labkit import changed, check_mean, firm_of, person, shipped

from sim.agents.clock import Clock
from sim.agents.crowd import Crowd
from sim.agents.desk import Desk
from sim.agents.draws import TICKETS, Draws
from sim.agents.hearsay import hear_of
from sim.agents.incidents import FIRST_TICKET, possible_days
from sim.agents.team import Team
from sim.events import SCHEMAS
from sim.policies.views import PlanView, TicketView
from sim.recorder import Run
from sim.rules.manner import PLAIN, courtesy, learned, solution
from sim.simulation import simulate
from sim.streams import Streams

SMALL = ("candidates_share=0.2", "horizon_months=20")


def of(run: Run, *kinds: str) -> Any:
    return run.events[run.events["event"].isin(kinds)]


def test_learning_settles_where_it_makes_up_for_forgetting() -> None:
    """Closed form of the fixed point: x = k + (1 - k) g with k = (1 - f) x and g = 1 - exp(-rate share)."""
    stock, gained, kept = 0.0, 1.0 - exp(-3.0 * 0.1), 0.95
    for _ in range(400):
        stock = learned(stock, 0.1, 3.0, 0.05)
    assert stock == pytest.approx(gained / (1.0 - kept * (1.0 - gained)))
    assert learned(0.4, 0.0, 3.0, 0.05) == pytest.approx(0.4 * kept)


def test_the_plain_manner_changes_no_bit() -> None:
    for x in (0.1, 1.0 / 3.0, 0.7231):
        assert courtesy(x, PLAIN) == x
        assert solution(x, PLAIN) == x
    assert solution(0.8, PLAIN._replace(solves=2.0, solves_more=0.5)) == 1.0
    assert solution(0.5, PLAIN._replace(solves_more=0.6)) == pytest.approx(0.8)
    assert courtesy(0.5, PLAIN._replace(courtesy=0.5, empathy=0.2)) == pytest.approx(0.4)


def test_people_are_shared_and_never_made() -> None:
    """Queues add up to the people paid for; top agents cost more, written articles cost hours."""
    options = ("world/service/channels=three_ways", "world/service/escalation=experts")
    shares = {"phone": 0.3, "chat": 0.1, "mail": 0.2, "top": 0.18, "writing": 0.1}
    scenario = changed(shipped(*options), {f"policy.desk.{name}": share for name, share in shares.items()})
    firm = firm_of(scenario)
    firm.support.prepare(firm, PlanView(0.0, 1.0), 0.0)
    firm.support.set_people(20.0)
    phone, chat, mail, top = firm.support.others
    assert (phone.people, chat.people, mail.people) == pytest.approx((5.4, 1.8, 3.6))
    assert top.people == pytest.approx(0.18 * 18.0 / 1.8)
    assert firm.support.people == pytest.approx((1.0 - 0.78) * 18.0)


def test_own_queues_wait_longer_where_specialists_are_no_faster() -> None:
    """Pooling: the same people behind one queue or three, no gain of specialists; negative control: a large gain."""
    waits = {}
    for desk, hours in (("one_desk", 1.0), ("own_queues", 1.0), ("own_queues", 0.2)):
        even = {"hours": (1.0,) * 3, "own_queue_hours": hours}
        changes = {f"world.service.channels.{key}": value for key, value in even.items()}
        scenario = shipped(*SMALL, "world/service/channels=three_ways", f"policy/desk={desk}")
        tables = simulate(changed(scenario, changes), 41).resources
        queues = tables[tables["team"].astype(str).str.startswith("support")]
        waits[desk, hours] = queues["queue"].sum()
    assert waits["own_queues", 1.0] > 1.2 * waits["one_desk", 1.0]
    assert waits["own_queues", 0.2] < waits["own_queues", 1.0]


def test_the_earliest_due_date_is_served_first() -> None:
    """Two tickets wait: the older one has time, the younger one is urgent."""
    support = shipped("policy/support=deadline_first").policy.support
    slow, urgent = (support.handle(TicketView(kind, 0, 1.0, 0.0, 1.0, day)) for kind, day in ((3, 0.0), (0, 5.0)))
    clock, done = Clock(), []
    team = Team(clock, "support", 1.0)
    for name, priority in (("first", -1.0), ("slow", slow.priority), ("urgent", urgent.priority)):
        team.request(1, 8.0, priority).then(lambda _, name=name: done.append(name))
    clock.run()
    assert done == ["first", "urgent", "slow"]


def test_promises_are_kept_or_broken_on_their_day() -> None:
    """Never kept late, never broken early; a ticket whose promise was kept is solved."""
    scenario = changed(shipped(*SMALL, "world/service/promises=remembered"), {"policy.conduct.promise_days": 0.7})
    run = simulate(scenario, 42)
    kept, broken, solved = of(run, "promise_kept"), of(run, "promise_broken"), of(run, "ticket_resolved")
    assert len(kept) > 20 and len(broken) > 20
    assert kept["value"].between(0.0, 0.7).all()
    assert (broken["value"] >= 0.7 - 1e-9).all()
    key = ["customer", "contract", "occurrence"]
    assert len(kept.merge(solved, on=[*key, "time_days"])) == len(kept)
    first = broken[broken["occurrence"] < TICKETS].merge(solved, on=key)
    assert (first["value_y"] >= 0.7 - 1e-9).all(), "solved before the day on which the promise was broken"


def test_what_is_refused_stays_unsolved() -> None:
    run = simulate(changed(shipped(*SMALL), {"policy.conduct.refuse_after": 1}), 43)
    refused, contacts = of(run, "refused"), of(run, "contact_end")
    assert len(refused) == (contacts["detail"] == "unresolved").sum() > 10
    assert (contacts["occurrence"] < TICKETS).all()


def test_amends_lift_the_answer_and_nothing_else() -> None:
    """The paradox is in the score equation only: events, money and every latent number are the same to the last bit."""
    plain = shipped(*SMALL, "survey=all_moments")
    off, on = (simulate(changed(plain, {"world.service.recovery.paradox": x}), 44) for x in (0.0, 2.0))
    for name in set(SCHEMAS) - {"surveys"}:
        assert off.tables[name].equals(on.tables[name])
    differs = off.surveys["answer"] != on.surveys["answer"]
    assert set(off.surveys["trigger"][differs].astype(str)) == {"contact_end", "at_resolution"}
    assert (on.surveys["answer"] >= off.surveys["answer"]).all()
    assert off.surveys.drop(columns="answer").equals(on.surveys.drop(columns="answer"))


def test_failing_again_hurts() -> None:
    """Quality of repeated failures falls by what a double deviation costs; every other contact stays as it was."""
    felt = []
    for lost in (0.0, 0.5):
        world = {"world.service.recovery.double_deviation": lost}
        felt.append(of(simulate(changed(shipped(*SMALL, "world=no_effect"), world), 45), "contact_end"))
    both = felt[0].merge(felt[1], on=["customer", "contract", "occurrence", "time_days", "detail"])
    again = (both["detail"] == "unresolved") & (both["occurrence"] >= TICKETS)
    assert len(both) > 200 and again.sum() > 20
    assert np.allclose(both["value_x"] - both["value_y"], np.where(again, 0.5, 0.0))


def test_incidents_come_at_their_rate_and_hit_many_at_once() -> None:
    """Possible incidents are a Poisson stream (detects 10 %, 4 SE); who is hit turns to the desk on the same day."""
    incidents = shipped("world/service/incidents=outages").world.service.incidents
    counts = [len(possible_days(incidents, Draws(Streams(46, r)), 3652.5)) for r in range(100)]
    check_mean(counts, incidents.per_year * 10.0, 0.1 * incidents.per_year * 10.0)
    world = ("world=no_effect", "world/service/incidents=outages")
    run = simulate(shipped("candidates_share=0.4", "horizon_months=20", *world), 46)
    hits, raised = of(run, "incident"), of(run, "ticket_raised")
    assert hits.groupby("occurrence")["time_days"].nunique().eq(1).all()
    assert hits.groupby("occurrence").size().max() > 5
    called = raised[raised["occurrence"] >= FIRST_TICKET]
    assert (called["time_days"].to_numpy() == hits["time_days"].to_numpy()).all()


def test_prevention_spares_incidents() -> None:
    """The same possible incidents: with much product work on prevention fewer happen."""
    plain = changed(shipped(*SMALL, "world/service/incidents=outages"), {"world.service.incidents.per_year": 52.0})
    plain = changed(changed(plain, {"policy.product.reliability": 0.0}), {"policy.product.fit": 0.0})
    runs = (simulate(changed(plain, {"policy.product.prevention": share}), 47) for share in (0.0, 0.99))
    few, fewer = (set(of(run, "incident")["occurrence"]) for run in runs)
    assert len(fewer) < len(few)


def test_articles_answer_and_alerts_spare_calls() -> None:
    """Fewer calls with articles written, and with alerts sent while an incident lasts."""
    parts = ("articles=help_centre", "incidents=outages", "notices=needed")
    base = shipped(*SMALL, *(f"world/service/{part}" for part in parts))
    choices = ({}, {"policy.desk.writing": 0.1}, {"policy.attention.alert": True})
    without, written, warned = (simulate(changed(base, more), 48) for more in choices)
    assert of(without, "self_served").empty
    assert len(of(written, "self_served")) > 10
    told = of(warned, "incident")
    assert (told["detail"] == "told").all() and (of(without, "incident")["detail"] == "untold").all()
    calls = [(of(run, "ticket_raised")["occurrence"] >= FIRST_TICKET).sum() for run in (without, warned)]
    assert calls[0] == len(of(without, "incident"))
    assert calls[1] < 0.7 * len(told)


def test_reminders_save_appointments() -> None:
    base = changed(shipped(*SMALL, "world/service/notices=needed"), {"world.service.notices.missed": 0.5})
    perfect = {"policy.attention.reminder": True, "world.service.notices.reminded": 1.0}
    missed = [of(simulate(changed(base, more), 49), "appointment_missed") for more in ({}, perfect)]
    assert len(missed[0]) > 10
    assert missed[1].empty


def test_whom_one_meets() -> None:
    """Every place in the crowd is one customer: warners first, then advocates, then the silent."""
    crowd, people = Crowd(), [person(customer=n) for n in range(10)]
    crowd.customers = 10
    for c in people[:2]:
        crowd.speak(c, -1)
    for c in people[2:5]:
        crowd.speak(c, 1)
    met = [crowd.met((place + 0.5) / 10) for place in range(10)]
    assert met == [(0, -1), (1, -1), (2, 1), (3, 1), (4, 1), *[(-1, 0)] * 5]
    crowd.speak(people[0], 0)
    assert (crowd.detractors, crowd.met(0.05)) == (1, (1, -1))


def test_a_bad_case_heard_lowers_experience() -> None:
    """The same wave with and without somebody who warns."""
    scenario = changed(shipped("world/hearsay=told"), {"world.hearsay.meeting": 1.0})
    levels = []
    for voice in (0, -1):
        firm, c, other = firm_of(scenario), person(customer=7), person(customer=8)
        firm.crowd.customers = 1
        firm.crowd.speak(other, voice)
        firm.world.process.begin(c, 0.0)
        hear_of(firm, c, 1)
        firm.world.process.refresh(c, firm)
        levels.append(c.latent.experience)
    assert levels[1] < levels[0] == 0.0


def test_off_there_is_one_queue_and_every_contact_is_plain() -> None:
    scenario = shipped()
    desk = Desk(Clock(), scenario.world, scenario.policy)
    assert desk.plain and desk.others == ()
    trained = shipped("world/service/training=empathy")
    assert not Desk(Clock(), trained.world, trained.policy).plain
