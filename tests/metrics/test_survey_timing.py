"""What a moment foretells comes from what customers do, not from the moment's name."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from handmade import Handmade, count_of, value_of

from sim.build import load_scenario
from sim.experiments.replicate import replicate
from sim.metrics.pooled import Pooled, pairs, pooled
from sim.metrics.survey_timing import survey_timing
from sim.scenario import Scenario
from sim.statements import survey_timing as statement

MOMENTS = {"at_purchase": 0.0, "after_onboarding": 45.0, "wave": 270.0, "pre_renewal": 335.0}


def journey(decisive: str, seed: int = 11, customers: int = 600) -> Handmade:
    """Independent experience at every moment; the one at `decisive` decides the renewal after a year."""
    rng, tables = np.random.default_rng(seed), Handmade(60)
    for i in range(customers):
        felt = {moment: rng.normal() for moment in MOMENTS}
        tables.customer(i, won=0.0)
        for moment, at in MOMENTS.items():
            if moment != "wave" or i % 3:
                told = {"trigger": moment, "occurrence": 1, "experience": felt[moment]}
                tables.wave(at, i, answer=felt[moment], **told)
        stays = rng.random() < 1 / (1 + math.exp(-1 - 1.5 * felt[decisive]))
        tables.event(365.0, "renewed" if stays else "churned", i, detail="" if stays else "chance")
        if not stays:
            tables.wave(365.0, i, trigger="exit", occurrence=1)
    return tables


@pytest.mark.parametrize("decisive", list(MOMENTS))
def test_the_moment_that_decides_is_found_whichever_it_is(decisive: str) -> None:
    """600 decisions, some 170 lost: SE of an area under the curve about .025."""
    frame = survey_timing(journey(decisive).run(), instrument="nps")
    for moment in MOMENTS:
        value = value_of(frame, "moment_auc_experience", "truth", f"{moment}@first_term")
        assert value > 0.7 if moment == decisive else abs(value - 0.5) < 0.1


def test_the_panel_is_the_same_for_every_moment() -> None:
    frame = survey_timing(journey("wave").run(), instrument="nps")
    assert {count_of(frame, "moment_gap", "truth", f"{moment}@first_term") for moment in MOMENTS} == {400}
    assert count_of(frame, "moment_gap", "truth", "pre_renewal") == 600
    assert value_of(frame, "moment_lead_days", "truth", "pre_renewal@first_term") == pytest.approx(30.0)


def test_later_terms_are_not_in_the_panel() -> None:
    tables = journey("wave")
    for i in range(600):
        tables.event(730.0, "renewed", i, occurrence=2)
        tables.wave(700.0, i, trigger="wave", occurrence=2)
    frame = survey_timing(tables.run(), instrument="nps")
    assert count_of(frame, "moment_gap", "truth", "wave@first_term") == 400
    assert count_of(frame, "moment_gap", "truth", "wave") == 1000


def test_the_exit_survey_foretells_nothing() -> None:
    frame = survey_timing(journey("wave").run(), instrument="nps")
    assert count_of(frame, "moment_gap", "truth", "exit") == 0
    assert value_of(frame, "moment_readings", "truth", "exit") > 50


def test_one_line_per_moment_and_context() -> None:
    frames = []
    for replication in range(4):
        frame = survey_timing(journey("at_purchase", replication, 150).run(), instrument="nps")
        frames.append(frame.assign(replication=replication, context="-", arm="one"))
    lines = statement.survey_timing(pd.concat(frames, ignore_index=True))
    assert [line.split()[1] for line in lines] == ["at_purchase", "after_onboarding", "wave", "pre_renewal", "exit"]
    assert all(line.startswith("survey_timing ") for line in lines)
    assert lines[0].split()[2:5] == ["-", "one", "lead_days=365"]
    for part in (" truth n=400 lost=", " surveyed n=0 ", " observed n=0 lost=0 score=too_few"):
        assert part in lines[0]
    assert "n=0" in lines[-1]
    assert "truth" not in lines[-1]


def purchase(scenario: Scenario, replications: int = 12) -> dict[str, Pooled]:
    """Areas under the curve of true experience at each moment over replications."""
    frame = replicate(scenario, 300, replications, n_jobs=2).metrics
    found = {}
    for moment in ("at_purchase", "pre_renewal"):
        rows = frame[(frame["segment"] == moment) & (frame["view"] == "truth")].set_index("metric")
        areas, lost = rows.loc["moment_auc_experience"], rows.loc["moment_lost"]
        weights = pairs(lost["n"].to_numpy(dtype=float), lost["value"].to_numpy())
        found[moment] = pooled(areas["value"].to_numpy(), weights)
    return found


@pytest.mark.slow
def test_a_purchase_survey_foretells_renewal_only_where_the_impression_lasts() -> None:
    """Where nothing is felt after the sale the survey at purchase is as good as any; where service goes on it is not.

    One switch apart: tickets and their touches. Four standard errors either way.
    """
    loaded = load_scenario(
        "size=small", "metrics=[survey_timing]", "survey=all_moments", "policy=balanced", "policy/success=nobody",
        "world=experience_decides", "world.process.half_life_days=100000", "world.process.standard_per_year=0",
    )  # fmt: skip
    market = loaded.market
    # Half of the customers leave, so that few replications say much.
    frailty = replace(market.frailty, mean_logit=0.0, sd_logit=0.0)
    market = replace(market, frailty=frailty, onboarding=replace(market.onboarding, tasks=1))
    busy = purchase(replace(loaded, market=market))
    silence = replace(market, tickets=replace(market.tickets, per_month=0.0))
    lasting = purchase(replace(loaded, market=silence))
    assert lasting["at_purchase"].mean - 4 * lasting["at_purchase"].error > 0.5
    assert busy["pre_renewal"].mean - 4 * busy["pre_renewal"].error > 0.5
    faded = lasting["at_purchase"].mean - busy["at_purchase"].mean
    assert faded > 4 * math.hypot(lasting["at_purchase"].error, busy["at_purchase"].error)
