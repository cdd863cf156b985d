"""From which year the order turns: the estimand cut off earlier, the turning point and its interval."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from labkit import shipped

from sim.experiments.horizon import profile, stems, turn_line
from sim.experiments.together import write_together
from sim.metrics.horizon import horizon
from sim.metrics.value import value
from sim.simulation import simulate

MONTHS = (12.0, 24.0, 36.0, 48.0)


def long(slope: float, zero: float, noise: float = 0.2, seed: int = 1) -> pd.DataFrame:
    """Two arms whose difference is slope x (months - zero) / 12, ten replications with luck of their own."""
    draw = np.random.default_rng(seed)
    rows = []
    for r in range(10):
        luck = noise * draw.normal()
        for month in (*MONTHS, 60.0):
            gap = slope * (month - zero) / 12.0 + luck if month < 60.0 else math.nan
            for arm, effect in (("old", 0.0), ("new", gap)):
                rows.append((arm, r, f"net_cash_by_{month:g}", "truth", "all", month * 30.4375, 100.0 + effect, 9))
    columns = ["arm", "replication", "metric", "view", "segment", "time_days", "value", "n"]
    return pd.DataFrame(rows, columns=columns)


def test_a_clear_turn_with_its_interval() -> None:
    points, (turn,) = profile(long(4.0, 30.0), "-", "old")
    assert [point.level for point in points] == list(MONTHS), "a tenure that nobody reached is left out"
    assert turn.word == "clear" and (turn.first, turn.last) == ("behind", "ahead")
    assert turn.low <= 30.0 <= turn.high and turn.high - turn.low < 2.0 and turn.level == pytest.approx(30.0, abs=0.6)
    assert turn_line(turn).split()[:5] == ["horizon_profile", "net_cash_by", "new", "old", "clear"]


@pytest.mark.full
def test_the_interval_covers_the_turn() -> None:
    """200 intervals of 95 %: at least 88 % cover (4 binomial standard errors and the grid)."""
    covered = [profile(long(1.0, 30.0, noise=0.6, seed=seed), "-", "old")[1][0] for seed in range(200)]
    assert sum(turn.low <= 30.0 <= turn.high for turn in covered) >= 176


def test_an_order_that_stays_and_one_that_cannot_be_told() -> None:
    """Negative controls: no turn within the months looked at; a turn that the noise does not let see."""
    stays = profile(long(1.0, 6.0), "-", "old")[1][0]
    assert (stays.word, stays.first, stays.last) == ("none", "ahead", "ahead") and math.isnan(stays.level)
    noisy = profile(long(0.1, 30.0, noise=20.0), "-", "old")[1][0]
    assert noisy.word != "clear" and noisy.first == noisy.last == "open"


def test_a_profile_is_of_the_decision_metrics_own_course(tmp_path: Path) -> None:
    """From the study's settings to the line; a metric without a tenure leaves net cash (the control)."""
    assert stems("net_earned_by_48") == ("net_earned_by", "nrr") and stems("nrr_24") == ("nrr",)
    assert stems("net_cash_per_candidate") == ("net_cash_by", "nrr") == stems("nps")
    cash, earned = long(4.0, 30.0), long(4.0, 18.0)
    earned["metric"] = earned["metric"].str.replace("net_cash_by", "net_earned_by")
    here = pd.concat([cash, earned]).assign(context="-")
    table = pd.DataFrame({"context": ["-"], "arm": ["new"], "baseline": ["old"], "metric": ["x"], "role": ["detail"]})
    for metric, name, month in (
        ("net_earned_by_48", "net_earned_by", 18),
        ("net_cash_per_candidate", "net_cash_by", 30),
    ):
        settings = SimpleNamespace(decision_metric=metric, primary_metrics=None, until=None)
        study = SimpleNamespace(design=None, settings=settings)
        outcome = SimpleNamespace(study=study, families=(), folder=tmp_path)
        (line,) = write_together(cast(Any, outcome), here, [table])
        assert line.split()[1] == name and float(line.split()[5]) == pytest.approx(month, abs=1.0)


def test_the_estimand_cut_off_at_the_full_follow_up_is_the_estimand() -> None:
    """Also: earlier it is money of fewer months, and beyond the follow-up it is undefined."""
    run = simulate(shipped("candidates_share=0.1", "metrics=[]", "horizon_months=48"), 9001, 0)
    cut = horizon(run, months=[12, 24, run.windows.follow_days / 30.4375, 60]).set_index("metric")
    whole = value(run, acquisition_accounts=["spend_sales"]).query("segment == 'all'").set_index("metric")
    full = next(name for name in cut.index if name.startswith("net_cash_by_3"))
    assert cut.loc[full, "value"] == pytest.approx(whole.loc["net_cash_per_candidate", "value"], rel=1e-9)
    assert cut.loc["net_cash_by_12", "value"] != cut.loc["net_cash_by_24", "value"]
    assert math.isnan(cut.loc["net_cash_by_60", "value"]) and cut.loc["net_cash_by_60", "n"] == 0
