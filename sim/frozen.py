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
YEARS = 4
"""Years over which `revenue_neutral` compares tariffs: the follow-up of the primary estimand."""
CUSTOMERS_KEPT = 32
"""Reference customers whose first year matches tariffs, by quantile of their outcome."""
COLUMNS = {"use": (0.0, 1.0), "outcome": (0.0, 1.0), "goal_ratio": (0.0, 1e4), "seats": (1.0, 1e9)}
"""What is kept of a customer's year, with its bounds."""
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
    import pandas as pd

    waves = pd.concat([_waves(run) for run in runs])
    first = pd.concat([_first_years(run) for run in runs])
    later = pd.concat([_later_years(run) for run in runs])
    if min(len(first), len(later), len(waves)) < 2:
        from sim.checks import InputError

        raise InputError("the market wins too few customers to freeze its reference: see market.nominal.win_rate")
    moments: dict[str, Any] = {}
    for name in ("experience", "perceived_outcome"):
        moments[f"{name}_mean"] = _round(waves[name].mean())
        moments[f"{name}_sd"] = max(_round(waves[name].std()), 10.0**-DIGITS)
    for years, name in ((first, "first_year"), (later, "later")):
        moments |= {f"{name}_{column}": values for column, values in _kept(years).items()}
    return Reference(
        market_hash="unknown",
        tenure_days=_round(waves["tenure_days"].mean()),
        staying=tuple(_round(_staying(runs, year)) for year in range(YEARS)),
        **moments,
    )


def _kept(years: Any) -> dict[str, tuple[float, ...]]:
    """Customers by quantile of their outcome; few stand for many, so each column is scaled to the mean of all."""
    import numpy as np

    ordered = years.sort_values("outcome", kind="stable")
    places = np.linspace(0, len(years) - 1, min(CUSTOMERS_KEPT, len(years))).round().astype(int)
    kept = {}
    for name, (least, most) in COLUMNS.items():
        chosen = ordered[name].iloc[places]
        factor = ordered[name].mean() / chosen.mean() if chosen.mean() > 0.0 else 1.0
        kept[name] = tuple(_round(min(most, max(least, x * factor))) for x in chosen)
    return kept


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
    mean = _mean_between(run, people, 0.0, 1.0)
    who = people.loc[mean.index]
    live_share = (1.0 - (who["go_live_days"] - who["won_days"]) / DAYS_PER_YEAR).clip(lower=0.0)
    return _lived(who, mean["adoption"] * live_share, mean["outcome"] * live_share)


def _later_years(run: Run) -> Any:
    """Mean use and outcome from the second year to the last compared, of customers seen through a second year."""
    people = run.customers.set_index("customer")
    people = people[people["won_days"] + 2.0 * DAYS_PER_YEAR < run.windows.horizon_days]
    mean = _mean_between(run, people, 1.0, float(YEARS))
    return _lived(people.loc[mean.index], mean["adoption"], mean["outcome"])


def _mean_between(run: Run, people: Any, begin_years: float, end_years: float) -> Any:
    """Mean adoption and outcome over the waves of a stretch counted from the signature."""
    waves = _waves(run)
    waves = waves[waves["customer"].isin(people.index)]
    since = waves["time_days"] - waves["customer"].map(people["won_days"])
    inside = (since >= begin_years * DAYS_PER_YEAR) & (since < end_years * DAYS_PER_YEAR)
    return waves[inside].groupby("customer")[["adoption", "outcome"]].mean()


def _lived(who: Any, use: Any, outcome: Any) -> Any:
    ratio = who["goal_value_per_month"] / who["list_price_per_month"]
    return who.assign(use=use, outcome=outcome, goal_ratio=ratio)


def _staying(runs: list[Run], years: int) -> float:
    """Share of the customers won, all of them followed through the years compared, who are there after `years`.

    Who leaves on the anniversary itself is gone: the year that it opens is not charged.
    """
    from sim.metrics.facts import SAME_DAY

    there = won = 0
    for run in runs:
        people = run.customers[run.customers["won_days"] + (YEARS - 1) * DAYS_PER_YEAR < run.windows.horizon_days]
        left = people["end_days"] - people["won_days"] <= years * DAYS_PER_YEAR + SAME_DAY
        won += len(people)
        there += len(people) - int(left.sum())
    return there / won if won else 1.0
