"""Service mechanisms: nothing while absent, something when on, and nothing of a policy's in `no_effect`."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from labkit import changed, shipped

from sim.events import CUSTOMER_DECIDED, SCHEMAS
from sim.recorder import Run
from sim.simulation import simulate

SMALL = ("candidates_share=0.12", "horizon_months=24")
LEAVING = {"market.frailty.mean_logit": 0.0, "world.deciding.detract_intercept": 1.0}
"""So that some leave and some warn within two years."""
ON = (
    *("world/service/channels=three_ways", "world/service/scripts=rigid", "world/service/training=empathy"),
    *("world/service/escalation=experts", "world/service/promises=remembered", "world/service/recovery=amends"),
    *("world/service/incidents=outages", "world/service/articles=help_centre", "world/service/notices=needed"),
    *("world/service/farewell=felt", "world/hearsay=told"),
)
EVERYTHING: dict[str, Any] = {
    "policy.desk.phone": 0.3,
    "policy.desk.chat": 0.1,
    "policy.desk.mail": 0.2,
    "policy.desk.top": 0.2,
    "policy.desk.writing": 0.1,
    "policy.staffing.training_share": 0.1,
    "policy.conduct.scripted": (0.0, 1.0),
    "policy.conduct.escalate_after": 1,
    "policy.conduct.refuse_after": 3,
    "policy.conduct.promise_days": 0.5,
    "policy.attention.reminder": True,
    "policy.attention.alert": True,
    "policy.attention.farewell": 2.0,
}
"""One of everything a policy can choose about service."""

OTHERS: dict[str, dict[str, Any]] = {
    "channels": {"channels.hours": (2.0,) * 3, "channels.waiting": (9.0,) * 3, "channels.own_queue_hours": 2.0},
    "scripts": {"scripts.hours": 0.2, "scripts.courtesy": 0.0, "scripts.solves": (0.0,) * 5},
    "training": {"training.courtesy_gain": 1.0, "training.spread_cut": 1.0, "training.fades_per_month": 0.5},
    "escalation": {"escalation.cost": 9.0, "escalation.solves_more": 1.0},
    "promises": {"promises.comfort": 1.0, "promises.broken_quality": -2.0, "promises.broken_strength": 1.0},
    "incidents": {"incidents.reach": 1.0},
    "articles": {"articles.helpful": (1.0,) * 5, "articles.written_per_month": 9.0, "articles.futile": 2.0},
    "notices": {"notices.reminded": 1.0, "notices.rebooking_days": 90.0, "notices.wasted": 1.0, "notices.calmed": 1.0},
    "farewell": {},
}
"""Numbers of each part besides its switch (of scripts and promises the switch is the policy's)."""
SWITCHES: dict[str, tuple[str, dict[str, Any]]] = {
    "channels": ("world/service/channels=three_ways", {}),
    "scripts": ("world/service/scripts=rigid", {"policy.conduct.scripted": (1.0,) * 5}),
    "training": ("world/service/training=empathy", {"policy.staffing.training_share": 0.1}),
    "escalation": ("world/service/escalation=experts", {"policy.conduct.escalate_after": 1, "policy.desk.top": 0.3}),
    "promises": ("world/service/promises=remembered", {"policy.conduct.promise_days": 0.2}),
    "recovery": ("world/service/recovery=amends", {}),
    "incidents": ("world/service/incidents=outages", {}),
    "articles": ("world/service/articles=help_centre", {"policy.desk.writing": 0.1}),
    "notices": ("world/service/notices=needed", {}),
    "farewell": ("world/service/farewell=felt", {"policy.attention.farewell": 3.0}),
    "hearsay": ("world/hearsay=told", {}),
}


def same(a: Run, b: Run) -> bool:
    return all(a.tables[name].equals(b.tables[name]) for name in SCHEMAS)


@pytest.fixture(scope="module")
def plain() -> Run:
    return simulate(shipped(*SMALL), 31)


def test_numbers_behind_a_switch_that_is_off_change_nothing(plain: Run) -> None:
    changes = {f"world.service.{key}": value for part in OTHERS.values() for key, value in part.items()}
    quiet = {f"world.hearsay.{key}": 1.0 for key in ("bad_quality", "bad_strength", "good_quality", "good_strength")}
    assert same(simulate(changed(shipped(*SMALL), {**changes, **quiet}), 31), plain)


@pytest.mark.parametrize("part", SWITCHES)
def test_every_switch_matters_when_it_is_on(part: str) -> None:
    """Negative control: the same policy in the world with and without the part."""
    option, policy = SWITCHES[part]
    off, on = (simulate(changed(shipped(*SMALL, *more), {**LEAVING, **policy}), 31) for more in ((), (option,)))
    assert not same(off, on)


def decided(run: Run) -> pd.DataFrame:
    events = run.events[run.events["event"].isin(list(CUSTOMER_DECIDED))].reset_index(drop=True)
    return events.astype({"event": "str", "detail": "str"})


def test_in_no_effect_no_choice_about_service_reaches_a_customer() -> None:
    """Everything on in the world, everything chosen by the policy: the customers are the same to the last bit."""
    scenario = changed(shipped(*SMALL, "world=no_effect", *ON), LEAVING)
    one, other = simulate(scenario, 32), simulate(changed(scenario, EVERYTHING), 32)
    pd.testing.assert_frame_equal(one.customers, other.customers, check_exact=True)
    pd.testing.assert_frame_equal(decided(one), decided(other), check_exact=True)
    assert (one.events["event"] == "incident").any()
    assert {"seen_off", "heard_of_case"} <= set(other.events["event"].astype(str))


def test_with_the_lever_at_a_tenth_it_would_show() -> None:
    scenario = changed(shipped(*SMALL, "world=no_effect", *ON), {"world.levers.handling": 0.1})
    assert not decided(simulate(scenario, 32)).equals(decided(simulate(changed(scenario, EVERYTHING), 32)))
