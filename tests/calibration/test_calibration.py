"""The calibration page, and that the shipped markets land where it says."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sim import load_scenario
from sim.checks import InputError
from sim.experiments import calibration
from sim.experiments.benchmarks import BENCHMARKS, EMERGENT, SET
from sim.experiments.interval import mean_interval
from sim.experiments.readings import readings
from sim.experiments.replicate import replicate
from sim.metrics.long import LONG_COLUMNS

REPLICATIONS = 10


@pytest.fixture(scope="module")
def mid_market() -> pd.DataFrame:
    scenario = load_scenario()
    return replicate(replace(scenario, metrics=(*scenario.metrics, readings)), 0, REPLICATIONS, 1).metrics


def test_mid_market_lies_in_the_published_ranges(mid_market: pd.DataFrame) -> None:
    """Every range is met or touched by the 95 % interval of ten replications."""
    judged = {
        f"{one.quantity} ({one.reading})": calibration.judged(
            calibration.reading_of(mid_market, one.reading), one.low, one.high
        )
        for one in BENCHMARKS
        if "mid_market" in one.markets
    }
    assert len(judged) == 20
    assert not {quantity: word for quantity, word in judged.items() if word not in ("yes", "near")}


def test_nominal_rates_are_what_comes_out(mid_market: pd.DataFrame) -> None:
    """Or the budget would be planned for another market; rates within a tenth."""
    nominal = load_scenario().market.nominal
    found = {
        "win_rate": calibration.reading_of(mid_market, "win_rate/truth").mean,
        "tickets_per_month": calibration.reading_of(mid_market, "tickets_per_customer_month/truth").mean,
    }
    for name, value in found.items():
        assert value == pytest.approx(getattr(nominal, name), rel=0.1), name


def test_a_shifted_market_would_be_noticed(mid_market: pd.DataFrame) -> None:
    """The negative control: twice the churn leaves the range."""
    shifted = mid_market.copy()
    churn = shifted["metric"] == "logo_churn_per_year"
    shifted.loc[churn, "value"] *= 2
    assert calibration.judged(calibration.reading_of(shifted, "logo_churn_per_year/truth"), 0.07, 0.13) == "no"


def test_every_reading_is_measured(mid_market: pd.DataFrame) -> None:
    for one in (*BENCHMARKS, *EMERGENT, *SET):
        assert not math.isnan(calibration.reading_of(mid_market, one.reading).mean), one.reading


def test_the_page_says_how_it_was_made(mid_market: pd.DataFrame) -> None:
    page = calibration.document({"mid_market": mid_market}, 0, REPLICATIONS)
    assert f"{REPLICATIONS} replications, seed 0" in page
    assert page.count("| yes |") + page.count("| near |") >= 20
    assert "{" not in page


@pytest.mark.parametrize(
    ("values", "word"),
    [([1.0, 1.2], "yes"), ([2.0, 2.4], "near"), ([3.0, 3.01], "no"), ([], "-")],
)
def test_judged(values: list[float], word: str) -> None:
    found = mean_interval(pd.Series(values, dtype=float).to_numpy())
    assert calibration.judged(found, 0.5, 2.0) == word


@pytest.mark.parametrize(
    ("values", "low", "high", "word"),
    [
        ([1.0, 1.01], 0.0, math.inf, "yes"),
        ([-1.0, 1.1], 0.0, math.inf, "open"),
        ([-1.0, -1.01], 0.0, math.inf, "no"),
        ([0.01, 0.011], -math.inf, 0.05, "yes"),
        ([0.01, 0.08], -math.inf, 0.05, "open"),
        ([0.3, 0.31], -math.inf, math.inf, "-"),
        ([], 0.0, math.inf, "-"),
    ],
)
def test_a_signed_claim_needs_its_whole_interval(values: list[float], low: float, high: float, word: str) -> None:
    """A mean above zero with an interval on both sides of it is open; what cannot fail gets no verdict."""
    found = mean_interval(pd.Series(values, dtype=float).to_numpy())
    assert calibration.upheld(found, low, high) == word


def test_what_claims_nothing_is_not_counted(mid_market: pd.DataFrame) -> None:
    page = calibration.document({"mid_market": mid_market}, 0, REPLICATIONS)
    emerges = page.partition("## What emerges")[2].partition("## What is set")[0]
    assert " of 3: holds." in emerges and "| nothing |" in emerges and "transactional" not in emerges


@pytest.mark.parametrize(
    ("x", "told"),
    [(0.0512, "0.051"), (-0.0123, "-0.012"), (0.5, "0.500"), (7.123, "7.12"), (84.23, "84.2"), (28_123.0, "28,100"),
     (0.0, "0.000"), (math.nan, "-")],
)  # fmt: skip
def test_numbers(x: float, told: str) -> None:
    assert calibration._number(x) == told


def test_a_metric_with_times_is_read_where_it_is_pooled() -> None:
    rows = [("nps", "truth", "all", math.nan, 40.0, 1), ("nps", "truth", "all", 365.25, 10.0, 1)]
    long = pd.DataFrame(rows, columns=list(LONG_COLUMNS))
    assert calibration.reading_of(long, "nps/truth").mean == 40.0


def test_the_command_writes_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mid_market: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(calibration, "_measured", lambda *_: mid_market)
    file = tmp_path / "docs" / "page.md"
    assert calibration.main(["--market", "mid_market", "--write", str(file)]) == 0
    assert file.read_text().startswith("# Calibration")
    assert capsys.readouterr().out.strip() == str(file)


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["--market", "mid"], "is not calibrated"),
        (["--replications", "1"], "must be in"),
        (["--replications", "many"], "invalid int"),
        (["--seed", "-1"], "must be in"),
    ],
)
def test_wrong_input_is_one_sentence(argv: list[str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        calibration.main(argv)
