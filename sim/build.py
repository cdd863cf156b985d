"""Configuration in, scenario out: the only place that instantiates components."""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.checks import InputError, real
from sim.components import instantiated, part, remembered
from sim.context.fingerprint import fingerprint
from sim.context.market import Market
from sim.context.reference import Reference
from sim.fitting.market_node import with_curve
from sim.loader import freed_of_hydra, loader
from sim.metrics.long import needs_arrivals
from sim.metrics.parameters import check_parameters
from sim.pricing.matching import matched
from sim.rules.coming import most_spread
from sim.scenario import THROUGHOUT, Scenario, windows
from sim.targets import refuse_foreign_targets, resolved
from sim.units import days, months

GROUPS = ("market", "world", "policy", "pricing", "survey")
SETTINGS = ("title", "currency", "horizon_months", "entry", "discount_rate_per_year", "budget_scale")
"""Top-level keys that belong to the scenario."""
_TARIFFS: dict[tuple[str, str], Any] = {}
CANDIDATES_AT_MOST = 1_000_000
TICKETS_AT_MOST = 50_000
"""Within sim.agents.population.STREAM_OFFSET and sim.agents.draws.TICKETS, with room for luck."""
UNVERIFIED = "world.society.personas: what sets these people apart are survey claims that nobody has verified"
REFERENCE = ("world=both_matter", "policy=balanced", "pricing=seat_subscription", "survey=relationship", "metrics=[]")
"""What a market's frozen reference is measured under, as shipped, whatever the user has chosen."""


def load_scenario(*overrides: str, config_dir: str | None = None) -> Scenario:
    """The scenario that `outcomelab run` would run with these overrides.

    `config_dir` is a folder of the user's own YAML files. Raises InputError for bad values.
    """
    try:
        cfg = _composed(overrides, config_dir)
    except (HydraException, OmegaConfBaseException) as error:
        raise InputError(f"{str(error).splitlines()[0]} (outcomelab keys lists what there is)") from error
    return build(cfg)


def build(cfg: DictConfig, tree: dict[str, Any] | None = None) -> Scenario:
    """Build every component of a composed configuration; `tree` is the same resolved, where it is at hand.

    Raises InputError before anything is built if a target is not allowed, and for every bad value.
    """
    plain: dict[str, Any] = resolved(cfg) if tree is None else tree
    allow_code = plain.get("allow_code") or ()
    refuse_foreign_targets(cfg, allow_code, plain)
    cfg, plain = _with_curve(cfg, plain)
    known = not allow_code
    parts = {group: part(cfg, plain, group, known) for group in GROUPS}
    settings = {key: plain[key] for key in SETTINGS}
    _check_ceilings(parts["market"], real("horizon_months", settings["horizon_months"], 1, 240), settings["entry"])
    parts["market"] = _scaled(_frozen(parts["market"]), float(plain["candidates_share"]))
    parts["pricing"] = _matched(parts["pricing"], parts["market"].reference, known)
    cfg, plain = _as_measured(cfg, plain, parts["market"])
    chosen, metrics = cfg.get("metrics") or {}, plain.get("metrics") or {}
    families = tuple(part(chosen, metrics, name, known, prefix="metrics.") for name in metrics)
    scenario = Scenario(**settings, **parts, metrics=families)
    _check_together(scenario)
    _check_measurable(scenario, metrics)
    if scenario.world.society.personas.unverified:
        logging.getLogger(__name__).warning("%s", UNVERIFIED)
    return scenario


def _with_curve(cfg: DictConfig, tree: dict[str, Any]) -> tuple[DictConfig, dict[str, Any]]:
    """The configuration with the law of `market.retention_curve` in place; repairs of the file are said aloud."""
    if tree["market"].get("retention_curve") is None:
        return cfg, tree
    node, repairs = with_curve(copy.deepcopy(tree["market"]))
    for sentence in repairs:
        logging.getLogger(__name__).warning("%s", sentence)
    fitted = cfg.copy()
    fitted.market = node
    return fitted, resolved(fitted)


def reference_scenario(market: Market) -> Scenario:
    """The scenario a market's frozen reference is measured in: shipped configuration around this market."""
    cfg = _composed(REFERENCE)
    parts = {group: instantiated(cfg, group) for group in GROUPS if group != "market"}
    settings = {key: cfg[key] for key in SETTINGS}
    return Scenario(**settings, market=market, **parts, metrics=())


def _composed(overrides: Sequence[str], config_dir: str | None = None) -> DictConfig:
    """What Hydra composes, without its own node; also in the middle of a Hydra job."""
    with loader(config_dir) as tree:
        cfg = tree.load_configuration("config", overrides, RunMode.RUN, from_shell=False)
    return freed_of_hydra(cfg)


