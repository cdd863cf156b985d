"""Gain per unit spent on measuring: the ratio, its interval, the ledger behind it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from labkit import shipped

from sim.checks import InputError
from sim.metrics.measuring import measuring
from sim.simulation import simulate
from sim.statements.metric_value import fieller, metric_value


def long(gain: float, spent: float, noise: float = 1.0) -> pd.DataFrame:
    """Ten replications of two arms; net cash is the gain less what measuring costs."""
    draw = np.random.default_rng(1)
    rows = []
    for r in range(10):
        luck, own = 50.0 * draw.normal(), noise * draw.normal()
        for arm, net, cost in (("blind", 100.0 + luck, 0.0), ("knows", 100.0 + luck + gain - spent + own, spent)):
            rows.append(("-", arm, r, "net_cash_per_candidate", "truth", "all", math.nan, net, 9))
            rows.append(("-", arm, r, "measuring_per_candidate", "truth", "all", math.nan, cost, 9))
    columns = ["context", "arm", "replication", "metric", "view", "segment", "time_days", "value", "n"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(("gain", "word"), [(30.0, "pays"), (4.0, "loses"), (-20.0, "loses"), (10.2, "open")])
def test_a_metric_pays_from_one_per_unit_on(gain: float, word: str) -> None:
    (line,) = metric_value(long(gain, 10.0), baseline="blind")
    fields = line.split()
    assert fields[:4] == ["metric_value", "-", "knows", "blind"] and fields[-1] == word and len(fields) == 10
    assert float(fields[5]) == pytest.approx(10.0) and float(fields[6]) == pytest.approx(gain / 10.0, abs=0.15)
    assert float(fields[7]) <= float(fields[6]) <= float(fields[8])


def test_the_interval_covers_the_ratio_of_means() -> None:
    """1,000 intervals of 95 %: within four binomial standard errors of nominal."""
    draw, covered = np.random.default_rng(2), 0
    for _ in range(1_000):
        luck = draw.normal(size=12)
        top, bottom = 6.0 + 2.0 * luck + draw.normal(size=12), 3.0 + 0.5 * luck + 0.5 * draw.normal(size=12)
        found = fieller(top, bottom)
        covered += found.low <= 2.0 <= found.high
    assert abs(covered / 1_000 - 0.95) <= 4.0 * math.sqrt(0.95 * 0.05 / 1_000)


def test_nothing_can_be_said_where_nothing_is_clearly_spent() -> None:
    found = fieller(np.array([1.0, 2.0, 3.0]), np.array([-1.0, 1.0, 0.5]))
    assert (found.low, found.high) == (-math.inf, math.inf)
    with pytest.raises(InputError, match="must be one of"):
        metric_value(long(1.0, 1.0), baseline="nobody")


def test_what_is_spent_on_measuring_is_in_the_ledger() -> None:
    """Readings and surveys cost money; without either nothing is spent."""
    common = ("candidates_share=0.05", "metrics=[]", "horizon_months=24")
    knows = measuring(simulate(shipped(*common, "policy/listening=outcome_monitored"), 9001, 0))
    blind = measuring(simulate(shipped(*common, "policy/listening=traditional", "policy.survey.share=0"), 9001, 0))
    assert knows["value"].iloc[0] > 0.0 and blind["value"].iloc[0] == 0.0
