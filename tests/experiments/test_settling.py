"""When a firm has settled: replications averaged, cut by MSER-5, and the interval of the level after the cut."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pandas as pd

from sim.experiments.interval import mean_interval
from sim.experiments.steady_state import Settled, moving_average, settle, settled, settled_line
from sim.units import days

PLACE = ("-", "here", "monthly_customers")
LEVEL, START = 50.0, -10.0
"""Level of every series, in deviations, and how far from it the series begin."""


@lru_cache(maxsize=4)
def repeated(remembered: float, months: int = 240, replications: int = 10, repetitions: int = 300) -> np.ndarray:
    """(repetition, replication, month): AR(1) with correlation .5 around LEVEL; START dies away exponentially."""
    draw = np.random.default_rng(int(remembered))
    noise = draw.normal(size=(repetitions, replications, months))
    wandering = np.empty_like(noise)
    wandering[..., 0] = noise[..., 0]
    for month in range(1, months):
        wandering[..., month] = 0.5 * wandering[..., month - 1] + math.sqrt(0.75) * noise[..., month]
    return LEVEL + wandering + START * np.exp(-np.arange(months) / remembered)


def judged(remembered: float) -> list[Settled]:
    months = np.arange(1.0, 241.0)
    return [settled(PLACE, months, values, False) for values in repeated(remembered)]


def test_after_the_cut_the_interval_covers_the_level() -> None:
    """A start remembered for a 24th of the time (time constant 10 of 240 months); 300 studies of 10 replications.

    At least .7 of the studies settle in the first quarter (measured .83); their intervals of 95 % cover the level in at
    least .90 (4 binomial standard errors of 250 are .055; measured .93). Every cut leaves out two time constants, the
    median three.
    """
    found = [one for one in judged(10.0) if one.word == "reached"]
    assert len(found) >= 0.7 * 300
    assert np.mean([one.low <= LEVEL <= one.high for one in found]) >= 0.90
    assert min(one.month for one in found) >= 20.0 and np.median([one.month for one in found]) >= 30.0
    assert all(one.replications == 10 for one in found)


def test_uncut_the_interval_does_not_cover_it() -> None:
    """Negative control: the same series from the first month on."""
    whole = [mean_interval(values.mean(axis=1)) for values in repeated(10.0)]
    assert np.mean([one.low <= LEVEL <= one.high for one in whole]) <= 0.05


def test_a_start_that_is_remembered_too_long_is_not_called_forgotten() -> None:
    """A time constant of a twelfth of the time: called forgotten in one of five at most (measured .12). Of an eighth:
    in one of fifty (measured 0); the late intervals cover too seldom (.71): hence a word of their own."""
    assert np.mean([one.word == "reached" for one in judged(20.0)]) <= 0.2
    found = judged(30.0)
    assert np.mean([one.word == "reached" for one in found]) <= 0.02
    late = [one for one in found if one.word == "late"]
    assert len(late) > 100 and np.mean([one.low <= LEVEL <= one.high for one in late]) < 0.85


def long(series: dict[tuple[str, str], np.ndarray], every: int = 1) -> pd.DataFrame:
    """(arm, metric) -> replications x readings, a reading every so many months."""
    rows = []
    for (arm, metric), values in series.items():
        for replication, row in enumerate(values):
            for number, value in enumerate(row, start=1):
                if math.isfinite(value):
                    rows.append((arm, replication, metric, days(every * number), value))
    table = pd.DataFrame(rows, columns=["arm", "replication", "metric", "time_days", "value"])
    return table.assign(context="-", view="truth", segment="all", n=1)


def test_growth_has_no_level_and_is_said_so() -> None:
    draw = np.random.default_rng(3)
    steady, growing = draw.normal(size=(5, 120)), np.arange(120.0) + draw.normal(size=(5, 120))
    name = "monthly_recurring_revenue"
    found, course = settle(long({("steady", name): steady, ("growing", name): growing}))
    assert [(one.arm, one.word) for one in found] == [("steady", "reached"), ("growing", "not_reached")]
    assert math.isnan(found[1].mean) and found[1].settled_share == 0.0 and found[1].month_low == math.inf
    line = "steady_state monthly_recurring_revenue growing not_reached - - - 0 - - - 5 -"
    assert settled_line(found[1]) == line
    assert len(course) == 240 and course[0].month == 1.0
    assert [row.mean for row in course[:120]] == list(steady.mean(axis=0))


def test_readings_of_every_third_month_count_as_they_come() -> None:
    """A score that starts 50 points high for ten of 80 quarterly readings: 30 months are left out."""
    score = np.random.default_rng(4).normal(size=(4, 80)) + np.where(np.arange(80) < 10, 50.0, 0.0)
    (found,), _ = settle(long({("a", "monthly_nps"): score}, every=3))
    assert (found.word, found.month, found.month_low, found.month_high) == ("reached", 30.0, 30.0, 30.0)
    alone = mean_interval(score[:, 10:].mean(axis=1))
    assert (found.mean, found.low, found.high) == alone[:3]


def test_a_firm_that_loses_its_customers_has_not_settled() -> None:
    """Its score ends with them, however level it was; a gap of a year, as of bills in arrears, ends nothing."""
    customers, level = np.ones((3, 240)), np.random.default_rng(5).normal(size=(3, 240))
    for months, word in ((40, "not_reached"), (12, "reached")):
        score = level.copy()
        score[1, -months:] = math.nan
        table = long({("a", "monthly_customers"): customers, ("a", "monthly_logo_churn"): score})
        assert [one.word for one in settle(table)[0]] == ["reached", word]


def test_a_moving_average_of_a_year_forgets_seasons_and_keeps_lines() -> None:
    months = np.arange(1.0, 61.0)
    season = np.sin(2.0 * np.pi * months / 12.0)
    smooth = moving_average(months, 3.0 * months + season)
    assert np.abs(smooth - 3.0 * months)[6:-6].max() < 0.1 < 0.9 < np.abs(season).max()
    assert smooth[0] == 3.0 + season[0], "towards the ends over fewer"
