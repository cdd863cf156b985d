"""Whole chain on simulated runs: false alarms at their nominal rate, planted effects found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.build import load_scenario
from sim.experiments.compare import compare
from sim.experiments.replicate import replicate
from sim.scenario import Scenario

COMPARISONS, EACH = 400, 3
TINY = (
    "horizon_months=20",
    "candidates_share=0.15",
    "metrics=[retention]",
    "world=no_effect",
    "survey.wave_months=12",
    "world.deciding.competitor=2.5",
)
"""Few customers, but near even odds of renewal, so that retention of a replication is nearly continuous."""
SHORT = ("horizon_months=24", "candidates_share=0.2", "metrics=[value]")


def metrics(scenario: Scenario, seed: int, replications: int) -> pd.DataFrame:
    """Long metrics of one arm; two workers, the bytes are the same with one."""
    return replicate(scenario, seed, replications, n_jobs=2).metrics


def values(frame: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Rows of one metric in its truth view."""
    chosen = (frame["metric"] == metric) & (frame["view"] == "truth") & (frame["segment"] == "all")
    return frame[chosen].reset_index(drop=True)


def excluded_zero(arm: pd.DataFrame, baseline: pd.DataFrame, each: int) -> int:
    """How many blocks of `each` replications of one metric have an interval without 0."""
    found = 0
    for block in range(len(baseline) // each):
        pair = {name: rows[rows["replication"] // each == block] for name, rows in (("b", baseline), ("a", arm))}
        table = compare(pair, "b", str(baseline["metric"].iloc[0]), worthwhile_difference=0.0)
        found += bool(len(table)) and not table["low"].iloc[0] <= 0.0 <= table["high"].iloc[0]
    return found


@pytest.mark.slow
def test_independent_seeds_without_an_effect_are_told_apart_at_the_nominal_rate() -> None:
    """`no_effect`, another policy and another seed per arm: 400 comparisons of logo retention, 99.9 % binomial band.

    The control shifts one arm by two standard deviations, which must be found far more often.
    """
    arms = [
        values(metrics(load_scenario(*TINY, f"policy={policy}"), seed, COMPARISONS * EACH), "logo_retention_12")
        for policy, seed in (("traditional", 101), ("outcome_focused", 202))
    ]
    rejected = excluded_zero(arms[0], arms[1], EACH)
    low, high = stats.binom.interval(0.999, COMPARISONS, 0.05)
    assert low <= rejected <= high
    shifted = arms[0].assign(value=arms[0]["value"] + 2 * arms[0]["value"].std())
    assert excluded_zero(shifted, arms[1], EACH) > high


@pytest.mark.slow
def test_two_per_cent_of_revenue_is_found_by_pairing_and_not_without() -> None:
    """Hosting cheaper by 2 % of the list price: found in >= 90 % of 20 comparisons of 4 replications.

    The control gives the arm its own seed: the same effect then drowns in the difference between customers.
    """
    base = load_scenario(*SHORT)
    costs = replace(base.market.costs, hosting_share=base.market.costs.hosting_share - 0.02)
    cheaper = replace(base, market=replace(base.market, costs=costs))
    plain, planted, apart = metrics(base, 5, 80), metrics(cheaper, 5, 80), metrics(cheaper, 6, 80)
    cash = [values(frame, "net_cash_per_candidate") for frame in (plain, planted, apart)]
    gain = float((cash[1]["value"] - cash[0]["value"]).mean())
    assert gain == pytest.approx(0.02 * float(values(plain, "revenue_per_candidate")["value"].mean()), rel=0.15)
    assert excluded_zero(cash[1], cash[0], 4) >= 0.9 * 20
    assert excluded_zero(cash[2], cash[0], 4) < 0.5 * 20


@pytest.mark.slow
def test_the_gap_follows_what_the_world_weighs() -> None:
    """Truth against truth at small size, 40 replications: each sign at 4 standard errors (false alarm .003 %)."""
    ratios = {}
    for world in ("experience_decides", "outcomes_decide"):
        scenario = load_scenario("size=small", "metrics=[divergence]", f"world={world}")
        gaps = values(metrics(scenario, 900, 40), "predictive_gap")["value"].dropna().to_numpy()
        ratios[world] = gaps.mean() / (gaps.std(ddof=1) / np.sqrt(gaps.size))
    assert ratios["experience_decides"] > 4
    assert ratios["outcomes_decide"] < -4
