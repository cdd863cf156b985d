"""Sentences follow their numbers: the happy may leave, stay, or nobody can tell; a score may lead astray or not."""

from __future__ import annotations

import math

import pytest

from sim.classroom.lesson import Group, Level, Scene, Stage
from sim.classroom.sentences import advice, heading, kept, leaving, reason
from sim.metrics.pooled import Pooled
from sim.report.numbers import NO_BREAK, Unit
from sim.report.wording import Finding

LEVEL = Level(1.0, 0.5, 1.5, 9)
PLAIN = {"happy": Group(30, 300), "unhappy": Group(60, 200), "happy_reached": Group(5, 150)}
PLAIN |= {"happy_missed": Group(25, 150), "passive": Group(1, 9)}


def scene(by_score: tuple[float, float], by_outcome: tuple[float, float] = (0.05, 0.2), **groups: Group) -> Scene:
    """A scene with these intervals of its two differences."""
    differences = [Pooled(sum(ends) / 2.0, *ends, 0.01, 12) for ends in (by_score, by_outcome)]
    return Scene("balanced", LEVEL, 40, LEVEL, LEVEL, LEVEL, PLAIN | groups, *differences)


def finding(verdict: str, difference: float, low: float, high: float, unit: str = " EUR") -> Finding:
    return Finding(
        "any", "outcome_focused", "traditional", "-", verdict, difference, low, high, 1.0, 12, math.nan,
        Unit("EUR", suffix=unit), 0.7, 0.6,
    )  # fmt: skip


BETTER, WORSE = finding("better", 500.0, 300.0, 700.0), finding("worse", -500.0, -700.0, -300.0)
OPEN = finding("undecided", 50.0, -300.0, 400.0)
SAME, EQUAL = finding("identical", 0.0, 0.0, 0.0), finding("practically-equal", 0.1, -0.5, 0.7)
LONELY = finding("undecided", 50.0, math.nan, math.nan)


def stage(score: Finding, cash: Finding) -> Stage:
    one = scene((0.1, 0.2))
    return Stage(0.5, "wave", (one, one), score, OPEN, cash)


def test_the_happy_stay_where_the_unhappy_leave_more() -> None:
    there = scene((0.1, 0.3))
    assert heading(there) == "The happy stay more often than the unhappy."
    assert leaving(there).startswith("Of 100 happy customers 10 leave when they decide, of 100 unhappy ones 30 (")
    assert f"95{NO_BREAK}% interval +10 to +30{NO_BREAK}percentage points" in leaving(there)


def test_the_happy_leave_where_the_interval_says_so() -> None:
    assert heading(scene((-0.3, -0.1))) == "The happy leave more often than the unhappy."


@pytest.mark.parametrize("ends", [(-0.1, 0.1), (0.0, 0.3), (-0.2, 0.0)])
def test_an_interval_that_holds_zero_says_nothing(ends: tuple[float, float]) -> None:
    assert heading(scene(ends)) == "Whether a customer is happy says nothing clear about leaving."


def test_few_decisions_say_nothing_whatever_the_interval() -> None:
    there = scene((0.1, 0.3), happy=Group(0, 9), unhappy=Group(1, 1))
    assert heading(there) == "Too few decisions to say whether the happy stay."
    assert leaving(there) == "The happy decided 9 times, the unhappy once."
    assert "Too few" in heading(scene((math.nan, math.nan)))
    assert "Too few" in reason(scene((0.1, 0.3), happy_reached=Group(0, 0)))


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (
            (0.05, 0.25),
            "those who got too little leave more often: of 100 who got too little 17 leave, of 100 who got enough 3 (",
        ),
        ((-0.25, -0.05), "those who got enough leave more often: of 100 who got too little 17"),
        ((-0.05, 0.25), "what they got makes no clear difference: of 100 who got too little 17"),
    ],
)
def test_what_the_happy_got_matters_or_not(ends: tuple[float, float], told: str) -> None:
    assert told in reason(scene((0.1, 0.3), ends))


def test_who_keeps_more_needs_an_interval_without_zero() -> None:
    share = Unit("%", 100.0, " %", " percentage points")

    def of(verdict: str, difference: float, low: float, high: float) -> str:
        return kept(finding(verdict, difference, low, high)._replace(unit=share), 24).replace(NO_BREAK, " ")

    assert of("better", 0.1, 0.05, 0.15).startswith(
        "Outcome focused keeps more customers until month 24: 70.0 %, traditional 60.0 %. Difference +10.0 percentage"
    )
    assert of("worse", -0.1, -0.15, -0.05).startswith(
        "Traditional keeps more customers until month 24: 70.0 %, outcome"
    )
    assert "Difference +10.0" in of("worse", -0.1, -0.15, -0.05)
    for verdict in ("undecided", "better", "worse"):
        assert of(verdict, 0.02, -0.05, 0.09).startswith("This cannot be told: the difference"), "it holds zero"
    assert of("practically-equal", 0.0, -0.001, 0.001).startswith("Both keep practically as many")
    assert of("identical", 0.0, 0.0, 0.0) == "Both keep exactly as many customers until month 24."
    assert "too little was seen" in of("undecided", math.nan, math.nan, math.nan)


@pytest.mark.parametrize(
    ("score", "cash", "told"),
    [
        (BETTER, BETTER, "choose outcome focused, and that is worth more money, too (+500 EUR"),
        (BETTER, WORSE, "choose outcome focused, but traditional is worth more money (+500 EUR"),
        (WORSE, BETTER, "choose traditional, but outcome focused is worth more money (+500 EUR"),
        (WORSE, OPEN, "choose traditional; the money favours neither clearly (outcome focused minus traditional: +50"),
        (OPEN, WORSE, "The score favours neither; in money traditional is worth more (+500 EUR"),
        (EQUAL, OPEN, "The score favours neither, and neither does the money ("),
        (SAME, SAME, "The score favours neither, and neither does the money (outcome focused minus traditional: 0"),
        (LONELY, LONELY, "The score favours neither, and neither does the money."),
    ],
)
def test_the_score_leads_astray_only_where_score_and_money_clearly_disagree(
    score: Finding, cash: Finding, told: str
) -> None:
    said = advice(stage(score, cash))
    assert told in said
    assert ("leads astray" in said) == ({score.worded, cash.worded} == {"better", "worse"})
