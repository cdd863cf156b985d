"""The frozen reference of a market: measured once under the reference bundle, then data.

Reference: policy balanced, pricing seat_subscription, world both_matter, survey relationship, as
shipped. The constants standardise E and O_p in every arm and world and match tariffs; they are a
function of the market only, at a scale of their own, so that neither arm, world, replication nor
size moves them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.context.fingerprint import fingerprint
from sim.context.market import Market
from sim.context.reference import Reference
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from sim.recorder import Run
    from sim.scenario import Scenario

ROUNDS = (2, 6)
"""Replications per round. The constants enter the simulation they come from (through who leaves), so
they are iterated; one round takes nine tenths of the error away."""
START = {"experience": (-0.15, 0.1), "perceived_outcome": (-0.15, 0.1)}
"""Mean and deviation of the first round: never those of the YAML, or the result would depend on them."""
WINS_PER_MONTH = 7.5
"""Scale of the measurement, in expected wins: every market costs about the same to measure."""
REFERRED_SHARE = 0.1
"""Candidates of the referral stream per primary candidate, at that scale."""
REFERENCE_SEED = 20_000_101
"""A seed no user is likely to choose, so that a reference is not tuned to its own customers."""
CUSTOMERS_KEPT = 32
"""Reference customers whose first year matches tariffs, by quantile of their outcome."""
DIGITS = 6

Say = Callable[[int, int], None]


def reference_of(market: Any, say: Say | None = None) -> Reference:
    """The frozen reference of a market: a Market, a Scenario, or a market's plain configuration.

    `say(done, total)` is called after every simulation.
    """
    from sim.build import market_from, reference_scenario

    node = getattr(market, "market", market)
    return measured(reference_scenario(market_from(node) if isinstance(node, Mapping) else node), say)


def measured(scenario: Scenario, say: Say | None = None) -> Reference:
    """Constants of the market of `scenario`, which must be the reference scenario."""
    from sim.simulation import simulate

    key, reference, done = fingerprint(scenario.market), _start(scenario.market.reference), 0
    for replications in ROUNDS:
        market = replace(to_scale(scenario.market), reference=reference)
        runs = []
        for number in range(replications):
            runs.append(simulate(replace(scenario, market=market), REFERENCE_SEED, number))
            done += 1
            if say is not None:
                say(done, sum(ROUNDS))
        reference = replace(constants_of(runs), market_hash=key)
    return reference


def _start(reference: Reference) -> Reference:
    """Round numbers for what the simulation reads; the rest only matters to tariffs."""
    return replace(
        reference,
        experience_mean=START["experience"][0],
        experience_sd=START["experience"][1],
        perceived_outcome_mean=START["perceived_outcome"][0],
        perceived_outcome_sd=START["perceived_outcome"][1],
    )


def to_scale(market: Market) -> Market:
    """The market with as many candidates as give WINS_PER_MONTH by its nominal rates."""
    arrival = market.arrival
    candidates = WINS_PER_MONTH / (arrival.lead_share * market.nominal.win_rate)
    referred = REFERRED_SHARE * candidates
    scaled = replace(arrival, candidates_per_month=candidates, referral_candidates_per_month=referred, guest_days=())
    return replace(market, arrival=scaled)


def constants_of(runs: list[Run]) -> Reference:
    """Moments over active customers at calendar waves, and first years of customers who lived one."""
    import numpy as np
    import pandas as pd

    waves = pd.concat([_waves(run) for run in runs])
    years = pd.concat([_first_years(run) for run in runs]).sort_values("outcome", kind="stable")
    if len(years) < 2 or len(waves) < 2:
        from sim.checks import InputError

        raise InputError("the market wins too few customers to freeze its reference: see market.nominal.win_rate")
    places = np.linspace(0, len(years) - 1, min(CUSTOMERS_KEPT, len(years))).round().astype(int)
    moments = {}
    for name in ("experience", "perceived_outcome"):
        moments[f"{name}_mean"] = _round(waves[name].mean())
        moments[f"{name}_sd"] = max(_round(waves[name].std()), 10.0**-DIGITS)
    return Reference(
        market_hash="unknown",
        **moments,
        tenure_days=_round(waves["tenure_days"].mean()),
        first_year_use=_kept(years["use"], places, 1.0),
        first_year_outcome=_kept(years["outcome"], places, 1.0),
        first_year_goal_ratio=_kept(years["goal_ratio"], places, 1e4),
    )


def _kept(column: Any, places: Any, most: float) -> tuple[float, ...]:
    """The values at `places`, scaled to the mean of all: few customers stand for many without its noise."""
    chosen = column.iloc[places]
    factor = column.mean() / chosen.mean() if chosen.mean() > 0.0 else 1.0
    return tuple(_round(min(most, x * factor)) for x in chosen)


def _round(x: float) -> float:
    return round(float(x), DIGITS)


def _waves(run: Run) -> Any:
    """One row per active customer and wave: E, O_p, O, tenure."""
    waves = run.surveys[run.surveys["trigger"] == "wave"].drop_duplicates(["customer", "occurrence"])
    live = run.customers.set_index("customer")["go_live_days"]
    return waves.assign(tenure_days=waves["time_days"] - waves["customer"].map(live))


def _first_years(run: Run) -> Any:
    """Mean use and outcome in the year after signature, of customers whose first year was observed.

    Waves fall at random within a year, so their mean estimates the time average of use; the time
    before go-live counts as no use.
    """
    people = run.customers.set_index("customer")
    people = people[people["go_live_days"].notna() & (people["won_days"] + DAYS_PER_YEAR < run.windows.horizon_days)]
    waves = _waves(run)
    waves = waves[waves["customer"].isin(people.index)]
    waves = waves[waves["time_days"] < waves["customer"].map(people["won_days"]) + DAYS_PER_YEAR]
    mean = waves.groupby("customer")[["adoption", "outcome"]].mean()
    who = people.loc[mean.index]
    live_share = (1.0 - (who["go_live_days"] - who["won_days"]) / DAYS_PER_YEAR).clip(lower=0.0)
    return who.assign(
        use=mean["adoption"] * live_share,
        outcome=mean["outcome"] * live_share,
        goal_ratio=who["goal_value_per_month"] / who["list_price_per_month"],
    )
