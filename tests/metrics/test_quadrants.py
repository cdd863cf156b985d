"""Quadrants: who is counted, both baselines, both odds ratios, and lock-in apart."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from handmade import Handmade, count_of, value_of

from sim.metrics.logistic import fitted_probability
from sim.metrics.odds import Table, pooled_log_odds
from sim.metrics.quadrants import held_probability, quadrants, spaced
from sim.units import days

MONTHS = tuple(days(month) for month in (3, 6, 9, 12))


def measured(tables: Handmade, window_months: float = 12.0, switching_cost: float = 0.0) -> pd.DataFrame:
    return quadrants(
        tables.run(), window_months=window_months, happy_from=0.0, reached_from=0.0, switching_cost=switching_cost
    )


def decide(tables: Handmade, customer: int, e: float, o: float, stays: bool, **values: float) -> None:
    """Read at month 12, decided at month 18."""
    tables.customer(customer, won=days(6))
    tables.wave(days(12), customer, experience=e, perceived_outcome=o, **{"audit_answered": False, **values})
    detail = "" if stays else "chance"
    tables.event(days(18), "renewed" if stays else "churned", customer, occurrence=1, value=0.8, detail=detail)


def logit_world(b_e: float, b_o: float, seed: int, customers: int = 4000) -> tuple[Handmade, np.ndarray]:
    """logistic(2 + b_e E + b_o O), E and O correlated .3 (oracles: renewal logit)."""
    rng, tables = np.random.default_rng(seed), Handmade(60)
    e = rng.normal(size=customers)
    o = 0.3 * e + math.sqrt(0.91) * rng.normal(size=customers)
    stays = rng.random(customers) < 1 / (1 + np.exp(-(2 + b_e * e + b_o * o)))
    for i in range(customers):
        decide(tables, i, e[i], o[i], bool(stays[i]))
    return tables, stays


def test_only_voluntary_decisions_in_the_window_count() -> None:
    tables = Handmade(60)
    decide(tables, 0, 1.0, 1.0, True)
    decide(tables, 1, 1.0, -1.0, False)
    decide(tables, 2, -1.0, 0.0, True)
    tables.customer(3, won=0.0)
    tables.wave(days(12), 3, experience=1.0)
    tables.event(days(18), "churned", 3, occurrence=1, detail="involuntary")
    tables.customer(4, won=0.0)
    tables.wave(days(12), 4, experience=1.0)
    tables.event(days(30), "churned", 4, occurrence=1, detail="chance")
    tables.wave(days(6), 0, experience=-1.0)
    frame = measured(tables)
    assert count_of(frame, "leaving_share", segment="everyone") == 3
    assert value_of(frame, "leaving_share", "truth", "happy") == 0.5
    assert value_of(frame, "leaving_share", "truth", "happy_missed") == 1.0
    assert value_of(frame, "leaving_share", "truth", "unhappy") == 0.0
    assert count_of(frame, "leaving_share", segment="unhappy_reached") == 1
    assert value_of(frame, "term_bound_share", segment="everyone") == pytest.approx(1 / 5), (
        "a term that outlasts the window"
    )
    assert value_of(frame, "term_bound_share", segment="happy") == pytest.approx(1 / 4)
    assert value_of(frame, "happy_share_of_leavers", segment="everyone") == 1.0
    assert value_of(frame, "unhappy_share_of_stayers", segment="everyone") == 0.5


def test_no_decision_counts_twice_and_nobody_is_cut_off() -> None:
    assert spaced(np.array(MONTHS * 2), days(6), days(6), days(12)) == [days(6), days(12)]
    assert spaced(np.array(MONTHS), days(6), days(5), days(11)) == [days(6)]
    tables = Handmade(24)
    tables.customer(1, won=0.0)
    for month in range(3, 24, 3):
        tables.wave(days(month), 1, experience=1.0)
    tables.event(days(13), "renewed", 1, occurrence=1, value=0.9)
    assert count_of(measured(tables), "leaving_share", segment="everyone") == 1
    short = measured(tables, window_months=6)
    assert count_of(short, "leaving_share", segment="everyone") == 1
    assert count_of(short, "term_bound_share", segment="everyone") == 3, (
        "waves at 6, 12 and 18 months, followed for six each"
    )


def test_promoters_and_detractors_are_those_who_answered() -> None:
    tables = Handmade(60)
    for customer, (answer, answered, stays) in enumerate(
        [(10, True, False), (9, True, True), (7, True, False), (2, True, True), (9, False, True)]
    ):
        decide(tables, customer, 1.0, 1.0, stays, answer=answer, audit_answered=answered)
    frame = measured(tables)
    assert count_of(frame, "leaving_share", "respondents", "everyone") == 3, "the passive and the silent are left out"
    assert value_of(frame, "leaving_share", "respondents", "happy") == 0.5
    assert value_of(frame, "leaving_share", "respondents", "unhappy") == 0.0


def test_a_pure_experience_world_has_happy_leavers_too() -> None:
    """Oracle: logistic(2 + 1.5 E): 5 % of the happy leave, 67 % of the unhappy stay; integrated and measured."""
    z = np.linspace(0.0, 8.0, 80_001)
    density = 2 * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    happy_leave = float(np.trapezoid(density / (1 + np.exp(2 + 1.5 * z)), z))
    unhappy_stay = 1 - float(np.trapezoid(density / (1 + np.exp(2 - 1.5 * z)), z))
    assert (round(happy_leave, 2), round(unhappy_stay, 2)) == (0.05, 0.67)
    found = [measured(logit_world(1.5, 0.0, seed)[0]) for seed in range(6)]
    for segment, exact in (("happy", happy_leave), ("unhappy", 1 - unhappy_stay)):
        for metric in ("leaving_share", "leaving_share_if_experience_only"):
            values = np.array([value_of(frame, metric, "truth", segment) for frame in found])
            assert abs(values.mean() - exact) <= 4 * values.std(ddof=1) / math.sqrt(6), metric
    odds = np.array([value_of(f, "staying_log_odds", "truth", "outcome_given_experience") for f in found])
    assert odds.mean() < 0.6, "what is left is E varying inside the halves: far below the effect of E"
    other = np.array([value_of(f, "staying_log_odds", "truth", "experience_given_outcome") for f in found])
    assert other.mean() > 1.5


def test_an_experience_only_model_misses_what_outcome_does() -> None:
    """Where outcome decides, the happy whose outcome is missed leave more than experience alone would say."""
    both = [measured(logit_world(0.75, 0.75, seed)[0]) for seed in range(6)]
    gaps = np.array(
        [
            value_of(frame, "leaving_share", "truth", "happy_missed")
            - value_of(frame, "leaving_share_if_experience_only", "truth", "happy_missed")
            for frame in both
        ]
    )
    assert gaps.mean() > 4 * gaps.std(ddof=1) / math.sqrt(6)
    odds = np.array(
        [
            [value_of(f, "staying_log_odds", "truth", name) for f in both]
            for name in ("outcome_given_experience", "experience_given_outcome")
        ]
    )
    difference = odds[0] - odds[1]
    assert abs(difference.mean()) <= 4 * difference.std(ddof=1) / math.sqrt(6), "equal weights: equal odds"


def test_baselines_keep_the_number_of_leavers() -> None:
    tables, stays = logit_world(0.75, 0.75, 1, customers=800)
    frame = measured(tables)
    quadrant = [f"{mood}_{result}" for mood in ("happy", "unhappy") for result in ("reached", "missed")]
    for metric in ("leaving_share", "leaving_share_if_independent", "leaving_share_if_experience_only"):
        total = sum(value_of(frame, metric, "truth", s) * count_of(frame, metric, "truth", s) for s in quadrant)
        assert total == pytest.approx(int((~stays).sum()), abs=1e-6), metric


def test_one_logistic_curve() -> None:
    """Two groups: Firth adds half a case to each cell (Heinze & Schemper 2002); the intercept restores the total."""
    x, y = np.repeat([0.0, 1.0], 50), np.zeros(100, dtype=bool)
    y[:10] = y[50:80] = True
    p = fitted_probability(x, y)
    odds = p[99] / (1 - p[99]) / (p[0] / (1 - p[0]))
    assert odds == pytest.approx((30.5 / 20.5) / (10.5 / 40.5), rel=1e-8)
    assert p.sum() == pytest.approx(40.0, abs=1e-8)
    assert fitted_probability(x, np.zeros(100, dtype=bool)).tolist() == [0.0] * 100
    assert fitted_probability(np.ones(4), np.array([True, False, False, False])).tolist() == [0.25] * 4
    apart = fitted_probability(x, x > 0.5)
    assert apart[99] == pytest.approx(50.5 / 51, abs=1e-6), "cases that separate stay finite"


def test_few_leavers_do_not_steepen_the_curve() -> None:
    """1,500 replications with some twelve leavers each: what the curve says of the happy half is unbiased (4 SE)."""
    rng, error = np.random.default_rng(5), []
    for _ in range(1500):
        e = rng.normal(size=120)
        chance = 1 / (1 + np.exp(2.3 + 0.7 * e))
        fitted = fitted_probability(e, rng.random(120) < chance)
        error.append(float((fitted - chance)[e > 0].mean()))
    assert abs(np.mean(error)) <= max(4 * np.std(error) / math.sqrt(1500), 0.002)


def test_mantel_haenszel() -> None:
    """One table: the cross ratio; two equal tables: the same; Simpson's reversal is undone."""
    assert math.exp(pooled_log_odds([Table(10, 5, 4, 8)])) == pytest.approx(4.0)
    assert math.exp(pooled_log_odds([Table(10, 5, 4, 8)] * 2)) == pytest.approx(4.0)
    strata = [Table(81, 6, 234, 36), Table(192, 71, 55, 25)]
    assert pooled_log_odds(strata) > 0 > pooled_log_odds([Table(273, 77, 289, 61)])
    assert math.isnan(pooled_log_odds([Table(5, 0, 5, 0)]))


def test_held_by_the_switching_cost() -> None:
    """A stayer's draw was below p: the chance that it was above p0 is 1 - p0/p. Checked by brute force."""
    rng = np.random.default_rng(3)
    logit, draw = rng.normal(2.0, 1.0, 200_000), rng.random(200_000)
    p, p0 = 1 / (1 + np.exp(-logit)), 1 / (1 + np.exp(-(logit - 2.0)))
    stayed = draw < p
    held = held_probability(p, stayed, 2.0)
    truth = stayed & (draw >= p0)
    error = (held - truth).std() / math.sqrt(truth.size)
    assert abs(held.mean() - truth.mean()) <= 4 * error
    assert not held_probability(p, stayed, 0.0).any(), "no lock-in, nobody held"
    assert not held[~stayed].any()
