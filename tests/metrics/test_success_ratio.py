"""Forms of the success ratio: their arithmetic, their direction, and which of them ranks customers best."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from handmade import Handmade, count_of, value_of

from sim.build import load_scenario
from sim.metrics.success_ratio import FORMS, Ingredients, forms, success_ratio
from sim.units import days

SETTINGS = {
    "lead_days": 0.0, "outcome_weight": 0.7, "interaction_days": 365.25,
    "experience_mean": 0.0, "experience_sd": 1.0, "scale_top": 10.0,
}  # fmt: skip


def test_each_form_is_what_its_name_says() -> None:
    parts = Ingredients(np.array([0.6]), np.array([0.5]), np.array([2.0]), np.array([-0.1]))
    found = {name: float(values[0]) for name, values in forms(parts, 0.7).items()}
    assert found == {
        "literal": pytest.approx(1.2),
        "weighted_ratio": pytest.approx(0.6**0.7 / 0.5**0.3),
        "weighted_sum": pytest.approx(0.7 * 0.6 + 0.3 * 0.5),
        "product": pytest.approx(0.3),
        "per_interaction": pytest.approx(0.2),
        "outcome": 0.6,
        "experience": 0.5,
        "over_expectation": -0.1,
    }
    assert set(found) == set(FORMS)


def test_a_better_experience_lowers_the_literal_ratio_and_raises_the_sum() -> None:
    worse, better = (Ingredients(np.array([0.6]), np.array([e]), np.zeros(1), None) for e in (0.4, 0.41))
    change = {name: forms(better, 0.7)[name][0] - forms(worse, 0.7)[name][0] for name in forms(worse, 0.7)}
    assert change["literal"] == pytest.approx(-0.6 / 0.4**2 * 0.01, rel=0.03), "derivative -O/E^2"
    assert change["weighted_ratio"] < 0 < change["weighted_sum"]
    assert change["product"] > 0
    assert change["outcome"] == change["per_interaction"] == 0


def world(by: str, customers: int = 2000, seed: int = 4) -> Handmade:
    """One renewal each, decided by the named form of independent experience and outcome."""
    rng, tables = np.random.default_rng(seed), Handmade(60)
    for i in range(customers):
        e, o, met = rng.normal(), rng.uniform(0.05, 0.95), rng.integers(0, 6)
        level = {"literal": o * (1 + math.exp(-e)), "experience": 1 / (1 + math.exp(-e)), "outcome": o,
                 "product": o / (1 + math.exp(-e)), "per_interaction": o / (1 + met)}[by]  # fmt: skip
        tables.customer(i, won=0.0)
        told = {"occurrence": 1, "experience": e, "outcome": o, "perceived_outcome": o - 0.5}
        tables.wave(days(9), i, answer=float(np.clip(round(5 + 2 * e), 0, 10)), answered=i % 2 == 0, **told)
        tables.wave(days(9), i, "outcome_reading", answer=o, answered=i % 3 == 0, audit_answered=False, **told)
        for number in range(met):
            tables.event(days(8) - number, "contact_end", i, occurrence=number)
        tables.event(days(9) + 1, "contact_end", i, occurrence=99)
        stays = rng.random() < 1 / (1 + math.exp(-6 * level + 2))
        tables.event(days(12), "renewed" if stays else "churned", i, detail="" if stays else "chance")
    return tables


@pytest.mark.parametrize("by", ["literal", "experience", "product", "per_interaction"])
def test_the_form_that_decides_ranks_best_whichever_it_is(by: str) -> None:
    frame = success_ratio(world(by).run(), **SETTINGS)
    areas = {name: value_of(frame, "success_ratio_auc", "truth", name) for name in FORMS}
    assert max(areas, key=lambda name: areas[name]) == by
    assert value_of(frame, "success_ratio_best", "truth", by) == 1.0


def test_forms_of_one_order_share_the_first_place() -> None:
    """Outcome and outcome over a common expectation order customers alike."""
    frame = success_ratio(world("outcome").run(), **SETTINGS)
    assert value_of(frame, "success_ratio_best", "truth", "outcome") == 0.5
    assert value_of(frame, "success_ratio_best", "truth", "over_expectation") == 0.5
    best = frame[(frame["metric"] == "success_ratio_best") & (frame["view"] == "truth")]
    assert best["value"].sum() == pytest.approx(1.0)


def test_observed_forms_need_both_and_know_no_expectation() -> None:
    frame = success_ratio(world("outcome").run(), **SETTINGS)
    assert count_of(frame, "success_ratio_auc", "truth", "literal") == 2000
    assert count_of(frame, "success_ratio_auc", "observed", "literal") == len(range(0, 2000, 6))
    assert not ((frame["segment"] == "over_expectation") & (frame["view"] != "truth")).any()
    assert value_of(frame, "success_ratio_corr_experience", "truth", "literal") < -0.3
    assert value_of(frame, "success_ratio_corr_experience", "truth", "weighted_sum") > 0.3


def test_experience_is_mapped_by_the_reference_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed market has a reference of its own; the constants in its YAML are those of another market."""
    import sim.remembered

    monkeypatch.setattr(sim.remembered, "own_reference", lambda market: replace(market.reference, experience_mean=0.25))
    plain, changed = (
        load_scenario("metrics=[success_ratio]", *more) for more in ((), ("market.tickets.per_month=0.123",))
    )
    assert changed.market.reference.experience_mean == 0.25
    for scenario in (plain, changed):
        assert scenario.metrics[0].keywords["experience_mean"] == scenario.market.reference.experience_mean
