"""What the tests of the world share: scenarios by name, deep changes, means judged by their standard error.

Tolerances: |mean - exact| <= 4 standard errors over at least 20 independent replications. With 19
degrees of freedom that raises a false alarm once in 1,300 tests. Each caller states the bias it can
detect: with 80 % power a bias of 5 standard errors (4 of the bound and 1 of luck).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from sim.build import load_scenario
from sim.pricing.conditions import Conditions
from sim.scenario import Scenario
from sim.simulation import simulate
from sim.verify.worlds import (  # noqa: F401 - tests import the stripped worlds from here
    EVERYBODY_BUYS_AT_ONCE,
    EVERYBODY_GOES_LIVE_AT_ONCE,
    ONLY_FRAILTY_DECIDES,
    QUIET,
    changed,
    crowd_at_once,
    firm_of,
    person,
)

REPLICATIONS = 20
PLAIN = Conditions(hidden_fee_share=0.0, rise_per_year=0.0, once_spread_years=4.0, alerts=False)
"""A tariff as its formula says."""


@lru_cache(maxsize=64)
def shipped(*overrides: str) -> Scenario:
    """A scenario as the command line would build it."""
    return load_scenario(*overrides)


def runs(scenario: Scenario, seed: int, replications: int = REPLICATIONS) -> Iterable[Any]:
    """Independent replications, one at a time."""
    return (simulate(scenario, seed, replication) for replication in range(replications))


def standard_errors(values: Sequence[float], exact: float = 0.0) -> float:
    """(mean - exact) in standard errors over replications."""
    data = np.asarray(values, float)
    return float((data.mean() - exact) / (data.std(ddof=1) / np.sqrt(data.size)))


def check_mean(values: Sequence[float], exact: float, delta: float) -> None:
    """Accept `exact` as the mean of `values` within 4 standard errors; a bias of `delta` would be seen."""
    data = np.asarray(values, float)
    assert data.size >= REPLICATIONS
    error = data.std(ddof=1) / np.sqrt(data.size)
    assert abs(data.mean() - exact) <= 4.0 * error, f"{data.mean():.6g} +- {error:.2g} is not {exact:.6g}"
    assert 5.0 * error <= delta, f"a bias of {delta:g} would not be seen: 5 standard errors are {5 * error:.3g}"
