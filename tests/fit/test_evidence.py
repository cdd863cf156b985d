"""The fitted law beside Kaplan-Meier, quantiles that give nobody away, and the statement of an experiment."""

import numpy as np
import pandas as pd
import pytest

from sim.checks import InputError
from sim.context.frailty import BetaFrailty
from sim.experiments.fit.arguments import read_arguments
from sim.experiments.fit.evidence import beside_kaplan_meier, table_lines, warnings
from sim.experiments.fit.quantiles import mean_of, quantiles
from sim.fitting.customers import Customers
from sim.fitting.market_node import churn_per_year, with_curve
from sim.fitting.sbg import ShiftedBetaGeometric
from sim.statements.published_retention import published_retention

FREIREICH = ["6", "6", "6", "6+", "7", "9+", "10", "10+", "11+", "13", "16", "17+", "19+", "20+", "22", "23"]
FREIREICH += ["25+", "32+", "32+", "34+", "35+"]
REGULAR = (100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3)
NEEDED = ["file.csv", "--tenure", "t", "--churned", "c=1", "--out", "mine.yaml"]


def _customers(words: list[str]) -> Customers:
    tenure = np.array([float(word.rstrip("+")) for word in words])
    return Customers(tenure, np.array([not word.endswith("+") for word in words]), ())


def test_evidence_is_kaplan_meier() -> None:
    rows = beside_kaplan_meier(ShiftedBetaGeometric(1, 30), _customers(FREIREICH), 1)
    seen = {row.tenure_months: row for row in rows}
    assert list(seen) == [1, 3, 6, 9, 12, 18, 24]
    assert seen[6].observed == pytest.approx(0.857143, abs=5e-7)
    assert seen[18].observed == pytest.approx(0.627451, abs=5e-7)
    assert (seen[6].at_risk, seen[24].at_risk) == (21, 5)
    assert seen[1].low == seen[1].high == 1.0
    assert 0 < seen[6].low < seen[6].observed < seen[6].high < 1


def test_a_bad_law_is_warned_about_and_a_good_one_not() -> None:
    draw = np.random.default_rng(3)
    life = draw.geometric(draw.beta(2, 20, 5_000)).astype(float)
    customers = Customers(np.minimum(life, 30), life <= 30, ())
    good = beside_kaplan_meier(ShiftedBetaGeometric(2, 20), customers, 1)
    assert warnings(good, alike=False, one_group=False) == []
    bad = beside_kaplan_meier(ShiftedBetaGeometric(2, 10), customers, 1)
    assert "--group" in warnings(bad, alike=False, one_group=False)[0]
    assert "--group" not in warnings(bad, alike=False, one_group=True)[0]
    assert table_lines(bad)[5].endswith("!")


def test_longer_terms_are_compared_at_their_ends() -> None:
    law = ShiftedBetaGeometric(1, 4)
    rows = beside_kaplan_meier(law, _customers(["12", "24+", "25+", "13"]), 12)
    assert [(row.tenure_months, row.fitted) for row in rows] == [(12, law.survival(1)), (24, law.survival(2))]


def test_quantiles_keep_the_mean_and_hide_the_extremes() -> None:
    draw = np.random.default_rng(4)
    fees = np.exp(draw.normal(4, 0.7, 2_000))
    listed = quantiles(fees)
    assert len(listed) == 21
    assert list(listed) == sorted(listed)
    assert mean_of(listed) == pytest.approx(fees.mean(), rel=0.02)
    assert listed[-1] < fees.max() and listed[0] > fees.min()
    assert all(len(f"{q:.10g}".replace(".", "").strip("0")) <= 3 for q in listed)


def test_quantiles_of_few_and_of_zeros() -> None:
    assert quantiles(np.array([5.0])) == (5.0, 5.0)
    assert quantiles(np.array([1.0, 2.0, 3.0])) == (2.0, 2.0)
    assert min(quantiles(np.array([0.0] * 90 + [10.0] * 10))) > 0


CURVE = {"percent_surviving": list(REGULAR), "fitted_periods": 7}
MARKET = {
    "retention_curve": CURVE,
    "frailty": {"_target_": "sim.context.frailty.NormalFrailty", "mean_logit": 2.0, "sd_logit": 1.0},
    "contract": {"term_months": 12},
    "nominal": {"win_rate": 0.25, "logo_churn_per_year": 0.1},
}


