"""Whole chain on simulated runs: false alarms at their nominal rate, planted effects found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from joblib import Parallel, delayed
from labkit import EVERYBODY_BUYS_AT_ONCE, EVERYBODY_GOES_LIVE_AT_ONCE, QUIET, changed
from scipy import stats

from sim.build import load_scenario
from sim.experiments.compare import compare
from sim.experiments.replicate import replicate
from sim.metrics.facts import SAME_DAY
from sim.metrics.retention import retention, tenure
from sim.metrics.survival import kaplan_meier, level_at
from sim.scenario import Scenario
from sim.simulation import simulate
from sim.units import days

COMPARISONS, EACH = 400, 8
"""Eight replications are what `size=small` runs."""
WON, MONTHS = 30, 24
"""Customers of a replication at small size, of 36 months; the tenure looked at."""
RUNS = 16
HORIZON = 36.0
LIVES = {
    **{place: value for place, value in QUIET.items() if place.startswith(("survey", "market.tickets"))},
    **EVERYBODY_BUYS_AT_ONCE,
    **EVERYBODY_GOES_LIVE_AT_ONCE,
    "market.arrival.candidates_per_month": COMPARISONS * EACH / RUNS * WON / 0.95 / (HORIZON / 2.0),
    "market.arrival.referral_candidates_per_month": 0.0,
    "horizon_months": HORIZON,
}
"""Everybody buys at once, nobody is asked and nobody needs help; renewals are decided as shipped."""
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


def dealt(scenario: Scenario, seed: int, number: int) -> list[float]:
    """Logo retention of every small run that one large run is dealt out into, by lot.

    In `no_effect` nobody changes anybody's life (tests/invariants), and a Poisson stream that is dealt out by lot
    gives independent Poisson streams: what each pile holds is a run of its own. The metric is the shipped one's.
    """
    run = simulate(scenario, seed, number)
    life, piles = tenure(run), COMPARISONS * EACH // RUNS
    lot = np.random.default_rng([seed, number]).integers(piles, size=life.won.size)

    def kept(who: np.ndarray) -> float:
        return float(level_at(kaplan_meier(life.duration[who], life.ended[who]), days(MONTHS) + SAME_DAY))

    shipped = retention(run, months=[MONTHS], base_months=12.0, rate_months=12.0)
    assert kept(life.signed) == values(shipped, f"logo_retention_{MONTHS}")["value"].iloc[0]
    return [kept(life.signed & (lot == pile)) for pile in range(piles)]


def many(policy: str, seed: int) -> pd.DataFrame:
    """One retention per small run, as a long table; two workers."""
    scenario = changed(load_scenario("world=no_effect", "metrics=[]", f"policy={policy}"), LIVES)
    found = Parallel(n_jobs=2)(delayed(dealt)(scenario, seed, number) for number in range(RUNS))
    kept = [value for some in found for value in some]
    told = {"metric": f"logo_retention_{MONTHS}", "view": "truth", "segment": "all", "time_days": days(MONTHS)}
    return pd.DataFrame({"replication": range(len(kept)), **told, "value": kept, "n": WON, "unit": "share"})


@pytest.mark.slow
def test_independent_seeds_without_an_effect_are_told_apart_at_the_nominal_rate() -> None:
    """`no_effect`, another policy and another seed per arm: 400 comparisons of logo retention at small size with the
    shipped renewal odds, so that one customer in twenty leaves, 99.9 % binomial band.

    The control shifts one arm by two standard deviations, which must be found far more often.
    """
    arms = [many(policy, seed) for policy, seed in (("traditional", 101), ("outcome_focused", 202))]
    assert 0.90 < arms[0]["value"].mean() < 0.97
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
