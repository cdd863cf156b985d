"""The index ladder: exact sums, a rung of zero for every cause that is off, the arithmetic of the oracles."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from handmade import Handmade

from sim import load_scenario, simulate
from sim.metrics.ladder_index import LADDER, ladder_index
from sim.units import days

RUNGS = LADDER.rungs
PROMOTER, PASSIVE, DETRACTOR = 9.5, 7.5, 5.0


def measured(tables: Handmade, lag_waves: int = 0, every_waves: int = 1, weight: float = 1.0) -> pd.DataFrame:
    """On a scale where V = answer - 8."""
    return ladder_index(
        tables.run(), every_waves=every_waves, lag_waves=lag_waves, centre=8.0, slope=1.0, weight=weight
    )


def column(frame: pd.DataFrame, kind: str) -> dict[str, float]:
    """Rung -> pooled value."""
    chosen = frame[(frame["metric"] == f"index_ladder_{kind}") & frame["time_days"].isna()]
    return dict(zip(chosen["segment"], chosen["value"], strict=True))


def say(tables: Handmade, wave: int, customer: int, felt: float, **values: float) -> None:
    """One reading; question and answer agree with the feeling unless said otherwise."""
    told = {"value": felt - 8.0, "true_answer": felt, "answer": float(round(felt)), "occurrence": wave}
    tables.wave(days(3 * wave), customer, **(told | values))


def leave(tables: Handmade, month: float, customer: int, felt: float) -> None:
    tables.wave(days(month), customer, "csat", trigger="exit", value=felt - 8.0, occurrence=1)


def noisy(seed: int, customers: int = 300, waves: int = 4) -> Handmade:
    """Everything on: drift, leaving, another construct, sampling, selective response, noise."""
    rng, tables = np.random.default_rng(seed), Handmade(60)
    for customer in range(customers):
        tables.customer(customer, won=0.0)
        felt = rng.normal(8.0, 1.5)
        for wave in range(1, waves + 1):
            felt += rng.normal(0.2, 0.5)
            invited = bool(rng.random() < 0.6)
            answered = invited and bool(rng.random() < 1 / (1 + math.exp(8 - felt)))
            say(tables, wave, customer, felt, true_answer=felt + rng.normal(0.3, 1.0),
                answer=float(np.clip(round(felt + rng.normal(-0.5, 1.0)), 0, 10)), audit_invited=invited,
                audit_answered=answered)  # fmt: skip
            if rng.random() < 0.3 / (1 + math.exp(felt - 7)):
                leave(tables, 3 * wave + 1, customer, felt - 0.5)
                break
    return tables


@pytest.mark.parametrize("seed", range(3))
def test_steps_and_shapley_sum_exactly(seed: int) -> None:
    frame = measured(noisy(seed), lag_waves=1)
    for _, part in frame.groupby(frame["time_days"].fillna(-1.0)):
        values = part.set_index(["metric", "segment"])["value"]
        total = values["index_ladder_level", "reported"] - values["index_ladder_level", "cohort"]
        for kind in ("step", "shapley"):
            steps = [values[f"index_ladder_{kind}", rung] for rung in RUNGS]
            assert sum(steps) == pytest.approx(total, abs=1e-9)
            assert values[f"index_ladder_{kind}", "total"] == pytest.approx(total, abs=1e-9)
            assert sum(abs(step) > 0.1 for step in steps) >= 5, "negative control: every cause is on"


def quiet(off: str) -> Handmade:
    """The noisy world with one cause off."""
    tables = noisy(7)
    rows = tables.rows["surveys"]
    if off == "active":
        tables.rows["surveys"] = rows = [row for row in rows if row["trigger"] == "wave"]
        stays = {row["customer"] for row in rows if row["occurrence"] == 4}
        tables.rows["surveys"] = [row for row in rows if row["customer"] in stays]
    for row in rows:
        if off == "instrument":
            row["true_answer"] = row["value"] + 8.0
        if off == "invited":
            row["audit_invited"] = True
        if off == "respondents":
            row["audit_answered"] = row["audit_invited"]
        if off == "reported":
            row["answer"] = row["true_answer"]
    return tables


@pytest.mark.parametrize("cause", RUNGS)
def test_a_rung_is_zero_when_its_cause_is_off(cause: str) -> None:
    frame = measured(quiet(cause), lag_waves=0 if cause == "timing" else 1)
    for kind in ("step", "shapley"):
        steps = column(frame, kind)
        assert steps[cause] == pytest.approx(0.0, abs=1e-12)
        others = [abs(steps[rung]) for rung in RUNGS if rung != cause]
        assert min(others) > 0.01, "negative control: the other causes are still there"


def test_survivors_score_better_because_detractors_leave() -> None:
    """Oracle: promoters, passives, detractors .35/.35/.30 (NPS 5), churn .10/.20/.40 -> 17.4194."""
    tables = Handmade(60)
    groups = [(PROMOTER, 350, 35), (PASSIVE, 350, 70), (DETRACTOR, 300, 120)]
    customer = 0
    for felt, size, leavers in groups:
        for place in range(size):
            say(tables, 1, customer, felt)
            if place < leavers:
                leave(tables, 4, customer, felt)
            else:
                say(tables, 2, customer, felt)
            customer += 1
    level = column(measured(tables, every_waves=2), "level")
    assert level["cohort"] == pytest.approx(5.0)
    assert level["active"] == pytest.approx(17.4194, abs=5e-5)
    assert level["reported"] == pytest.approx(17.4194, abs=5e-5)


def test_those_who_answer_score_better_because_promoters_do() -> None:
    """Oracle: the same truth, response rates (.4, .2, .1) -> 45.8333."""
    tables, customer = Handmade(60), 0
    for felt, size, answers in ((PROMOTER, 350, 140), (PASSIVE, 350, 70), (DETRACTOR, 300, 30)):
        for place in range(size):
            say(tables, 1, customer, felt, audit_answered=place < answers)
            customer += 1
    frame = measured(tables)
    level = column(frame, "level")
    assert level["invited"] == pytest.approx(5.0)
    assert level["respondents"] == pytest.approx(45.8333, abs=5e-5)
    assert column(frame, "shapley")["respondents"] == pytest.approx(40.8333, abs=5e-5), "the only cause there is"


def test_leavers_count_at_the_value_they_left_with() -> None:
    tables = Handmade(60)
    for customer in range(4):
        say(tables, 1, customer, PROMOTER)
        if customer:
            say(tables, 2, customer, PROMOTER)
    leave(tables, 5, 0, DETRACTOR)
    tables.wave(days(5.5), 0, trigger="contact_end", value=PROMOTER - 8.0, occurrence=9)
    level = column(measured(tables, every_waves=2), "level")
    assert level["cohort"] == pytest.approx(50.0), "three promoters, one detractor; tickets closed later do not count"
    assert level["active"] == 100.0


def test_a_value_without_weight_is_what_the_question_asks() -> None:
    steps = column(measured(noisy(3), lag_waves=1, weight=0.0), "step")
    assert steps["instrument"] == 0.0


QUIET = (
    "survey.audit_share=1",
    "survey.instruments.nps.noise_sd=0",
    "survey.instruments.nps.style_weight=0",
    "survey.response.intercept=20",
)


@pytest.mark.parametrize("loud", ["", "instrument", "invited", "respondents", "reported"])
def test_the_engine_s_ladder_is_flat_where_nothing_distorts(loud: str) -> None:
    """Real customers and instruments: everybody asked at the declared wave, everybody answers, plainly."""
    on = {
        "instrument": "survey.instruments.nps.share_experience=1",
        "invited": "survey.audit_share=0.3",
        "respondents": "survey.response.intercept=-2",
        "reported": "survey.instruments.nps.noise_sd=2",
    }
    family = "metrics=[ladder_index]", "metrics.ladder_index.lag_waves=0"
    scenario = load_scenario("candidates_share=0.15", *family, *QUIET, *([on[loud]] if loud else []))
    (ladder,) = scenario.metrics
    steps = column(ladder(simulate(scenario, 3)), "step")
    for rung in ("timing", "instrument", "invited", "respondents", "reported"):
        if rung == loud:
            assert abs(steps[rung]) > 0.1
        else:
            assert steps[rung] == pytest.approx(0.0, abs=1e-9), rung
