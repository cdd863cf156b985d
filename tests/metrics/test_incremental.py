"""What a metric adds to what is known anyway, judged on customers the law has not seen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from handmade import Handmade, count_of, value_of

from sim.metrics.incremental import Trial, folds, incremental, known
from sim.metrics.logit import fit, log_loss, probability
from sim.metrics.prediction import Track, decisions, joined, moments
from sim.units import days

SETTINGS = {"lead_days": 0.0, "fold_count": 5, "penalty": 1.0, "top_share": 0.1, "least_lost": 10}


def test_the_intercept_alone_is_the_logit_of_the_share() -> None:
    event = np.arange(10) < 7
    law = fit(np.zeros((10, 1)), event, 1.0)
    assert law.logits(np.zeros((1, 1)))[0] == pytest.approx(math.log(7 / 3), rel=1e-6)
    assert log_loss(law.logits(np.zeros((10, 1))), event) == pytest.approx(
        -(0.7 * math.log(0.7) + 0.3 * math.log(0.3)), rel=1e-6
    )


def test_the_fit_is_where_the_penalised_likelihood_is_flat() -> None:
    rng = np.random.default_rng(2)
    columns = rng.normal(3.0, 2.0, size=(400, 3))
    event = rng.random(400) < 1 / (1 + np.exp(-(columns[:, 0] - 3)))
    law = fit(columns, event, 2.5)
    scaled = (columns - columns.mean(0)) / columns.std(0)
    slope = scaled.T @ (event - probability(law.logits(columns))) - 2.5 * law.weights[1:]
    assert np.abs(slope).max() < 1e-5


def test_known_slopes_are_found() -> None:
    """200,000 cases of logistic(1 + .8 x): the standard error of the slope is about .006."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200_000, 1))
    event = rng.random(200_000) < 1 / (1 + np.exp(-(1 + 0.8 * x[:, 0])))
    law = fit(x, event, 1e-6)
    assert law.weights[1] / law.scale[0] == pytest.approx(0.8, abs=0.025)


def test_certain_results_end_in_finite_numbers() -> None:
    x = np.linspace(-1, 1, 50)[:, None]
    law = fit(x, x[:, 0] > 0, 1e-3)
    assert np.isfinite(law.logits(x)).all()
    assert math.isfinite(log_loss(law.logits(x), x[:, 0] > 0))


def test_a_customer_stays_in_one_fold_and_leavers_are_spread() -> None:
    customer = np.repeat(np.arange(100), 3)
    renewed = np.ones(300, dtype=bool)
    renewed[2:60:3] = False
    fold = folds(customer, renewed, 5)
    assert all(len(set(fold[customer == c])) == 1 for c in range(100))
    assert np.bincount(fold[~renewed]).tolist() == [4] * 5


def test_lift_counts_leavers_among_those_held_most_likely() -> None:
    """Ten of a hundred leave; the lowest tenth holds all of them, a flat law none in particular."""
    renewed = np.arange(100) >= 10
    trial = Trial(renewed, np.zeros(100, dtype=np.int64), 1.0, 0.1)
    assert trial._lift(np.arange(100.0)) == pytest.approx(10.0)
    assert trial._lift(np.zeros(100)) == pytest.approx(1.0)
    assert trial._lift(-np.arange(100.0)) == 0.0


def firm(seed: int, weights: tuple[float, float, float], customers: int = 500) -> Handmade:
    """One renewal each by logistic(1 + a E + b O + c usage); usage is known, the others are metrics."""
    rng, tables = np.random.default_rng(seed), Handmade(60)
    for i in range(customers):
        e, o, usage = rng.normal(size=3)
        tables.customer(i, won=0.0, list_price_per_month=100.0)
        tables.event(0.0, "won", i)
        told = {"experience": e, "perceived_outcome": o, "adoption": usage}
        tables.wave(days(9), i, occurrence=1, answer=e, **told)
        tables.wave(days(9), i, "outcome_reading", occurrence=1, answer=o, **told)
        stays = rng.random() < 1 / (1 + math.exp(-(1 + weights[0] * e + weights[1] * o + weights[2] * usage)))
        tables.event(days(12), "renewed" if stays else "churned", i, detail="" if stays else "chance")
    return tables


def test_what_decides_adds_and_what_does_not_gains_nothing() -> None:
    """Six replications; usage decides too and is known. Noise must not gain: its mean is within 4 SE of at most 0."""
    found = [incremental(firm(seed, (0.0, 1.5, 1.0)).run(), **SETTINGS) for seed in range(6)]
    for metric in ("added_auc", "added_log_loss", "added_lift"):
        outcome = np.array([value_of(frame, metric, "truth", "outcome") for frame in found])
        noise = np.array([value_of(frame, metric, "truth", "experience") for frame in found])
        assert outcome.mean() > 4 * outcome.std(ddof=1) / math.sqrt(6)
        assert noise.mean() < 4 * noise.std(ddof=1) / math.sqrt(6)
        assert abs(noise.mean()) < 0.15 * outcome.mean()
    assert np.mean([value_of(frame, "known_auc") for frame in found]) > 0.6
    assert value_of(found[0], "added_auc", "surveyed", "outcome") == pytest.approx(
        value_of(found[0], "added_auc", "truth", "outcome")
    ), "here the reading is the outcome"


def test_nothing_is_fitted_to_a_handful_of_leavers() -> None:
    frame = incremental(firm(1, (0.0, 0.0, 0.0), customers=20).run(), **SETTINGS)
    assert count_of(frame, "added_auc") == 0
    assert math.isnan(value_of(frame, "added_auc"))


def test_what_is_known_uses_nothing_from_after_the_reading() -> None:
    tables = firm(1, (0.0, 0.0, 0.0), customers=1)
    for at, amount in ((0.0, 1200.0), (days(10), 9999.0)):
        tables.money(at, 0, "invoice_regular", amount, covers_to_days=at + days(12))
    for at in (days(1), days(2), days(9) - 1, days(9) + 1):
        tables.event(at, "ticket_raised", 0, detail="defect")
    run = tables.run()
    made, waves = decisions(run), moments(run)
    at = Track(waves.asked, made).rows(0.0)
    row = known(run, waves.asked.take(at), joined(run, made, waves, at), made)[0]
    tenure, first, value, price, _, rate = row
    assert tenure == pytest.approx(math.log1p(days(9)))
    assert first == 1.0
    assert value == pytest.approx(math.log(100.0))
    assert price == pytest.approx(1.0), "twelve months at the list price"
    assert rate == pytest.approx(math.log1p(3 / 9))
