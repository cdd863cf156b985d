"""Sentences: never better or worse when the interval contains zero, and numbers as people read them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.numbers import MINUS, NO_BREAK, SHARE, chance, in_millions, plain, shown, span, unit_of
from sim.report.wording import (
    VERDICTS,
    Finding,
    amount,
    context_words,
    headline,
    margin_text,
    metric_words,
    sentence,
    verdict_words,
)

EUR = unit_of("money", "EUR")


def test_no_verdict_where_one_alone_attained_it_says_why() -> None:
    """Negative control: one replication, which has another reason."""
    one = finding("undecided", math.nan, math.nan, math.nan)
    told = one._replace(metric="payback_months", one_sided=2, replications=14)
    why = "in 2 replications one of them alone attained what is measured"
    assert why in sentence(told) and verdict_words(told) == f"undecided: {why}"
    assert "one replication gives no interval" in sentence(one) and verdict_words(one) == "undecided"
    assert "n/a" in amount(told)


def finding(verdict: str, difference: float, low: float, high: float, context: str = "both_matter") -> Finding:
    return Finding(
        "net_cash_per_candidate",
        "outcome_focused",
        "balanced",
        context,
        verdict,
        difference,
        low,
        high,
        60.0,
        40,
        math.nan,
        EUR,
    )


@given(st.sampled_from(VERDICTS), st.floats(-1e6, 0), st.floats(0, 1e6))
def test_an_interval_with_zero_has_no_direction(verdict: str, low: float, high: float) -> None:
    one = finding(verdict, (low + high) / 2, low, high)
    for text in (sentence(one), headline([one]), headline([one, one])):
        assert "better" not in text and "worse" not in text
        assert "flips" not in text


@given(st.sampled_from(VERDICTS), st.floats(-1e6, 1e6))
def test_without_an_interval_there_is_no_direction(verdict: str, difference: float) -> None:
    one = finding(verdict, difference, math.nan, math.nan)
    assert "better" not in sentence(one) and "worse" not in sentence(one)


def test_a_clear_interval_has_one() -> None:
    assert "does better than balanced" in sentence(finding("better", 300, 200, 400))
    assert "is higher" in sentence(finding("better", 300, 200, 400))
    assert "is lower" in sentence(finding("worse", -300, -400, -200))


def test_lower_can_be_better() -> None:
    one = finding("better", -3, -4, -2)._replace(metric="payback_months", unit=unit_of("months", "EUR"))
    assert sentence(one) == "outcome focused does better than balanced: its payback months is lower."


def test_the_headline_says_where_the_answer_flips() -> None:
    rows = [
        finding("better", 300, 200, 400, "outcomes_decide"),
        finding("worse", -300, -400, -200, "experience_decides"),
        finding("undecided", 10, -90, 110, "both_matter"),
    ]
    text = headline(rows)
    assert text.startswith("The answer flips. Against balanced, outcome focused does better in")
    assert text.index("outcomes decide") < text.index("experience decides") < text.index("both matter")
    assert not headline(rows[:1]).startswith("The answer flips")


@pytest.mark.parametrize(
    ("value", "resolution", "text"),
    [
        (948.4, 217.0, "+950"),
        (-412.0, 243.0, f"{MINUS}410"),
        (1234567.0, 4321.0, "+1,234,600"),
        (0.0123, 0.004, "+0.0123"),
        (5.0, math.nan, "+5.00"),
    ],
)
def test_digits_follow_the_interval(value: float, resolution: float, text: str) -> None:
    assert shown(value, EUR, resolution, signed=True) == text + NO_BREAK + "EUR"


def test_shares_differ_by_percentage_points() -> None:
    assert shown(0.875, SHARE) == f"87.5{NO_BREAK}%"
    assert shown(0.012, SHARE, 0.005, signed=True) == f"+1.20{NO_BREAK}percentage points"
    assert shown(math.nan, SHARE) == "n/a"


def test_margins_of_shares_are_points() -> None:
    """A margin of .00644 is no .644 % of anything; that of money stays money (control)."""
    points = f"{NO_BREAK}percentage points"
    share = finding("practically-equal", 0.001, -0.002, 0.004)._replace(unit=SHARE, margin=0.00644)
    assert margin_text(share) == f"\N{PLUS-MINUS SIGN}0.644{points}" and f"0.644{points}." in sentence(share)
    assert margin_text(finding("better", 3.0, 2.0, 4.0)).endswith("EUR")
    assert span(0.01, 0.03, SHARE.of_distance, signed=False) == f"1.00 to 3.00{points}"


def test_intervals_write_the_unit_once() -> None:
    assert span(-81.0, 273.0, EUR) == f"{MINUS}80 to +270{NO_BREAK}EUR"
    assert span(math.nan, 1.0, EUR) == "no interval"
    assert amount(finding("better", 300, 200, 400)) == f"+300{NO_BREAK}EUR (95 % interval +200 to +400{NO_BREAK}EUR)"


def test_zero_has_no_sign_and_millions_are_named() -> None:
    assert plain(-0.0001, 2, signed=True) == "0.00"
    assert [chance(p) for p in (0.0, 0.0004, 0.0006, 0.04, 1.0)] == ["< 0.001", "< 0.001", "0.001", "0.040", "1.000"]
    assert in_millions(EUR, 3.98e6).suffix == f"{NO_BREAK}million{NO_BREAK}EUR"
    assert in_millions(EUR, 999.0) is EUR


def test_names_become_words() -> None:
    assert metric_words("logo_retention_12") == "logo retention at 12 months"
    assert metric_words("ttv_median_days") == "TTV median days"
    assert context_words("world=both_matter,seed=1") == "world: both matter, seed: 1"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_there_is_no_number(value: float) -> None:
    assert plain(value, 1) == plain(value, 0, signed=True) == shown(value, SHARE) == "n/a"
