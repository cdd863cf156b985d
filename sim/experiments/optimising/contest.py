"""Optimise several policies, and confirm on replications that no trial has seen.

The best of many trials owes part of its gain to luck. So the best allocation of every policy is run once more under
another seed, beside the policy as shipped; it is adopted only where the paired verdict says that it is better. The
policies are then compared with each other, as shipped and as adopted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.checks import InputError
from sim.experiments.designs.factor import Factor, written
from sim.experiments.optimising.search import Trial, best, search
from sim.experiments.optimising.space import space
from sim.experiments.variant import variant
from sim.metrics.catalogue import about, measures_of
from sim.metrics.facts import Floats
from sim.metrics.overall import overall

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.composer import Composer
    from sim.experiments.plan import Study

FIRST_TRIAL_IS_SHIPPED = 0


class Wanted(NamedTuple):
    """What is asked for."""

    policies: tuple[str, ...]
    over: tuple[str, ...]
    trials: int
    within: float
    overrides: tuple[str, ...]


@dataclass(frozen=True)
class Contestant:
    """One policy: its study of one job, and what may be changed."""

    name: str
    study: Study
    factors: Mapping[Factor, float]


class Searched(NamedTuple):
    """What the search of one policy came to."""

    contestant: Contestant
    trials: list[Trial]

    @property
    def words(self) -> tuple[str, ...]:
        """Overrides of the best allocation; none where the policy as shipped is the best."""
        found = best(self.trials)
        if found.number == FIRST_TRIAL_IS_SHIPPED:
            return ()
        return tuple(f"{key}={written(value)}" for key, value in found.numbers.items())


def contestants(composer: Composer, wanted: Wanted) -> list[Contestant]:
    """Every policy planned and checked; nothing is simulated."""
    from sim.experiments.plan import plan

    found = []
    for policy in wanted.policies:
        (study,) = plan(composer, (f"policy={policy}", *wanted.overrides), multirun=False)
        if len(study.jobs) != 1:
            raise InputError("optimise takes one context and the policies it is given: no experiment with arms")
        found.append(Contestant(policy, study, space(study.tree, wanted.over, wanted.within)))
    return found


def searched(composer: Composer, contestant: Contestant, trials: int, tell: Callable[[str, Trial], None]) -> Searched:
    """The trials of one policy."""
    study, made = contestant.study, []

    def objective(numbers: Mapping[str, float]) -> Floats:
        words = [f"{key}={written(value)}" for key, value in numbers.items()]
        return _oriented(_measured(composer, study, words, study.settings.seed), study)

    address = f"{study.settings.seed}/{contestant.name}"
    for trial in search(objective, contestant.factors, trials, address):
        made.append(trial)
        tell(contestant.name, trial)
    return Searched(contestant, made)


def _measured(composer: Composer, study: Study, words: Sequence[str], seed: int) -> pd.DataFrame:
    """The long table of the study's job with other values and another seed."""
    return variant(composer, study, (*study.jobs[0].overrides, *words), seed)


def _oriented(metrics: pd.DataFrame, study: Study) -> Floats:
    """The decision metric by replication, higher being better."""
    metric = study.settings.decision_metric
    values = overall(metrics, metric).sort_values("replication")["value"].to_numpy(np.float64)
    return values if about(metric).higher_is_better else -values


class Confirmed(NamedTuple):
    """What fresh replications say."""

    own: list[Mapping[str, Any]]
    """Per policy the verdict on its best allocation against the policy as shipped; none where that is the best."""
    between: list[Mapping[str, Any]]
    """Verdicts on the policies against the first, in the contexts `shipped` and `adopted`."""
    adopted: dict[str, tuple[str, ...]]
    """Per policy the overrides of what fresh replications confirm as better; empty: as shipped."""


def confirmed(composer: Composer, found: Sequence[Searched]) -> Confirmed:
    """Run shipped and best allocations under the next seed and compare them."""
    own: list[Mapping[str, Any]] = []
    shipped: dict[str, pd.DataFrame] = {}
    chosen: dict[str, pd.DataFrame] = {}
    adopted: dict[str, tuple[str, ...]] = {}
    for one in found:
        study, name = one.contestant.study, one.contestant.name
        seed = study.settings.seed + 1
        shipped[name] = chosen[name] = _measured(composer, study, (), seed)
        adopted[name] = ()
        if one.words:
            tried = _measured(composer, study, one.words, seed)
            row = _verdicts({name: shipped[name], f"{name}+optimised": tried}, study, "confirmation")[0]
            own.append(row)
            if row["verdict"] == "better":
                chosen[name], adopted[name] = tried, one.words
    between = [
        row
        for context, tables in (("shipped", shipped), ("adopted", chosen))
        for row in _verdicts(tables, found[0].contestant.study, context)
    ]
    return Confirmed(own, between, adopted)


def _verdicts(arms: Mapping[str, pd.DataFrame], study: Study, context: str) -> list[Mapping[str, Any]]:
    """Headline rows of every arm against the first; none for a single arm."""
    from sim.experiments.compare import compare

    settings = study.settings
    table = compare(arms, None, settings.decision_metric, settings.worthwhile_difference, context, measures_of(()))
    rows: list[Mapping[str, Any]] = table[table["role"] == "headline"].to_dict("records")  # type: ignore[assignment]
    return rows
