"""Choosers against lots: by hand, in closed form, and where there is nothing to tell apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from labkit import EVERYBODY_BUYS_AT_ONCE, REPLICATIONS, changed, check_mean, crowd_at_once, shipped
from scipy.special import betainc

from sim.checks import InputError
from sim.metrics.options import options
from sim.scenario import Scenario
from sim.simulation import simulate
from sim.statements.self_selection import difference, self_selection

PEOPLE = ("at_risk", "fixed")
INFORMED = {
    **crowd_at_once(40), **EVERYBODY_BUYS_AT_ONCE, "world.capacity_unlimited": True,
    "market.people.fit_signal_sd": 0.0, "market.people.goal_value_sigma": 0.0, "horizon_months": 1.5,
}  # fmt: skip
"""Customers who know their fit and differ in nothing else that tariffs charge for."""


def table(values: dict[tuple[str, str, int], float], metric: str = "fit_of_option") -> pd.DataFrame:
    """A long table of (arm, option, replication) -> value."""
    rows = [
        {"metric": metric, "context": "-", "arm": arm, "segment": option, "replication": number, "value": value}
        for (arm, option, number), value in values.items()
    ]
    return pd.DataFrame(rows)


BY_HAND = {
    ("chosen", "at_risk", 0): 0.5, ("chosen", "fixed", 0): 0.8,
    ("by_lot", "at_risk", 0): 0.6, ("by_lot", "fixed", 0): 0.7,
    ("chosen", "at_risk", 1): 0.4, ("chosen", "fixed", 1): 0.8,
    ("by_lot", "at_risk", 1): 0.7, ("by_lot", "fixed", 1): 0.6,
    ("chosen", "at_risk", 2): 0.4,
    ("by_lot", "at_risk", 2): 0.7, ("by_lot", "fixed", 2): 0.5,
}  # fmt: skip
"""In the third replication nobody chooses the fixed price."""


def test_naive_randomised_and_bias_by_hand() -> None:
    (line,) = self_selection(table(BY_HAND), choosers="chosen", lots="by_lot", options=list(PEOPLE))
    words = dict(word.split("=") for word in line.split()[4:])
    assert line.startswith("self_selection fit_of_option at_risk-fixed - naive=-0.35[")
    assert words["randomised"].startswith("0.06667[")
    assert words["bias"].startswith("-0.35[") and words["replications"] == "2"
    half = 12.7062 * np.std([-0.2, -0.5], ddof=1) / np.sqrt(2)
    assert words["bias"] == f"-0.35[{-0.35 - half:.4g},{-0.35 + half:.4g}]"


def test_one_option_is_no_comparison() -> None:
    with pytest.raises(InputError, match="two options"):
        self_selection(table(BY_HAND), choosers="chosen", lots="by_lot", options=["fixed"])
    assert self_selection(table(BY_HAND), choosers="none", lots="by_lot", options=list(PEOPLE)) == []


def long(scenario: Scenario, arm: str) -> pd.DataFrame:
    """Family `options` of some replications."""
    runs = [simulate(changed(scenario, INFORMED), 51, number) for number in range(REPLICATIONS)]
    tables = [options(run, earned_months=24.0).assign(replication=n) for n, run in enumerate(runs)]
    return pd.concat(tables).assign(arm=arm, context="-")


@pytest.fixture(scope="module")
def measured() -> pd.DataFrame:
    chosen = shipped("pricing=menu")
    lots = changed(chosen, {"pricing.self_selected": False})
    return pd.concat([long(chosen, "chosen"), long(lots, "by_lot")], ignore_index=True)


def naive_fit_gap() -> float:
    """E[fit | fit < f] - E[fit | fit >= f], where f makes a year at risk as dear as one at the fixed price.

    Expected outcome is f / mean fit x the reference's mean outcome; the fee is base + level x share x (credited gain -
    baseline), and fit is Beta.
    """
    scenario = changed(shipped("pricing=menu"), INFORMED)
    people, risk = scenario.market.people, scenario.pricing.options["at_risk"]
    outcome = risk.attribution * np.mean(scenario.market.reference.first_year_outcome) / people.fit_mean
    needed = (1.0 - risk.base_share) / (risk.level * risk.gain_share * people.goal_value_ratio)
    at = (risk.baseline + needed) / outcome
    below = betainc(people.fit_alpha, people.fit_beta, at)
    weight = people.fit_mean * betainc(people.fit_alpha + 1.0, people.fit_beta, at)
    return float(weight / below - (people.fit_mean - weight) / (1.0 - below))


def test_who_knows_its_fit_divides_at_the_price(measured: pd.DataFrame) -> None:
    """Naive difference in fit in closed form (detects .08); by lot it is 0, and the closed form is far from that."""
    exact = naive_fit_gap()
    assert exact < -0.2
    found = {arm: difference(measured, "fit_of_option", arm, PEOPLE) for arm in ("chosen", "by_lot")}
    check_mean(found["chosen"].tolist(), exact, delta=0.08)
    check_mean(found["by_lot"].tolist(), 0.0, delta=0.12)
    with pytest.raises(AssertionError, match="is not"):
        check_mean(found["by_lot"].tolist(), exact, delta=1.0)


def test_where_lots_decide_in_both_arms_there_is_no_bias(measured: pd.DataFrame) -> None:
    """The negative control: naive = randomised, bias exactly 0 in every metric that so short a time has."""
    lines = self_selection(measured, choosers="by_lot", lots="by_lot", options=list(PEOPLE))
    assert len(lines) == 2
    for line in lines:
        words = dict(word.split("=") for word in line.split()[4:])
        assert words["naive"] == words["randomised"] and words["bias"].startswith("0[0,0]")


def test_everybody_stands_beside_the_options(measured: pd.DataFrame) -> None:
    """Options add up to all, by people and by the sum of what is counted."""
    parts = measured[measured["segment"] != "all"].assign(total=lambda rows: rows["value"] * rows["n"])
    keys = ["arm", "replication", "metric"]
    parts = parts.groupby(keys)[["total", "n"]].sum()
    whole = measured[measured["segment"] == "all"].set_index(keys).loc[parts.index]
    assert (whole["n"] == parts["n"]).all()
    assert whole["value"].to_numpy() == pytest.approx((parts["total"] / parts["n"]).to_numpy(), nan_ok=True)
