"""The fitted market under the reference bundle: its frozen constants, and a retention that is the file's.

The law says how many leave in all. In the simulation experience, outcome, price and sponsors act on top of
the frailty, so that one number, `shift_logit`, is moved until the simulated survival meets the law's;
what differs between customers stays as fitted. The reference constants are frozen for the shifted market.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.fitting.sbg import ShiftedBetaGeometric
from sim.frozen import REFERENCE_SEED, constants_of, reference_of, to_scale
from sim.metrics.facts import SAME_DAY
from sim.metrics.retention import tenure
from sim.metrics.survival import error_at, kaplan_meier, level_at
from sim.units import days

if TYPE_CHECKING:
    from sim.recorder import Run
    from sim.scenario import Scenario

ROUNDS: Final = 4
REPLICATIONS: Final = 5
MEET_AT_MONTHS: Final = 24
"""Tenure at which simulated and fitted survival meet, or the longest term before it."""
LARGEST_SHIFT: Final = 10.0
SMALLEST_STEP: Final = 0.02
SLOPES: Final = (0.3, 1.2)
"""Customers who differ answer less than one to one to a common shift."""


@dataclass(frozen=True)
class Calibrated:
    """The market's node with its shift and reference, and the simulated survival where it meets the law."""

    node: dict[str, Any]
    months: int
    simulated: float
    standard_error: float


def calibrated(node: dict[str, Any], law: ShiftedBetaGeometric, term_months: int) -> Calibrated:
    """`node` simulated under the reference bundle; the same seed in every round, so that rounds compare."""
    from sim.build import market_from, reference_scenario

    scenario = reference_scenario(to_scale(market_from(node)))
    terms = max(1, MEET_AT_MONTHS // term_months)
    wanted, level, error = _logit(law.survival(terms) ** (1 / terms)), 0.0, 0.0
    tried: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        shift = _next_shift(tried, wanted)
        runs = _runs(scenario, shift)
        level, error = _survival(runs, terms * term_months)
        tried.append((shift, _logit(level ** (1 / terms))))
        scenario = replace(scenario, market=replace(scenario.market, reference=constants_of(runs)))
    shifted = {**node, "frailty": {**node["frailty"], "shift_logit": shift}}
    return Calibrated({**shifted, "reference": _plain(reference_of(shifted))}, terms * term_months, level, error)


def _next_shift(tried: list[tuple[float, float]], wanted: float) -> float:
    """Secant step on (shift, logit of the mean retention of a term); its slope is kept within SLOPES."""
    if not tried:
        return 0.0
    shift, found = tried[-1]
    slope = 1.0
    if len(tried) > 1 and abs(shift - tried[-2][0]) > SMALLEST_STEP:
        slope = min(max((found - tried[-2][1]) / (shift - tried[-2][0]), SLOPES[0]), SLOPES[1])
    return round(min(max(shift + (wanted - found) / slope, -LARGEST_SHIFT), LARGEST_SHIFT), 4)


def _runs(scenario: Scenario, shift: float) -> list[Run]:
    from sim.simulation import simulate

    frailty: Any = scenario.market.frailty
    market = replace(scenario.market, frailty=replace(frailty, shift_logit=shift))
    return [simulate(replace(scenario, market=market), REFERENCE_SEED, r) for r in range(REPLICATIONS)]


def _survival(runs: list[Run], months: int) -> tuple[float, float]:
    """Kaplan-Meier survival of first contracts at `months` and its standard error, all runs together."""
    lives = [tenure(run) for run in runs]
    duration = np.concatenate([life.duration[life.signed] for life in lives])
    ended = np.concatenate([life.ended[life.signed] for life in lives])
    curve = kaplan_meier(duration, ended)
    at = days(months) + SAME_DAY
    return level_at(curve, at), error_at(curve, at)


def _logit(share: float) -> float:
    kept = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(kept / (1 - kept))


def _plain(reference: Any) -> dict[str, Any]:
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(reference).items()}
    return {"_target_": "sim.context.reference.Reference", **values}
