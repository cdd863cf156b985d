"""Trials of the search: both arms simulated at a place with the same luck, out of the store where it has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.experiments.arms import declared
from sim.experiments.designs.factor import LOG, Factor, written
from sim.experiments.interval import Interval, mean_interval
from sim.experiments.trap.search import Place, Seen
from sim.experiments.variant import variant
from sim.metrics.by_replication import by_replication
from sim.metrics.catalogue import about, names_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.composer import Composer
    from sim.experiments.plan import Study


@dataclass(frozen=True)
class Setting:
    """Two arms of an experiment, what orders them, and what may be assumed otherwise."""

    composer: Composer
    study: Study
    arms: tuple[str, str]
    """The arm and the baseline."""
    score: str
    value: str
    factors: tuple[Factor, ...]
    start: Place
    seen: dict[tuple[Place, int], pd.DataFrame] = field(default_factory=dict)

    def trial(self, place: Place) -> Seen:
        """What the search sees at a place."""
        return self.measured(place, 0)

    def measured(self, place: Place, fresh: int) -> Seen:
        """Differences at a place; `fresh` is added to the seed."""
        return Seen(*(self.difference(place, name, fresh) for name in (self.score, self.value)))

    def difference(self, place: Place, metric: str, fresh: int = 0) -> Interval:
        """Arm minus baseline, higher is better."""
        grid = by_replication(self.table(place, fresh), metric)
        if grid.empty:
            raise InputError(f"{metric} is undefined in every replication at {self.words(place) or 'the start'}")
        sign = 1.0 if about(metric).higher_is_better else -1.0
        return mean_interval(sign * (grid[self.arms[0]] - grid[self.arms[1]]).to_numpy(float))

    def table(self, place: Place, fresh: int) -> pd.DataFrame:
        """The long table of both arms at a place, measured once."""
        import pandas as pd

        if (place, fresh) not in self.seen:
            tables = [self._measured(arm, place, fresh) for arm in self.arms]
            self.seen[place, fresh] = pd.concat(tables, ignore_index=True)
        return self.seen[place, fresh]

    def values(self, place: Place) -> list[str]:
        """The assumptions at a place, as they are written."""
        return [written(one.at(share)) for one, share in zip(self.factors, place, strict=True)]

    def words(self, place: Place) -> list[str]:
        """Overrides of what differs from the start."""
        pairs = zip(self.factors, self.values(self.start), self.values(place), strict=True)
        return [f"{one.key}={now}" for one, then, now in pairs if then != now]

    def _measured(self, arm: str, place: Place, fresh: int) -> pd.DataFrame:
        from sim.experiments.job import labelled

        own = declared(self.composer, "arms", self.study.tree["arms"])[arm]
        words = (*self.study.overrides, *own, *self.words(place))
        table = variant(self.composer, self.study, words, self.study.settings.seed + fresh)
        return labelled(table, {"arm": arm})


def setting(composer: Composer, study: Study, score: str, value: str) -> Setting:
    """What an experiment with two arms and ranges of uncertainties asks, or InputError."""
    arms = list(declared(composer, "arms", study.tree["arms"]))
    if len(arms) != 2:
        raise InputError(
            f"trap compares the two arms of an experiment, as in: outcomelab trap experiment=nps_trap; "
            f"{study.name} declares {', '.join(arms) or 'none'}"
        )
    factors = study.design.uncertainties if study.design else ()
    if not factors:
        raise InputError(f"trap needs uncertainties with ranges (design.uncertainties), and {study.name} declares none")
    for one in factors:
        if not one.is_range:
            raise InputError(f"design.uncertainties.{one.key} must be a range: only a range has a smallest change")
    _refuse_unknown(composer, study, score, value)
    baseline = study.baseline if study.baseline in arms else arms[0]
    arm = next(name for name in arms if name != baseline)
    start = tuple(_place(one, _now(study.tree, one.key)) for one in factors)
    return Setting(composer, study, (arm, baseline), score, value, factors, start)


def _refuse_unknown(composer: Composer, study: Study, score: str, value: str) -> None:
    """InputError for a metric that none of the chosen families computes."""
    from sim.build import build
    from sim.experiments.checked import compositions
    from sim.experiments.metric_names import check_metric

    _, first = next(iter(compositions(composer, study)))
    names = names_of(build(first).metrics)
    check_metric("--score", score, names)
    check_metric("--value", value, names)


def _now(tree: dict[str, Any], key: str) -> float:
    node: Any = tree
    for name in key.split("."):
        node = node[name]
    return float(node)


def _place(one: Factor, value: float) -> float:
    """Where a value stands in its range."""
    if not one.low <= value <= one.high:
        raise InputError(f"design.uncertainties.{one.key} must hold the value it starts from, {value:g}")
    if one.scale == LOG:
        return log(value / one.low) / log(one.high / one.low)
    return (value - one.low) / (one.high - one.low)


def follow(at: Setting, place: Place, fresh: int) -> tuple[str, str, Interval]:
    """(arm that the score prefers, arm that the value prefers, decision metric lost by taking the first of them)."""
    by_score, by_value = (at.arms[0] if one.mean > 0.0 else at.arms[1] for one in at.measured(place, fresh))
    gap = at.difference(place, at.study.settings.decision_metric, fresh)
    if by_score == at.arms[0]:
        gap = gap._replace(mean=-gap.mean, low=-gap.high, high=-gap.low)
    return by_score, by_value, gap


def units(factors: Sequence[Factor]) -> list[str]:
    """Unit of every assumption, empty for pure numbers."""
    return ["" if one.unit == "1" else one.unit for one in factors]
