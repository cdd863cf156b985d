"""The frozen reference of a market: measured once under the reference bundle, then data.

Reference: policy balanced, pricing seat_subscription, world both_matter, survey relationship. The
constants standardise E and O_p in every arm and world and match tariffs; they are a function of
the market only. Shipped markets carry theirs in YAML; a changed market gets its own, remembered by
the hash of what it is made from.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.context.reference import Reference
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from sim.recorder import Run
    from sim.scenario import Scenario

REPLICATIONS = 8
ROUNDS = 3
"""Constants enter the simulation they come from (through who leaves), so they are iterated."""
REFERENCE_SEED = 20_000_101
"""A seed no user is likely to choose, so that a reference is not tuned to its own customers."""
CUSTOMERS_KEPT = 32
"""Reference customers whose first year matches tariffs, by quantile of their outcome."""
DIGITS = 6


def frozen_reference(scenario: Scenario) -> Reference:
    """Constants of the market of `scenario`, which must be the reference scenario itself."""
    from sim.simulation import simulate

    reference = scenario.market.reference
    for _ in range(ROUNDS):
        market = replace(scenario.market, reference=reference)
        runs = [simulate(replace(scenario, market=market), REFERENCE_SEED, r) for r in range(REPLICATIONS)]
        reference = constants_of(runs)
    return reference


def constants_of(runs: list[Run]) -> Reference:
    """Moments over active customers at calendar waves, and first years of customers who lived one."""
    import numpy as np
    import pandas as pd

    waves = pd.concat([_waves(run) for run in runs])
    years = pd.concat([_first_years(run) for run in runs]).sort_values("outcome", kind="stable")
    if len(years) < 2 or len(waves) < 2:
        from sim.checks import InputError

        raise InputError("the market gives too few customers to freeze its reference: raise candidates_per_month")
    places = np.linspace(0, len(years) - 1, min(CUSTOMERS_KEPT, len(years))).round().astype(int)
    kept = years.iloc[places]
    return Reference(
        experience_mean=_round(waves["experience"].mean()),
        experience_sd=_round(waves["experience"].std()),
        perceived_outcome_mean=_round(waves["perceived_outcome"].mean()),
        perceived_outcome_sd=_round(waves["perceived_outcome"].std()),
        outcome_mean=_round(waves["outcome"].mean()),
        outcome_sd=_round(waves["outcome"].std()),
        tenure_days=_round(waves["tenure_days"].mean()),
        first_year_use=tuple(_round(x) for x in kept["use"]),
        first_year_outcome=tuple(_round(x) for x in kept["outcome"]),
        first_year_goal_ratio=tuple(_round(x) for x in kept["goal_ratio"]),
    )


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


def key_of(market: Any) -> str:
    """Hash of everything the constants depend on: the market's plain data without scale and reference."""
    plain = {k: v for k, v in market.items() if k not in ("reference", "name", "start_date")}
    plain["arrival"] = {k: v for k, v in plain["arrival"].items() if not k.endswith("_per_month") and k != "guest_days"}
    text = json.dumps(plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cached(key: str) -> Reference | None:
    """The remembered reference of this hash, or None."""
    try:
        return Reference(**json.loads(_file(key).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def remember(key: str, reference: Reference) -> None:
    """Keep a reference for the next time; a cache that cannot be written is only slower, and says so."""
    try:
        _file(key).parent.mkdir(parents=True, exist_ok=True)
        part = _file(key).with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(asdict(reference)), encoding="utf-8")
        part.replace(_file(key))
    except OSError as error:
        print(f"the market's reference could not be remembered: {error}", file=sys.stderr)


def _file(key: str) -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "outcomelab" / "reference" / f"{key}.json"
