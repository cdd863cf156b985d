"""What the tests of the world share: scenarios by name, deep changes, means judged by their standard error.

Tolerances: |mean - exact| <= 4 standard errors over at least 20 independent replications. With 19
degrees of freedom that raises a false alarm once in 1,300 tests. Each caller states the bias it can
detect: with 80 % power a bias of 5 standard errors (4 of the bound and 1 of luck).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from sim.agents.customer import Customer, Traits
from sim.agents.firm import Firm
from sim.agents.improving import Product
from sim.build import load_scenario
from sim.pricing.conditions import Conditions
from sim.scenario import Scenario
from sim.simulation import new_firm, simulate
from sim.streams import Streams

REPLICATIONS = 20
PLAIN = Conditions(hidden_fee_share=0.0, rise_per_year=0.0, once_spread_years=4.0, alerts=False)
"""A tariff as its formula says."""

QUIET = {
    "survey.moments": {},
    "survey.wave_months": 24.0,
    "policy.success.share": 0.0,
    "market.tickets.per_month": 0.0,
}
"""Nobody asks and nobody calls: for tests of other things."""


def crowd_at_once(people: int) -> dict[str, Any]:
    """`people` candidates within the first day and nobody after them, so that all are followed equally long."""
    return {
        "market.arrival.candidates_per_month": 0.1,
        "market.arrival.referral_candidates_per_month": 0.0,
        "market.arrival.guest_days": tuple(i / people for i in range(people)),
    }


EVERYBODY_BUYS_AT_ONCE = {
    "world.deciding.win_intercept": 20.0,
    "market.arrival.lead_share": 0.95,
    "market.selling.cycle_median_days": 0.01,
    "market.selling.cycle_sigma": 0.0,
    "market.selling.touches": 1,
    "market.selling.touch_hours": 0.001,
}
EVERYBODY_GOES_LIVE_AT_ONCE = {
    "world.deciding.cancel_intercept": -20.0,
    "market.onboarding.lag_days": 0.0,
    "market.onboarding.tasks": 1,
    "market.onboarding.task_hours": 0.001,
    "market.onboarding.abandon_per_day": 0.0,
}
ONLY_FRAILTY_DECIDES = {
    "world.value.weight": 0.0,
    "world.deciding.champion_loss": 0.0,
    "world.deciding.win_back_intercept": -20.0,
    "market.contract.involuntary_per_term": 0.0,
}


@lru_cache(maxsize=64)
def shipped(*overrides: str) -> Scenario:
    """A scenario as the command line would build it."""
    return load_scenario(*overrides)


def changed(part: Any, changes: dict[str, Any]) -> Any:
    """`part` with other values at dotted places; the market's frozen reference stays what it is."""
    for place, value in changes.items():
        part = _changed(part, place.split("."), value)
    return part


def _changed(part: Any, path: list[str], value: Any) -> Any:
    inner = getattr(part, path[0])
    new = value if len(path) == 1 else _changed(inner, path[1:], value)
    return replace(part, **{path[0]: new})


def firm_of(scenario: Scenario, seed: int = 0) -> Firm:
    """An organisation at time 0 with its first release, for tests below the level of a run."""
    firm = new_firm(scenario, Streams(seed, 0))
    firm.releases.append(Product(firm.world).release(firm))
    return firm


def person(**traits: Any) -> Customer:
    """A customer with ordinary traits unless told otherwise."""
    ordinary: dict[str, Any] = {
        "customer": 7, "stream": "primary", "candidate_days": 0.0, "seats": 10.0, "list_price_per_month": 100.0,
        "goal_value_per_month": 400.0, "fit": 0.7, "learning_skill": 1.0, "price_sensitivity": 1.0, "frailty": 2.0,
        "response_propensity": 0.0, "style": 0.0, "reach": 1.0, "patience_days": 30.0, "buyer_is_user": True,
        "breadth": 0.5, "hold_out": False,
    }  # fmt: skip
    return Customer(Traits(**{**ordinary, **traits}))


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
