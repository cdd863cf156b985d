"""Search for the allocation with the highest paired gain, by optuna's tree-structured Parzen estimator.

Every trial runs the same replications, so the objective is the mean difference to the policy as shipped and has little
noise of its own (common random numbers). The first trial is the policy as shipped: its gain is exactly zero.
Bergstra et al. (2011), NeurIPS 24; Akiba et al. (2019), KDD 19.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from sim.checks import InputError
from sim.experiments.designs.factor import Factor, rounded
from sim.experiments.interval import mean_interval
from sim.extras import missing
from sim.metrics.facts import Floats
from sim.streams import generator

if TYPE_CHECKING:
    from optuna import Study

Objective = Callable[[Mapping[str, float]], Floats]
"""Values of the metric by replication, higher being better, of the policy with these numbers."""


class Trial(NamedTuple):
    """One allocation tried."""

    number: int
    numbers: dict[str, float]
    gain: float
    """Mean paired difference to the policy as shipped; nan where it failed."""
    low: float
    high: float
    failure: str
    """Why it has no gain; empty where it has one."""


def require_optuna() -> None:
    """Say which extra is missing, before anything is planned."""
    from importlib.util import find_spec

    if find_spec("optuna") is None:
        raise missing("optimise", "optuna", "optimise")


def search(objective: Objective, factors: Mapping[Factor, float], trials: int, address: str) -> Iterator[Trial]:
    """`trials` allocations one after the other, the policy as shipped first; equal addresses give equal trials."""
    from optuna.distributions import BaseDistribution, FloatDistribution
    from optuna.trial import TrialState

    study = _study(address, trials)
    study.enqueue_trial({factor.key: value for factor, value in factors.items()})
    asked: dict[str, BaseDistribution] = {
        factor.key: FloatDistribution(factor.low, factor.high, log=True) for factor in factors
    }
    shipped = objective({})
    for number in range(trials):
        wish = study.ask(asked)
        trial = _tried(number, {key: rounded(float(value)) for key, value in wish.params.items()}, objective, shipped)
        if trial.failure:
            study.tell(wish, state=TrialState.FAIL)
        else:
            study.tell(wish, trial.gain)
        yield trial


def best(trials: list[Trial]) -> Trial:
    """The trial with the highest gain; InputError where none has one."""
    able = [trial for trial in trials if not trial.failure]
    if not able:
        raise InputError(f"no trial has a finite gain, the first because {trials[0].failure if trials else 'none ran'}")
    return max(able, key=lambda trial: (trial.gain, -trial.number))


def _study(address: str, trials: int) -> Study:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    luck = int(generator(f"{address}/optimise").integers(2**31))
    sampler = optuna.samplers.TPESampler(seed=luck, multivariate=True, n_startup_trials=max(3, trials // 4))
    return optuna.create_study(direction="maximize", sampler=sampler)


def _tried(number: int, numbers: dict[str, float], objective: Objective, shipped: Floats) -> Trial:
    try:
        values = objective(numbers)
    except InputError as error:
        return Trial(number, numbers, math.nan, math.nan, math.nan, str(error))
    found = mean_interval(values - shipped)
    if not math.isfinite(found.mean):
        return Trial(number, numbers, math.nan, math.nan, math.nan, "the metric is undefined in a replication")
    return Trial(number, numbers, found.mean, found.low, found.high, "")
