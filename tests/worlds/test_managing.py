"""Managing accounts: what a contact reaches besides use; each power and harm off, on, and in `no_effect`."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pandas as pd
import pytest
from labkit import changed, firm_of, person, shipped
from test_no_effect import decided

from sim.agents.managing import held
from sim.policies.success import NONE
from sim.policies.views import AccountView
from sim.recorder import Run
from sim.rules.adoption import fit_effective, realigned
from sim.simulation import simulate

SMALL = ("candidates_share=0.1", "horizon_months=36", "policy.success.warmth=0")
OTHER_NUMBERS = {"world.managing.release_days": 1000.0}
ALL_AT_ONCE = {
    "world.managing.realignment": 0.5,
    "world.managing.reach_of_user": 0.5,
    "world.managing.inertia_release": 0.9,
    "world.managing.breadth_hold": 3.0,
}
NAN = float("nan")


def unequal(a: Run, b: Run) -> list[str]:
    return [name for name, table in a.tables.items() if not table.equals(b.tables[name])]


def test_with_the_switch_at_null_its_other_number_changes_nothing() -> None:
    plain = shipped(*SMALL)
    assert unequal(simulate(plain, 3), simulate(changed(plain, OTHER_NUMBERS), 3)) == []


@pytest.mark.parametrize("option", ["realigning", "awakening", "distant", "embedding"])
def test_every_shipped_option_changes_something(option: str) -> None:
    assert unequal(simulate(shipped(*SMALL), 3), simulate(shipped(*SMALL, f"world/managing={option}"), 3))


def test_in_no_effect_no_contact_reaches_anybody() -> None:
    world = changed(shipped("world=no_effect", *SMALL[:2]), ALL_AT_ONCE)
    silent = changed(world, {"policy.success.share": 0.0})
    one, other = simulate(world, 5), simulate(silent, 5)
    assert (one.events["event"] == "success_contact").sum() > 50
    assert not (other.events["event"] == "success_contact").any()
    pd.testing.assert_frame_equal(one.customers, other.customers, check_exact=True)
    pd.testing.assert_frame_equal(decided(one), decided(other), check_exact=True)


def test_a_contact_adds_its_share_of_the_missing_fit() -> None:
    """1 - fit falls by realignment x saturation of the task, each time; the product's own improvement is kept."""
    firm = firm_of(changed(shipped(), {"world.managing.realignment": 0.4}))
    c = person(fit=0.3)
    process = firm.world.process
    process.live(c, firm, 1.0)
    half = firm.world.efforts.contact_half
    for times in (1, 2):
        process.contact(c, firm, 2.0 * half, 0.5)  # task effort = half: half of what a full contact does
        assert c.latent.fit == pytest.approx(1.0 - 0.7 * 0.8**times, rel=1e-12)
    assert fit_effective(realigned(0.3, 0.2), 0.5) == pytest.approx(1.0 - 0.7 * 0.8 * exp(-0.5), rel=1e-12)


def test_only_part_of_it_reaches_users_who_are_not_the_buyer() -> None:
    firm = firm_of(changed(shipped(), {"world.managing.realignment": 0.4, "world.managing.reach_of_user": 0.25}))
    depths = {}
    for buyer_is_user in (True, False):
        c = person(buyer_is_user=buyer_is_user, fit=0.3)
        firm.world.process.live(c, firm, 0.1)
        before = c.latent.depth, c.latent.fit
        firm.world.process.contact(c, firm, 1.0, 0.5)
        missing = (1.0 - c.latent.depth) / (1.0 - before[0]), (1.0 - c.latent.fit) / (1.0 - before[1])
        depths[buyer_is_user] = 1.0 - np.array(missing)
    assert depths[False] == pytest.approx(0.25 * depths[True], rel=1e-12)


def test_inertia_is_released_for_a_time_and_breadth_holds() -> None:
    firm = firm_of(changed(shipped(), {"world.managing.inertia_release": 0.17, "world.managing.breadth_hold": 2.0}))
    managing = firm.managing
    assert managing is not None
    c = person(frailty=3.3, breadth=0.5)
    c.latent.adoption = 0.8
    assert held(managing, c, firm) == pytest.approx(2.0 * 0.5 * 0.8)
    c.account.contacted_days = -managing.release_days
    odds = exp(held(managing, c, firm) - 0.8)  # 6 % leaving become 10 % (Ascarza et al. 2016)
    assert log(odds) == pytest.approx(-0.561)
    assert 1.0 - 1.0 / (1.0 + odds * 94 / 6) == pytest.approx(1 - 0.1, abs=0.002)
    c.account.contacted_days -= 1.0
    assert held(managing, c, firm) == pytest.approx(0.8)


def test_the_harm_can_outweigh_the_good() -> None:
    """Contacts near the renewal keep customers where nothing is let loose, and lose them where all is."""
    near = (*SMALL[:2], "policy/success=before_renewal", "policy.success.warmth=0")
    calls = [simulate(shipped(*near), 11, r) for r in range(4)]
    harms = [simulate(changed(shipped(*near), {"world.managing.inertia_release": 0.9}), 11, r) for r in range(4)]
    stays = [[float((run.events["event"] == "renewed").sum()) for run in runs] for runs in (calls, harms)]
    gap = np.array(stays[0]) - np.array(stays[1])
    assert gap.mean() > 4.0 * gap.std(ddof=1) / np.sqrt(gap.size) > 0.0


def view(**seen: float) -> AccountView:
    blank = AccountView(100.0, 200.0, 3.0, 4.0, 0.0, 0.0, NAN, NAN, NAN, 0.5)
    return blank._replace(**seen)


def test_breadth_and_uplift_read_what_was_measured() -> None:
    breadth = shipped("policy/success=on_breadth").policy.success
    assert breadth.contact(view(breadth=0.2)) != NONE
    assert breadth.contact(view(breadth=0.4)) == NONE == breadth.contact(view())
    uplift = shipped("policy/success=on_uplift").policy.success
    low = view(usage=0.4, outcome=0.3)
    assert uplift.contact(low) != NONE
    assert uplift.contact(low._replace(usage=0.95, outcome=0.9)) == NONE  # nothing to gain
    assert uplift.contact(view()) == NONE  # nothing known
    assert uplift.contact(low._replace(usage=0.7, outcome=0.7, days_to_renewal=30.0)) == NONE  # would wake it
    assert uplift.contact(low._replace(usage=0.7, outcome=0.7)) != NONE
    assert uplift.contact(low._replace(days_since_contact=30.0)) == NONE


def test_telemetry_sees_breadth_as_needs_times_use() -> None:
    from sim.agents.caring import _read_usage

    firm = firm_of(shipped())
    firm.purse.fill(1e6)
    c = person(breadth=0.6)
    c.latent.adoption = 0.5
    _read_usage(firm, c)
    assert c.account.last_breadth == pytest.approx(0.3)