def test_a_curve_replaces_the_frailty_whole() -> None:
    node, said = with_curve(MARKET)
    assert said == ()
    assert set(node["frailty"]) == {"_target_", "alpha", "beta", "shift_logit"}
    assert node["frailty"]["alpha"] == pytest.approx(0.704077, abs=5e-7)
    frailty = BetaFrailty(node["frailty"]["alpha"], node["frailty"]["beta"], 0.0)
    uniforms = (np.arange(20_000) + 0.5) / 20_000
    renew = 1 / (1 + np.exp(-np.array([frailty.logit(float(u)) for u in uniforms])))
    assert renew.mean() == pytest.approx(1 - 0.373294, abs=1e-4)
    assert with_curve({**MARKET, "retention_curve": None})[0]["frailty"]["mean_logit"] == 2.0


def test_the_budget_churn_keeps_as_many_customers_as_the_law() -> None:
    law = ShiftedBetaGeometric(0.704077, 1.182043)
    yearly = churn_per_year(law, 12)
    assert sum((1 - yearly) ** t for t in range(5)) == pytest.approx(sum(law.survival(t) for t in range(5)), abs=1e-3)
    alike = ShiftedBetaGeometric(200.0, 9_800.0)
    assert churn_per_year(alike, 1) == pytest.approx(1 - 0.98**12, abs=1e-3)


BAD_CURVES = {
    "number": (5, "must be a CSV file with period and percent_surviving, got 5"),
    "keys": ({"a": 1}, "must have the keys fitted_periods and percent_surviving, got a"),
    "rising": ({**CURVE, "percent_surviving": [100, 60, 70]}, "can only fall, got 70 after 60"),
    "above": ({**CURVE, "percent_surviving": [100, 160]}, "percent_surviving[1] must be in [0, 100], got 160"),
    "periods": ({**CURVE, "fitted_periods": 1.5}, "fitted_periods must be a whole number"),
    "missing": ("no such file.csv", "market.retention_curve=\"'FILE'\""),
}


@pytest.mark.parametrize("case", BAD_CURVES)
def test_bad_curves_name_the_key(case: str) -> None:
    value, sentence = BAD_CURVES[case]
    with pytest.raises(InputError) as caught:
        with_curve({**MARKET, "retention_curve": value})
    assert sentence in str(caught.value)
    assert "retention_curve" in str(caught.value) or "percent_surviving" in str(caught.value)


def _metrics(values: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"metric": "logo_retention_144", "segment": "all", "value": values})


def test_the_statement_compares_with_the_published_year() -> None:
    lines = published_retention(_metrics([0.17, 0.18]), percent_surviving=REGULAR, fitted_years=7, year=12)
    assert lines[-1] == "year-12 error: +0.20 (fitted curve alone: -0.30)"
    assert "standard error of the simulated survival 0.50" in lines[0]
    short = published_retention(_metrics([float("nan")]), percent_surviving=REGULAR, fitted_years=7, year=12)
    assert short == ["year-12 error: not reached, lengthen horizon_months (fitted curve alone: -0.30)"]
    with pytest.raises(InputError, match="year must be in"):
        published_retention(_metrics([0.2]), percent_surviving=REGULAR, fitted_years=7, year=13)


def test_arguments() -> None:
    assert read_arguments(NEEDED).term_months == 1
    assert read_arguments([*NEEDED, "--tenure-unit", "years"]).term_months == 12


MISTAKES = {
    "no file": (NEEDED[1:], "the following arguments are required: FILE.csv"),
    "unknown": ([*NEEDED, "--fees", "x"], "fit has no option '--fees': did you mean --fee?"),
    "term": ([*NEEDED, "--term-months", "0"], "--term-months must be in [1, 120], got 0"),
    "term text": ([*NEEDED, "--term-months", "x"], "argument --term-months: invalid int value: 'x'"),
    "suffix": ([*NEEDED[:-1], "mine.csv"], "--out must end in .yaml"),
    "null": ([*NEEDED[:-1], "null.yaml"], "--out names the market"),
    "number": ([*NEEDED[:-1], "12.yaml"], "--out names the market"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_one_sentence(case: str) -> None:
    argv, sentence = MISTAKES[case]
    with pytest.raises(InputError) as caught:
        read_arguments(argv)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
