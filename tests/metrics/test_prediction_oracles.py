"""Oracles of prediction: closed forms by the real renewal code, the mirror, survey noise, and rescue.

Detectable bias (5 standard errors): correlations .025 and areas under the curve .02 by rule; in the mirror
a gap of .05.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from handmade import Handmade, value_of

from sim.build import load_scenario
from sim.experiments.replicate import replicate
from sim.metrics.divergence import divergence
from sim.metrics.ranks import auc, correlation
from sim.rules.renewal import Terms, renewal_probability
from sim.rules.value import additive
from sim.scenario import Scenario
from sim.surveys.instrument import Impression
from sim.surveys.question import Question
from sim.units import days

REPLICATIONS = 20


def renewals(
    rng: np.random.Generator, a: float, b_e: float, b_o: float, rho: float, n: int, lift: np.ndarray | None = None
):
    """(E, O, renewed) of n customers through sim.rules: V = (bE + bO) (s E + (1 - s) O), s = bE / (bE + bO)."""
    e = rng.normal(size=n)
    o = rho * e + math.sqrt(1 - rho**2) * rng.normal(size=n)
    weight, base = b_e + b_o, np.full(n, a) if lift is None else a + lift
    share = b_e / weight
    probability = [
        renewal_probability(Terms(up, weight * additive(share, x, y), 0.0, 0.0, 0.0, 0.0, 0.0))
        for up, x, y in zip(base.tolist(), e.tolist(), o.tolist(), strict=True)
    ]
    return e, o, rng.random(n) < np.array(probability)


def within(found: list[float], exact: float, rounding: float) -> bool:
    """|mean - exact| <= 4 standard errors plus half a unit of the last published digit."""
    error = float(np.std(found, ddof=1)) / math.sqrt(len(found))
    return abs(float(np.mean(found)) - exact) <= 4 * error + rounding


ROWS = [
    (2, 0.0, 1.5, 0.0, 0.8099, 0.0, 0.4468),
    (2, 0.0, 1.5, 0.3, 0.8099, 0.1340, 0.4468),
    (2, 0.5, 1.0, 0.3, 0.8280, 0.2483, 0.3570),
    (2, 1.0, 0.5, 0.3, 0.8280, 0.3570, 0.2483),
    (2, 1.5, 0.0, 0.3, 0.8099, 0.4468, 0.1340),
]


def found_in(a: float, b_e: float, b_o: float, rho: float) -> list[list[float]]:
    """Retention and both correlations in each replication."""
    rng = np.random.default_rng(17)
    lives = [renewals(rng, a, b_e, b_o, rho, 2000) for _ in range(REPLICATIONS)]
    return [
        [float(stays.mean()) for _, _, stays in lives],
        [correlation(e, stays.astype(float)) for e, _, stays in lives],
        [correlation(o, stays.astype(float)) for _, o, stays in lives],
    ]


@pytest.mark.parametrize(("a", "b_e", "b_o", "rho", "retention", "corr_e", "corr_o"), ROWS)
def test_renewal_logit(
    a: float, b_e: float, b_o: float, rho: float, retention: float, corr_e: float, corr_o: float
) -> None:
    for found, exact in zip(found_in(a, b_e, b_o, rho), (retention, corr_e, corr_o), strict=True):
        assert within(found, exact, 5e-5)


def test_renewal_logit_control() -> None:
    """The roles of experience and outcome swapped in the rule: the correlations no longer fit."""
    _, corr_e, corr_o = found_in(2, 1.0, 0.5, 0.3)
    assert not within(corr_e, 0.2483, 5e-5)
    assert not within(corr_o, 0.3570, 5e-5)


def test_noise_on_one_side_makes_equals_look_unequal() -> None:
    """Symmetric world, share .5, correlation .3: areas of true E and true O .729 and .728, of a noisy NPS .633.

    The oracle leaves the noise open; 1.36 points beside a style of .5, at the shipped slope, is what it implies.
    """
    question = Question("nps", 0, 0.0, 10.0, 8.45, 1.1, 1.0, 1.36, 1.0)
    rng = np.random.default_rng(23)
    areas: list[list[float]] = [[], [], []]
    for _ in range(REPLICATIONS):
        e, o, stays = renewals(rng, 2, 0.75, 0.75, 0.3, 3000)
        style, noise = rng.normal(0, 0.5, e.size), rng.normal(size=e.size)
        told = [
            question.answer(Impression(x, y, 0.5, 0.0, s, 0.0), z)
            for x, y, s, z in zip(e.tolist(), o.tolist(), style.tolist(), noise.tolist(), strict=True)
        ]
        for kept, score in zip(areas, (e, o, np.array(told)), strict=True):
            kept.append(auc(score, stays))
    for kept, exact in zip(areas, (0.729, 0.728, 0.633), strict=True):
        assert within(kept, exact, 1.5e-3)


def rescued(seed: int, customers: int, lift: float) -> Handmade:
    """Half are held out; of the others the lowest 30 % on experience get `lift` logits at the decision."""
    rng = np.random.default_rng(seed)
    held = rng.random(customers) < 0.5
    chosen = np.random.default_rng(seed + 1).normal(size=customers)
    # The same draw as the first inside `renewals`, so that the lift can depend on experience.
    lifted = np.where(~held & (chosen < -0.5244005), lift, 0.0)
    e, o, stays = renewals(np.random.default_rng(seed + 1), 2, 0.75, 0.75, 0.3, customers, lifted)
    assert np.array_equal(e, chosen)
    tables = Handmade(60)
    for i in range(customers):
        tables.customer(i, won=0.0, hold_out=bool(held[i]))
        tables.wave(days(9), i, experience=e[i], perceived_outcome=o[i])
        tables.event(days(12), "renewed" if stays[i] else "churned", i, detail="" if stays[i] else "chance")
    return tables


def test_acting_on_a_score_hides_its_validity_but_not_on_the_hold_out() -> None:
    """Rescue of the lowest 30 % on E (1.5 logits): area of E .728 on the hold-out, .593 among the treated."""
    areas: dict[str, list[float]] = {"hold_out": [], "treated": []}
    for seed in range(REPLICATIONS):
        frame = divergence(rescued(2 * seed, 1500, 1.5).run(), lead_days=0.0, curve_months=())
        for segment, kept in areas.items():
            kept.append(value_of(frame, "auc_experience", "truth", segment))
    assert within(areas["hold_out"], 0.728, 1e-3)
    assert within(areas["treated"], 0.593, 1e-3)
    assert not within(areas["treated"], 0.728, 1e-3)


def mirror(*overrides: str) -> Scenario:
    """The mirror world without tickets (nothing there heeds them) and with many leavers, so that little says much."""
    loaded = load_scenario("world=mirror", "survey=mirror", "metrics=[divergence]", "world.value.weight=3", *overrides)
    market = loaded.market
    tickets, frailty = replace(market.tickets, per_month=0.0), replace(market.frailty, mean_logit=1.0)
    return replace(loaded, market=replace(market, tickets=tickets, frailty=frailty))


def gaps(
    scenario: Scenario, metric: str = "predictive_gap", replications: int = 24
) -> dict[tuple[str, str], np.ndarray]:
    """Values of a metric by (view, segment) in each replication."""
    frame = replicate(scenario, 70, replications, n_jobs=2).metrics
    frame = frame[frame["metric"] == metric]
    return {key: rows["value"].to_numpy() for key, rows in frame.groupby(["view", "segment"])}


def ratio(values: np.ndarray) -> float:
    """Mean over its standard error."""
    told = values[np.isfinite(values)]
    return float(told.mean() / (told.std(ddof=1) / math.sqrt(told.size)))


EVERYBODY = "survey.response.intercept=20"


@pytest.mark.slow
def test_mirror_gaps_vanish_at_one_half_and_change_sign_with_the_share() -> None:
    """Four standard errors; the controls are the shares beside one half, found in every view."""
    at = {share: gaps(mirror(EVERYBODY, f"world.share_experience={share}")) for share in (0.2, 0.5, 0.8)}
    for view in ("truth", "surveyed", "respondents", "observed"):
        low, half, high = (at[share][view, "all"] for share in (0.2, 0.5, 0.8))
        assert abs(ratio(half)) < 4, view
        assert abs(ratio(low + high)) < 4, view
        assert ratio(low) < -4, view
        assert ratio(high) > 4, view


@pytest.mark.slow
def test_survey_noise_moves_the_observed_gap_and_not_the_truth() -> None:
    noisy = ("survey.instruments.nps.noise_sd=4",)
    plain, loud = (gaps(mirror(EVERYBODY, *more)) for more in ((), noisy))
    assert np.array_equal(plain["truth", "all"], loud["truth", "all"]), "the same lives, bit for bit"
    for view in ("surveyed", "respondents", "observed"):
        assert ratio(loud[view, "all"] - plain[view, "all"]) < -4, view


@pytest.mark.slow
def test_simulated_rescue_by_score_hides_its_validity_but_not_on_the_hold_out() -> None:
    """Success management that acts on every low answer, against none, on the same draws; half are held out.

    The score is exact and everybody answers, so that action follows experience; the reading lies one wave
    before the action can show.
    """
    exact = (
        EVERYBODY, "survey.instruments.nps.noise_sd=0", "survey.instruments.nps.style_weight=0",
        "survey.hold_out_share=0.5", "metrics.divergence.lead_days=92", "world.process.lift=2",
    )  # fmt: skip
    acting, idle = (
        gaps(mirror(*exact, f"policy/success={success}"), "auc_experience", 10) for success in ("on_score", "nobody")
    )
    assert np.array_equal(acting["truth", "hold_out"], idle["truth", "hold_out"]), "no spill-over where nobody waits"
    assert ratio(acting["truth", "treated"] - idle["truth", "treated"]) < -4
    assert ratio(acting["truth", "treated"] - acting["truth", "hold_out"]) < -3, "seen without the twin too"


@pytest.mark.slow
def test_foresight_fades_with_lead_on_the_same_customers() -> None:
    """Half of each state of the mirror is renewed at every wave: a reading of three waves ago says less than the last.

    Paired over replications at four standard errors; every lead stands on the same decisions.
    """
    frame = replicate(mirror(), 70, 16, n_jobs=2).metrics
    frame = frame[frame["view"] == "truth"]
    for metric in ("auc_experience_by_lead", "auc_outcome_by_lead"):
        table = frame[frame["metric"] == metric].pivot(index="replication", columns="time_days", values="value")
        cases = frame[frame["metric"] == metric].pivot(index="replication", columns="time_days", values="n")
        assert (cases.nunique(axis=1) == 1).all()
        assert ratio((table.iloc[:, 0] - table.iloc[:, -1]).to_numpy()) > 4
