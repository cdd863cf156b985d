"""Implementation against competing exponentials: k stages at rate mu, abandonment at rate theta."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from labkit import EVERYBODY_BUYS_AT_ONCE, QUIET, changed, check_mean, crowd_at_once, runs, shipped
from scipy.stats import gamma

from sim.metrics.survival import cumulative_incidence
from sim.units import WORK_HOURS_PER_DAY

STAGES, MU, THETA = 3, 0.1, 0.005
REACHED, MEAN_DAYS = 0.863838, 28.5714


@lru_cache(maxsize=4)
def projects(theta: float = THETA) -> tuple[list[float], list[float], list[float]]:
    """Per replication: share gone live, mean days of those, cumulative incidence at 60 days."""
    scenario = changed(
        shipped("world=no_effect"),
        {
            **QUIET,
            **EVERYBODY_BUYS_AT_ONCE,
            "world.deciding.cancel_intercept": -20.0,
            **crowd_at_once(500),
            "market.onboarding.lag_days": 0.0,
            "market.onboarding.tasks": STAGES,
            "market.onboarding.task_hours": WORK_HOURS_PER_DAY / MU,
            "market.onboarding.abandon_per_day": theta,
            "horizon_months": 12.0,
        },
    )
    shares, means, at_60 = [], [], []
    for run in runs(scenario, seed=21):
        people = run.customers[run.customers["won_days"].notna()]
        taken = people["go_live_days"] - people["won_days"]
        shares.append(float(taken.notna().mean()))
        means.append(float(taken.mean()))
        assert set(people["status"]) <= {"active", "churned"}
        at_60.append(float((taken <= 60.0).mean()))
    return shares, means, at_60


def test_share_and_time() -> None:
    """P = (mu / (mu + theta))^k, E[time | live] = k / (mu + theta); detects .025 and 1 day, 4 SE."""
    shares, means, at_60 = projects()
    check_mean(shares, REACHED, delta=0.025)
    check_mean(means, MEAN_DAYS, delta=1.0)
    exact = REACHED * gamma.cdf(60.0, STAGES, scale=1.0 / (MU + THETA))
    assert exact == pytest.approx(0.821, abs=5e-4)
    check_mean(at_60, float(exact), delta=0.025)


def test_more_abandonment_would_show() -> None:
    """Negative control: theta doubled."""
    with pytest.raises(AssertionError, match="is not"):
        check_mean(projects(2 * THETA)[0], REACHED, delta=1.0)


def test_incidence_lets_abandonment_compete_and_censoring_it_would_not() -> None:
    """The shipped estimator on the engine's own projects: .864 where censoring abandonment gives 1."""
    scenario = changed(
        shipped("world=no_effect"),
        {
            **QUIET,
            **EVERYBODY_BUYS_AT_ONCE,
            "world.deciding.cancel_intercept": -20.0,
            **crowd_at_once(8000),
            "market.onboarding.lag_days": 0.0,
            "market.onboarding.tasks": STAGES,
            "market.onboarding.task_hours": WORK_HOURS_PER_DAY / MU,
            "market.onboarding.abandon_per_day": THETA,
            "horizon_months": 12.0,
        },
    )
    (run,) = runs(scenario, seed=22, replications=1)
    people = run.customers[run.customers["won_days"].notna()]
    live = people["go_live_days"].notna().to_numpy()
    days = people["go_live_days"].fillna(people["end_days"]).to_numpy() - people["won_days"].to_numpy()
    kinds = np.where(live, 1, 2)
    curve = cumulative_incidence(days, kinds, 1)
    censored = cumulative_incidence(days, np.where(live, 1, 0), 1)
    assert curve.level[-1] == pytest.approx(REACHED, abs=0.02)
    assert censored.level[-1] == pytest.approx(1.0, abs=1e-9)


def test_giving_up_is_seen_when_it_happens() -> None:
    """One long task: at the horizon the share that has given up is that of competing risks, not of tasks ended.

    P(given up by t) = theta / (mu + theta) (1 - exp(-(mu + theta) t)) at each customer's own t; detects .04, 4 SE.
    Negative control: noticing it only when the task ends gives another share.
    """
    mu, theta = 0.02, 0.02
    scenario = changed(
        shipped("world=no_effect"),
        {
            **QUIET,
            **EVERYBODY_BUYS_AT_ONCE,
            **crowd_at_once(400),
            "world.deciding.cancel_intercept": -20.0,
            "market.onboarding.lag_days": 0.0,
            "market.onboarding.tasks": 1,
            "market.onboarding.task_hours": WORK_HOURS_PER_DAY / mu,
            "market.onboarding.abandon_per_day": theta,
            "horizon_months": 1.0,
        },
    )
    gaps, late = [], []
    for run in runs(scenario, seed=23):
        people = run.customers[run.customers["won_days"].notna()]
        followed = (run.windows.horizon_days - people["won_days"]).to_numpy()
        gone = (people["status"] == "churned").to_numpy(float)
        exact = theta / (mu + theta) * (1.0 - np.exp(-(mu + theta) * followed))
        ended_late = (1.0 - np.exp(-mu * followed)) - mu / (mu + theta) * (1.0 - np.exp(-(mu + theta) * followed))
        gaps.append(float((gone - exact).mean()))
        late.append(float((gone - ended_late).mean()))
        ended = run.events[run.events["event"] == "implementation_cancelled"]
        assert (ended["time_days"] < run.windows.horizon_days).all()
    check_mean(gaps, 0.0, delta=0.04)
    with pytest.raises(AssertionError, match="is not"):
        check_mean(late, 0.0, delta=1.0)


def test_a_crowded_team_lets_people_give_up_in_line() -> None:
    """With a queue the same hazard runs while waiting: more give up than with unlimited staff, never more than
    would without any service; those who leave the line are never worked on."""
    mu, theta = 0.05, 0.02
    scenario = changed(
        shipped("world=both_matter"),
        {
            **QUIET,
            "market.arrival.candidates_per_month": 200.0,
            "market.onboarding.lag_days": 0.0,
            "market.onboarding.tasks": 1,
            "market.onboarding.task_hours": WORK_HOURS_PER_DAY / mu,
            "market.onboarding.abandon_per_day": theta,
            "policy.staffing.onboarding": 0.4,
            "horizon_months": 12.0,
        },
    )
    above, below = [], []
    for run in runs(scenario, seed=24, replications=4):
        people = run.customers[run.customers["won_days"].notna()]
        followed = (run.windows.horizon_days - people["won_days"]).to_numpy()
        gone = (people["status"] == "churned").to_numpy(float)
        above.append(float((gone - theta / (mu + theta) * (1.0 - np.exp(-(mu + theta) * followed))).sum()))
        below.append(float((1.0 - np.exp(-theta * followed) - gone).sum()))
    assert min(above) > 0.0
    assert min(below) > 0.0
