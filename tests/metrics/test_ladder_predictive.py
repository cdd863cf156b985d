"""The predictive ladder: exact sums, zero rungs, and the renewal logit taken apart in the real engine."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from handmade import Handmade, value_of

from sim import load_scenario, simulate
from sim.metrics.ladder_predictive import LADDER, ladder_predictive
from sim.metrics.ranks import auc
from sim.recorder import Run
from sim.units import days

RUNGS = LADDER.rungs


def measured(run: Run, **changes: object) -> pd.DataFrame:
    told = {"moment": "wave", "lead_days": 0.0, "renew_price": 1.0, "champion_loss": 0.5}
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


@lru_cache(maxsize=1)
def engine() -> tuple[Run, float, float]:
    scenario = load_scenario("size=small", "metrics=[]", "world.value.weight=2.0")
    deciding = scenario.world.deciding
    return simulate(scenario, 5), deciding.renew_price, deciding.champion_loss


def test_the_engine_s_renewal_probability_comes_apart() -> None:
    """V of the decision day, recovered from the probability, is V as the exit survey recorded it."""
    run, price, champion = engine()
    left = run.surveys[run.surveys["trigger"] == "exit"].merge(
        run.events[run.events["event"] == "churned"], on=["customer", "contract"], suffixes=("", "_event")
    )
    keys = ["customer", "contract"]
    told = run.events[run.events["event"] == "price_notice"].set_index(keys)["value"].groupby(level=keys).last()
    gone = run.events[run.events["event"] == "champion_left"][[*keys, "time_days"]].assign(gone=1.0)
    left = left.merge(gone, on=[*keys, "time_days"], how="left")
    left = left.merge(run.customers[["customer", "frailty"]], on="customer")
    burden = told.loc[list(zip(left["customer"], left["contract"], strict=True))].to_numpy()
    p = left["value_event"]
    felt = np.log(p / (1 - p)) - left["frailty"] + price * burden + champion * left["gone"].fillna(0.0)
    assert len(left) > 5
    assert np.allclose(felt, left["value"], atol=1e-9)


def test_construct_gap_is_the_difference_of_the_two_truths() -> None:
    run = decisions(2).run()
    made = run.events[run.events["event"] != "price_notice"].set_index("customer")
    read = run.surveys.set_index("customer")
    stayed = (made["event"] == "renewed").loc[read.index].to_numpy()
    gap = auc(read["perceived_outcome"].to_numpy(), stayed) - auc(read["experience"].to_numpy(), stayed)
    assert value_of(measured(run), "construct_gap", segment="reading") == pytest.approx(gap)
