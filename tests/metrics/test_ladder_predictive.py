"""The predictive ladder: exact sums, zero rungs, and the renewal logit taken apart in the real engine."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from handmade import Handmade, value_of, weights

from sim import load_scenario, simulate
from sim.metrics.besides import Besides
from sim.metrics.facts import Index
from sim.metrics.ladder_predictive import LADDER, cases, ladder_predictive
from sim.metrics.ranks import auc
from sim.metrics.upcoming import contract_of, ends
from sim.recorder import Run
from sim.units import days

RUNGS = LADDER.rungs


def measured(run: Run, **changes: object) -> pd.DataFrame:
    told = {"moment": "wave", "lead_days": 0.0, "besides": weights()}
    return ladder_predictive(run, **(told | changes))  # type: ignore[arg-type]


def column(frame: pd.DataFrame, kind: str) -> dict[str, float]:
    chosen = frame[frame["metric"] == f"predictive_ladder_{kind}"]
    return dict(zip(chosen["segment"], chosen["value"], strict=True))


def decisions(seed: int, off: str = "", customers: int = 1500) -> Handmade:
    """One decision each by logistic(1.5 + V + frailty - burden); V drifts after the reading."""
    rng, tables = np.random.default_rng(seed), Handmade(60)
    for customer in range(customers):
        e, o = rng.normal(size=2)
        read = 0.7 * e + 0.7 * o
        felt = read + (0.0 if off == "timing" else rng.normal(0.0, 0.7))
        frailty = 0.0 if off == "other_terms" else float(rng.normal(0.0, 0.8))
        burden = 0.0 if off == "other_terms" else float(rng.uniform(-0.5, 1.0))
        chance = 1 / (1 + math.exp(-(1.5 + felt + frailty - burden)))
        stays = bool(rng.random() < chance)
        asked = read if off == "instrument" else e
        invited = off == "invited" or bool(rng.random() < 0.6)
        answered = invited and (off == "respondents" or bool(rng.random() < 1 / (1 + math.exp(-read))))
        answer = asked if off == "reported" else float(round(asked + rng.normal()))
        tables.customer(customer, won=0.0, frailty=frailty)
        tables.wave(days(9), customer, experience=e, perceived_outcome=o, value=read, true_answer=asked,
                    answer=answer, audit_invited=invited, audit_answered=answered)  # fmt: skip
        tables.event(days(12), "price_notice", customer, occurrence=1, value=burden)
        detail = "" if stays else "chance"
        tables.event(days(12), "renewed" if stays else "churned", customer, occurrence=1, value=chance, detail=detail)
    return tables


@pytest.mark.parametrize("seed", range(3))
def test_steps_and_shapley_sum_exactly(seed: int) -> None:
    frame = measured(decisions(seed).run())
    levels = column(frame, "level")
    for kind in ("step", "shapley"):
        steps = column(frame, kind)
        total = levels["reported"] - levels["decision"]
        assert sum(steps[rung] for rung in RUNGS) == pytest.approx(total, abs=1e-12)
        assert steps["total"] == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize("cause", RUNGS)
def test_a_rung_is_zero_when_its_cause_is_off(cause: str) -> None:
    frame, full = measured(decisions(1, cause).run()), measured(decisions(1).run())
    for kind in ("step", "shapley"):
        assert column(frame, kind)[cause] == pytest.approx(0.0, abs=1e-12)
        assert abs(column(full, kind)[cause]) > 1e-4, "negative control"


def test_what_costs_prediction_has_the_right_sign() -> None:
    """Means of ten replications: inertia, time, another construct and noise all cost; 4 SE."""
    frames = [column(measured(decisions(seed).run()), "step") for seed in range(10)]
    for cause in ("other_terms", "timing", "instrument", "reported"):
        steps = np.array([frame[cause] for frame in frames])
        assert steps.mean() < -4 * steps.std(ddof=1) / math.sqrt(10), cause


def test_failed_payments_and_other_terms_are_left_out() -> None:
    tables = Handmade(60)
    for customer in range(4):
        tables.customer(customer, won=0.0)
        tables.wave(days(9), customer, value=float(customer))
        tables.event(days(12), "renewed", customer, occurrence=1, value=0.9)
        tables.event(days(24), "churned", customer, occurrence=2, value=0.8, detail="chance")
    tables.customer(9, won=0.0)
    tables.wave(days(9), 9)
    tables.event(days(12), "churned", 9, occurrence=1, detail="involuntary")
    frame = measured(tables.run())
    assert set(frame.loc[frame["metric"] == "construct_gap", "n"]) == {4}, "the second term has no reading"


WORLDS: dict[str, tuple[tuple[str, ...], dict[str, float]]] = {
    "as shipped": ((), {}),
    "attachment": (
        ("world/society/attachment=causes", "world/society/kindness=felt", "policy/gestures=surprises"),
        {"world.levers.contact": 0.7},
    ),
    "shock and rival": (("world/shock=slump", "world/rivals=entrant"), {}),
    "inertia": (("world/managing=awakening", "policy=csm_corrective"), {"world.managing.inertia_release": 0.6}),
}
"""Worlds in which more than V decides, each with what makes it act."""


@lru_cache(maxsize=len(WORLDS))
def engine(world: str) -> tuple[Run, Besides]:
    overrides, values = WORLDS[world]
    scenario = load_scenario(
        "candidates_share=0.2", "metrics=[ladder_predictive]", "world.value.weight=2.0", *overrides,
        *(f"{key}={value}" for key, value in values.items()),
    )  # fmt: skip
    (family,) = scenario.metrics
    return simulate(scenario, 5), family.keywords["besides"]  # type: ignore[attr-defined]


def felt_and_true(run: Run, besides: Besides) -> tuple[np.ndarray, np.ndarray]:
    """Of leavers: V recovered from the renewal probability, and V as the exit survey of the same day recorded it."""
    made = ends(run)
    asked = run.surveys[run.surveys["trigger"] == "exit"].drop_duplicates(["customer", "contract"])
    at = Index(contract_of(asked)).rows(made.contract)
    left = np.flatnonzero(~made.stayed & made.voluntary & (at >= 0))
    p = made.probability[left]
    return np.log(p / (1 - p)) - besides.logit(run, made)[left], asked["value"].to_numpy()[at[left]]


@pytest.mark.parametrize("world", WORLDS)
def test_the_engine_s_renewal_probability_comes_apart(world: str) -> None:
    """V recovered is V recorded, but for a constant. Negative control: with inertia, price and sponsor alone taken out,
    it is not, where more decides."""
    run, besides = engine(world)
    felt, true = felt_and_true(run, besides)
    assert felt.size > 5
    assert np.ptp(felt - true) < 1e-9
    plain, _ = felt_and_true(run, weights(renew_price=besides.renew_price, champion_loss=besides.champion_loss))
    assert (np.ptp(plain - true) < 1e-9) == (world == "as shipped")


def test_anger_and_the_price_it_forgets_come_off() -> None:
    """Two who felt alike: one leaves at the end of the term and minds the price, one gave notice in anger."""
    tables = Handmade(60)
    for customer, logit in ((0, 0.4 - 0.3), (1, 0.4 - 1.5)):
        tables.customer(customer, won=0.0)
        chance = 1.0 / (1.0 + math.exp(-logit))
        tables.wave(days(9), customer, value=0.4)
        tables.event(days(12), "price_notice", customer, occurrence=1, value=0.3)
        tables.event(days(12), "churned", customer, occurrence=1, value=chance, detail="experience")
    tables.event(days(10), "notice_given", 1, occurrence=1)
    scores = cases(tables.run(), "wave", 0.0, weights(anger=1.5)).scores
    assert scores["other_terms"] == pytest.approx([0.4, 0.4])
    assert abs(np.diff(cases(tables.run(), "wave", 0.0, weights()).scores["other_terms"])) > 1.0, "negative control"


def test_there_is_no_ladder_where_a_term_is_recorded_nowhere() -> None:
    """Breadth of use holds by the use of the day: undefined, with the reason; the construct gap stands."""
    frame = measured(decisions(1).run(), besides=weights(breadth_hold=2.0))
    ladder = frame[frame["metric"].str.startswith("predictive_ladder")]
    assert ladder["value"].isna().all() and "hidden_by_breadth_of_use" in set(ladder["segment"])
    assert math.isfinite(value_of(frame, "construct_gap", segment="reading"))
    assert not measured(decisions(1).run())["segment"].str.startswith("hidden_by").any()


def test_construct_gap_is_the_difference_of_the_two_truths() -> None:
    run = decisions(2).run()
    made = run.events[run.events["event"] != "price_notice"].set_index("customer")
    read = run.surveys.set_index("customer")
    stayed = (made["event"] == "renewed").loc[read.index].to_numpy()
    gap = auc(read["perceived_outcome"].to_numpy(), stayed) - auc(read["experience"].to_numpy(), stayed)
    assert value_of(measured(run), "construct_gap", segment="reading") == pytest.approx(gap)
