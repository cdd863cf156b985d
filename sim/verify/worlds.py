"""The shipped world stripped to one mechanism, so that a closed form says what must come out."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.scenario import Scenario

QUIET: dict[str, Any] = {
    "survey.moments": {},
    "survey.wave_months": 24.0,
    "policy.success.share": 0.0,
    "market.tickets.per_month": 0.0,
}
"""Nobody asks and nobody calls."""
EVERYBODY_BUYS_AT_ONCE: dict[str, Any] = {
    "world.deciding.win_intercept": 20.0,
    "market.arrival.lead_share": 0.95,
    "market.selling.cycle_median_days": 0.01,
    "market.selling.cycle_sigma": 0.0,
    "market.selling.touches": 1,
    "market.selling.touch_hours": 0.001,
}
EVERYBODY_GOES_LIVE_AT_ONCE: dict[str, Any] = {
    "world.deciding.cancel_intercept": -20.0,
    "market.onboarding.lag_days": 0.0,
    "market.onboarding.tasks": 1,
    "market.onboarding.task_hours": 0.001,
    "market.onboarding.abandon_per_day": 0.0,
}
ONLY_FRAILTY_DECIDES: dict[str, Any] = {
    "world.value.weight": 0.0,
    "world.deciding.champion_loss": 0.0,
    "world.deciding.win_back_intercept": -20.0,
    "market.contract.involuntary_per_term": 0.0,
}
NOBODY_GROWS: dict[str, Any] = {
    "world.deciding.expand_intercept": -20.0,
    "world.deciding.contract_intercept": -20.0,
}


@lru_cache(maxsize=1)
def without_effects() -> Scenario:
    """The shipped world in which no lever reaches anybody."""
    from sim.build import load_scenario

    return load_scenario("world=no_effect", "metrics=[]")


def crowd_at_once(people: int) -> dict[str, Any]:
    """`people` candidates within the first day and nobody after them, so that all are followed equally long."""
    return {
        "market.arrival.candidates_per_month": 0.1,
        "market.arrival.referral_candidates_per_month": 0.0,
        "market.arrival.guest_days": tuple(i / people for i in range(people)),
    }


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
    """An organisation at time 0 with its first release, for what lies below a run."""
    from sim.agents.improving import Product
    from sim.simulation import new_firm
    from sim.streams import Streams

    firm = new_firm(scenario, Streams(seed, 0))
    firm.releases.append(Product(firm.world).release(firm))
    return firm


def person(**traits: Any) -> Customer:
    """A customer with ordinary traits unless told otherwise."""
    from sim.agents.customer import Customer, Traits

    ordinary: dict[str, Any] = {
        "customer": 7, "stream": "primary", "candidate_days": 0.0, "seats": 10.0, "list_price_per_month": 100.0,
        "goal_value_per_month": 400.0, "fit": 0.7, "learning_skill": 1.0, "price_sensitivity": 1.0, "frailty": 2.0,
        "response_propensity": 0.0, "style": 0.0, "reach": 1.0, "patience_days": 30.0, "buyer_is_user": True,
        "breadth": 0.5, "hold_out": False,
    }  # fmt: skip
    return Customer(Traits(**{**ordinary, **traits}))