def market_from(node: Any) -> Market:
    """A market out of its plain configuration, with the law of its retention curve in place."""
    cfg = OmegaConf.create({"market": node})
    refuse_foreign_targets(cfg)
    market: Market = instantiated(_with_curve(cfg, resolved(cfg))[0], "market")
    return market


def _frozen(market: Market) -> Market:
    """The market with a reference of its own: the one in its YAML, unless the market was changed since."""
    if market.reference.market_hash == fingerprint(market):
        return market
    from sim.remembered import own_reference

    return replace(market, reference=own_reference(market))


def _matched(tariff: Any, reference: Reference, known: bool) -> Any:
    """`matched`, remembered by what it depends on."""
    key = (repr(tariff), repr(reference))
    return remembered(_TARIFFS, key, partial(matched, tariff, reference)) if known else matched(tariff, reference)


def _as_measured(cfg: DictConfig, tree: dict[str, Any], market: Market) -> tuple[DictConfig, dict[str, Any]]:
    """The configuration with the reference in use, which metrics read as `${market.reference...}`."""
    written, reference = tree["market"]["reference"], market.reference
    values = {name: getattr(reference, name) for name in written if hasattr(reference, name)}
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    if all(written[name] == value for name, value in values.items()):
        return cfg, tree
    used = cfg.copy()
    used.market.reference.update(values)
    return used, resolved(used)


def _scaled(market: Market, share: float) -> Market:
    """The same market with `share` of its candidates; staff follows through the budget's recursion.

    Not an override of the market: its frozen reference stays the one of the whole market.
    """
    arrival = market.arrival
    fewer = replace(
        arrival,
        candidates_per_month=share * arrival.candidates_per_month,
        referral_candidates_per_month=share * arrival.referral_candidates_per_month,
    )
    return replace(market, arrival=fewer)


def _check_together(scenario: Scenario) -> None:
    """Combinations that make no sense are refused here, not in the middle of a run."""
    apart, between = scenario.survey.launch_days, days(scenario.world.efforts.release_months)
    if 2.0 * apart >= between:
        raise InputError(f"survey.launch_days must be less than half of the time between releases, got {apart:g}")
    share, diffusion = scenario.market.arrival.lead_share, scenario.world.attracting.diffusion
    if share * most_spread(diffusion.imitation) > 1.0:
        raise InputError(
            f"world.attracting.diffusion.imitation must leave market.arrival.lead_share={share:g} at 1 at most at its "
            f"peak, got {diffusion.imitation:g}"
        )
    contract = scenario.market.contract
    for tariff in scenario.pricing.options.values() or (scenario.pricing,):
        billing = tariff.billing_months or contract.billing_months
        if contract.term_months % min(billing, contract.term_months):
            raise InputError(f"billing_months must divide term_months={contract.term_months}, got {billing}")


def _check_measurable(scenario: Scenario, names: Iterable[str]) -> None:
    """Metrics that mean nothing in this scenario, or cannot be computed, are refused before it is simulated."""
    for name, family in zip(names, scenario.metrics, strict=True):
        if family is None:
            raise InputError(f"metrics.{name} must not be null: leave it out")
        check_parameters(f"metrics.{name}", family)
        if needs_arrivals(family) and scenario.entry != THROUGHOUT:
            raise InputError(
                f"metrics.{name} needs entry={THROUGHOUT}, got {scenario.entry}: once nobody comes nothing is steady"
            )


def _check_ceilings(market: Market, horizon_months: float, entry: str) -> None:
    """Candidate streams must fit the numbers set aside for them, so that no two share an identity."""
    arrival, tickets = market.arrival, market.tickets
    most = max(arrival.candidates_per_month, arrival.referral_candidates_per_month)
    candidates = most * months(windows(horizon_months, entry).entry_days)
    if candidates > CANDIDATES_AT_MOST:
        raise InputError(
            f"market.arrival.candidates_per_month must give at most {CANDIDATES_AT_MOST:,} candidates, "
            f"got {candidates:,.0f}"
        )
    ceiling = tickets.per_month * (1.0 + tickets.misfit_weight) * (1.0 + tickets.early_height)
    if ceiling * horizon_months > TICKETS_AT_MOST:
        raise InputError(
            f"market.tickets.per_month at its ceiling of {ceiling:g} a month must give at most {TICKETS_AT_MOST:,} "
            f"tickets of a customer over the horizon, got {ceiling * horizon_months:,.0f}"
        )
