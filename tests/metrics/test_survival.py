"""Kaplan-Meier, Greenwood, Aalen-Johansen against published numbers and an independent library."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.metrics.survival import (
    cumulative_incidence,
    error_at,
    kaplan_meier,
    level_at,
    quantile,
    restricted_mean,
)

# Freireich et al. 1963, 6-MP arm; True: relapse seen, False: censored.
FREIREICH = [
    (6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0),
    (19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0),
]  # fmt: skip
PUBLISHED = {6: 0.857143, 7: 0.806723, 10: 0.752941, 13: 0.690196, 16: 0.627451, 22: 0.537815, 23: 0.448179}
ONBOARDING = (3, 0.1, 0.005)
"""k stages at rate mu with abandonment theta: P(value) = (mu/(mu+theta))^k = .863838."""

lives = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=40)


def freireich() -> tuple[np.ndarray, np.ndarray]:
    duration, ended = zip(*FREIREICH, strict=True)
    return np.array(duration, float), np.array(ended, bool)


def test_kaplan_meier_gives_the_published_leukaemia_curve() -> None:
    curve = kaplan_meier(*freireich())
    for time, survival in PUBLISHED.items():
        assert level_at(curve, time) == pytest.approx(survival, abs=5e-7)
    assert error_at(curve, 6) == pytest.approx(0.076360, abs=5e-7)
    assert quantile(curve, 0.5) == 23
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]


def test_censored_treated_as_relapsed_is_another_curve() -> None:
    duration, _ = freireich()
    wrong = kaplan_meier(duration, np.ones(duration.size, bool))
    assert abs(level_at(wrong, 10) - PUBLISHED[10]) > 0.05


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_an_independent_library(seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import AalenJohansenFitter, KaplanMeierFitter

        rng = np.random.default_rng(seed)
        duration, cause = rng.exponential(10, 300), rng.integers(0, 3, 300)
        curve = kaplan_meier(duration, cause > 0)
        theirs = KaplanMeierFitter().fit(duration, cause > 0).survival_function_
        share = cumulative_incidence(duration, cause, 1)
        fitted = AalenJohansenFitter(calculate_variance=False).fit(duration, cause, 1).cumulative_density_
    for time in (1.0, 5.0, 12.0, 25.0):
        assert level_at(curve, time) == pytest.approx(float(theirs.loc[:time].iloc[-1, 0]), abs=1e-12)
        assert level_at(share, time) == pytest.approx(float(fitted.loc[:time].iloc[-1, 0]), abs=1e-12)


def onboarding(seed: int, customers: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Duration and cause (1 value, 2 abandoned) of simulated implementations."""
    stages, rate, leave = ONBOARDING
    rng = np.random.default_rng(seed)
    work = rng.exponential(1 / rate, (customers, stages)).sum(axis=1)
    patience = rng.exponential(1 / leave, customers)
    return np.minimum(work, patience), np.where(work <= patience, 1, 2)


def test_share_reaching_value_lets_abandonment_compete() -> None:
    """20 replications, 4 standard errors across them (false alarm 6e-5); detects a bias of .007."""
    shares, censoring = [], []
    for seed in range(20):
        duration, cause = onboarding(seed)
        shares.append(level_at(cumulative_incidence(duration, cause, 1), np.inf))
        censoring.append(1 - level_at(kaplan_meier(duration, cause == 1), np.inf))
    exact = (0.1 / 0.105) ** 3
    assert exact == pytest.approx(0.863838, abs=5e-7)
    error = np.std(shares, ddof=1) / math.sqrt(20)
    assert abs(np.mean(shares) - exact) <= 4 * error
    assert 5 * error < 0.007
    assert np.mean(censoring) > 0.98, "censoring the competing cause would claim that nearly all reach value"


def test_incidence_at_60_days_and_its_standard_error() -> None:
    curves = [cumulative_incidence(*onboarding(seed, 1000), 1) for seed in range(60)]
    shares = [level_at(curve, 60) for curve in curves]
    assert np.mean(shares) == pytest.approx(0.821, abs=4 * np.std(shares) / math.sqrt(60))
    claimed = np.mean([error_at(curve, 60) for curve in curves])
    assert claimed == pytest.approx(float(np.std(shares, ddof=1)), rel=0.4), "4 SE of a standard deviation from 60"
    assert claimed == pytest.approx(math.sqrt(0.821 * 0.179 / 1000), rel=0.03), "binomial, nothing is censored"


@given(lives)
def test_without_censoring_the_curve_is_the_share_left(rows: list[tuple[int, bool]]) -> None:
    duration = np.array([time for time, _ in rows], float)
    curve = kaplan_meier(duration, np.ones(duration.size, bool))
    for time in range(13):
        assert level_at(curve, time) == pytest.approx(float((duration > time).mean()), abs=1e-9)
    assert restricted_mean(curve, 20.0) == pytest.approx(float(duration.mean()))


@given(lives)
def test_incidences_and_survival_add_up_to_one(rows: list[tuple[int, bool]]) -> None:
    duration = np.array([time for time, _ in rows], float)
    cause = np.array([1 + time % 2 if ended else 0 for time, ended in rows])
    both = sum(level_at(cumulative_incidence(duration, cause, of), 12) for of in (1, 2))
    assert both + level_at(kaplan_meier(duration, cause > 0), 12) == pytest.approx(1.0)


def test_nobody_is_a_curve_too() -> None:
    curve = kaplan_meier(np.empty(0), np.empty(0, bool))
    assert level_at(curve, 5.0) == 1.0
    assert math.isnan(quantile(curve, 0.5))
    assert level_at(cumulative_incidence(np.empty(0), np.empty(0, int), 1), 5.0) == 0.0
