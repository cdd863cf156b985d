"""The world `no_effect`: whatever an organisation does, its customers are the same to the last bit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from labkit import changed, shipped

from sim.events import CUSTOMER_DECIDED
from sim.paths import config_folder
from sim.recorder import Run
from sim.simulation import simulate

SMALL = ("world=no_effect", "horizon_months=36", "candidates_share=0.2")
BUNDLES = sorted(path.stem for path in (Path(config_folder()) / "policy").glob("*.yaml"))
LEVERS = ["promise", "qualification", "depth", "handling", "contact", "selling", "work", "marketing", "product"]
EXTREME = {
    "policy.sales.promise": 3.0,
    "policy.sales.qualification_bar": 1.0,
    "policy.sales.effort": 5.0,
    "policy.sales.warmth": 0.0,
    "policy.sales.discount_share": 0.9,
    "policy.onboarding.effort": 0.1,
    "policy.onboarding.warmth": 1.0,
    "policy.support.effort": 5.0,
    "policy.support.warmth": 0.0,
    "policy.success.share": 0.0,
    "policy.product.fit": 0.0,
    "policy.staffing.marketing": 20.0,
    "policy.staffing.sales": 0.0,
    "policy.staffing.support": 0.0,
    "policy.survey.share": 0.0,
    "policy.listening.outcome": True,
}
"""One of everything a policy can choose, far from nominal."""


def decided(run: Run) -> pd.DataFrame:
    """What customers decided, without the codes of words nobody used."""
    events = run.events[run.events["event"].isin(list(CUSTOMER_DECIDED))].reset_index(drop=True)
    return events.astype({"event": "str", "detail": "str"})


def same(a: Run, b: Run) -> bool:
    return a.customers.equals(b.customers) and decided(a).equals(decided(b))


@pytest.fixture(scope="module")
def balanced() -> Run:
    return simulate(shipped(*SMALL), 17)


@pytest.mark.parametrize("bundle", [b for b in BUNDLES if b != "balanced"])
def test_every_shipped_policy_leaves_customers_as_they_are(bundle: str, balanced: Run) -> None:
    run = simulate(shipped(*SMALL, f"policy={bundle}"), 17)
    pd.testing.assert_frame_equal(run.customers, balanced.customers, check_exact=True)
    pd.testing.assert_frame_equal(decided(run), decided(balanced), check_exact=True)
    assert (balanced.customers["status"] == "active").sum() > 20


def test_so_does_the_worst_one_can_choose(balanced: Run) -> None:
    """Every choice at once, far from nominal, a 90 % discount included."""
    assert same(simulate(changed(shipped(*SMALL), EXTREME), 17), balanced)


def test_the_organisation_itself_may_differ(balanced: Run) -> None:
    run = simulate(changed(shipped(*SMALL), EXTREME), 17)
    assert not run.ledger.equals(balanced.ledger)
    assert not run.resources.equals(balanced.resources)


@pytest.mark.parametrize("lever", LEVERS)
def test_one_lever_at_a_tenth_would_show(lever: str, balanced: Run) -> None:
    """Negative control, lever by lever: the same extreme policy reaches customers through any one of them."""
    scenario = changed(shipped(*SMALL), {**EXTREME, f"world.levers.{lever}": 0.1})
    nominal = changed(shipped(*SMALL), {f"world.levers.{lever}": 0.1})
    assert not same(simulate(scenario, 17), simulate(nominal, 17)), f"{lever} has no effect"


def test_limited_staff_would_show(balanced: Run) -> None:
    """Negative control: the same world with as many people as the budget pays for."""
    limited = {"world.capacity_unlimited": False}
    runs = [simulate(changed(shipped(*SMALL), {**more, **limited}), 17) for more in ({}, EXTREME)]
    assert not same(*runs)


def test_every_lever_of_the_world_is_tested_and_zero() -> None:
    levers = shipped(*SMALL).world.levers
    assert sorted(vars(levers)) == sorted(LEVERS)
    assert set(vars(levers).values()) == {0.0}
