"""The mirror world: whatever favours experience at s favours outcome as much at 1 - s."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pytest
from labkit import EVERYBODY_BUYS_AT_ONCE, changed, crowd_at_once, runs, shipped, standard_errors

from sim.metrics.divergence import gap, readings
from sim.metrics.facts import floats
from sim.metrics.survival import kaplan_meier, level_at
from sim.recorder import Run
from sim.scenario import Scenario

R = 24
SHARE = 0.8
SCALE = {
    **EVERYBODY_BUYS_AT_ONCE,
    **crowd_at_once(250),
    "horizon_months": 14.0,
    "market.tickets.per_month": 0.0,
    "market.frailty.mean_logit": 0.5,
    "survey.audit_share": 1.0,
}
"""Some hundred people who sign in the first days and decide once, a year later."""
MOST_ANSWER = "survey.response.intercept=2.0"


class Signed(NamedTuple):
    """Quantities that change sign when experience and outcome change places, of one replication."""

    gap_true: float
    """AUC of true E minus AUC of true O for the next voluntary renewal"""
    gap_observed: float
    """AUC of the score answered minus AUC of the reading obtained, where both are there"""
    kept: float
    """retention after a year under mirror_e minus under mirror_o"""
    cash: float
    """money from customers per candidate under mirror_e minus under mirror_o"""


def gap_of(run: Run, view: str) -> float:
    """AUC of the score of experience minus AUC of the score of outcome, on the same decisions."""
    read = readings(run, 0.0)
    return gap(read, view, np.ones(read.renewed.size, dtype=np.bool_)).value


def kept(run: Run) -> float:
    """Kaplan-Meier retention at 13 months."""
    people = run.customers[run.customers["won_days"].notna()]
    end = floats(people, "end_days")
    ended = np.isfinite(end)
    spent = np.where(ended, end, run.windows.horizon_days) - floats(people, "won_days")
    return level_at(kaplan_meier(spent, ended), 13 * 30.4375)


def cash(run: Run) -> float:
    """Money in the ledger of customers, per candidate."""
    return float(run.ledger["amount"][run.ledger["party"] >= 0].sum()) / len(run.customers)


def arm(policy: str, share: float, outcome_noise_sd: float | None = None) -> Scenario:
    """One side of the mirror at a weight of experience; another noise of outcome breaks it."""
    changes = {**SCALE, "world.share_experience": share}
    if outcome_noise_sd is not None:
        changes["world.process.outcome_noise_sd"] = outcome_noise_sd
    return changed(shipped("world=mirror", f"policy={policy}", "survey=mirror", MOST_ANSWER), changes)


@lru_cache(maxsize=8)
def signed(share: float) -> list[Signed]:
    """Signed quantities by replication; predictive gaps are taken under mirror_e and mirror_o together."""
    arms = [arm(policy, share) for policy in ("mirror_e", "mirror_o")]
    found = []
    for e, o in zip(*(runs(a, seed=31, replications=R) for a in arms), strict=True):
        found.append(
            Signed(
                0.5 * (gap_of(e, "truth") + gap_of(o, "truth")),
                0.5 * (gap_of(e, "respondents") + gap_of(o, "respondents")),
                kept(e) - kept(o),
                cash(e) - cash(o),
            )
        )
    return found


@pytest.mark.slow
def test_antisymmetric_in_the_share_and_zero_in_the_middle() -> None:
    """q(s) + q(1 - s) = 0 at s = .8, and q(.5) = 0, within 4 SE over 24 replications; q(.8) itself is far from 0.

    The sums are over replications of the same number, which share their customers. Detectable bias: 5 standard
    errors, at most a fifth of the effect at s = .8.
    """
    right, left, middle = signed(SHARE), signed(1.0 - SHARE), signed(0.5)
    for name in Signed._fields:
        high, low, centre = (np.array([getattr(s, name) for s in side]) for side in (right, left, middle))
        assert standard_errors(high) > 6.0, f"{name} at {SHARE} should favour experience"
        assert standard_errors(low) < -6.0, f"{name} at {1 - SHARE:g} should favour outcome"
        assert abs(standard_errors(high + low)) < 4.0, f"{name} is not antisymmetric: {np.mean(high + low):.4f}"
        assert not centre.any() or abs(standard_errors(centre)) < 4.0, f"{name} at .5: {centre.mean():.4f}"
    assert not any(s.kept or s.cash for s in middle), "at .5 a lift of either is the same to everybody"


@pytest.mark.slow
def test_more_noise_on_one_side_would_show() -> None:
    """Negative control: outcome more than twice as restless between waves breaks the mirror in the predictive gap."""
    gaps = [
        [gap_of(run, "truth") for run in runs(arm("mirror_e", share, 2.5), seed=31, replications=R)]
        for share in (SHARE, 1.0 - SHARE)
    ]
    assert abs(standard_errors(np.sum(gaps, axis=0))) > 4.0


def test_both_arms_spend_the_same_on_one_side_each() -> None:
    arms = [shipped("world=mirror", f"policy={policy}", "survey=mirror") for policy in ("mirror_e", "mirror_o")]
    efforts = [arm.policy.success for arm in arms]
    assert [e.effort for e in efforts] == [1.0, 1.0]
    assert [e.warmth for e in efforts] == [1.0, 0.0]
    assert arms[0].policy.staffing == arms[1].policy.staffing


def test_score_and_reading_are_one_instrument_with_the_share_reversed() -> None:
    survey = shipped("world=mirror", "survey=mirror").survey
    score, reading = survey.instruments["nps"], survey.instruments["outcome_reading"]
    free = {"name", "channel", "share_experience"}
    assert {k: v for k, v in vars(score).items() if k not in free} == {
        k: v for k, v in vars(reading).items() if k not in free
    }
    assert score.share_experience == 1.0 - reading.share_experience == 1.0
    process = shipped("world=mirror").world.process
    assert process.noise_sd == process.outcome_noise_sd
