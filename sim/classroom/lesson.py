"""What the lesson shows: two policies at every weight of experience and every moment of asking, as numbers.

Levels are means over replications; groups are decisions of all replications together. Every interval is a 95 % one
over replications, and differences are paired by replication.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import numpy as np

from sim.checks import InputError
from sim.experiments.compare import compare
from sim.experiments.interval import mean_interval
from sim.experiments.margin import REVENUE_METRIC
from sim.metrics.facts import Floats
from sim.metrics.moment_scores import PASSIVE
from sim.metrics.pooled import Pooled, pooled_difference
from sim.report.findings import finding
from sim.report.numbers import SHARE
from sim.report.wording import Finding

if TYPE_CHECKING:
    import pandas as pd

CASH: Final = "net_cash_per_candidate"
KEPT: Final = "logo_retention_"
SCORE, RESPONSE, OUTCOME, LEAVING = "moment_score", "moment_response", "moment_outcome", "moment_leaving"
GROUPS: Final = ("happy", PASSIVE, "unhappy", "happy_reached", "happy_missed")
POLICIES: Final = 2


class Level(NamedTuple):
    """A mean over replications with its interval, and the cases in all of them."""

    mean: float
    low: float
    high: float
    n: int


class Group(NamedTuple):
    """Decisions of customers alike, and how many of them go against renewal."""

    left: int
    n: int

    @property
    def share(self) -> float:
        """Of the decisions that go against renewal; nan without any."""
        return self.left / self.n if self.n else math.nan


class Scene(NamedTuple):
    """One policy at one weight of experience, asked at one moment."""

    policy: str
    score: Level
    asked: int
    outcome: Level
    kept: Level
    cash: Level
    groups: dict[str, Group]
    by_score: Pooled
    """Share leaving among the unhappy minus that among the happy."""
    by_outcome: Pooled
    """Among the happy: share leaving of those whose outcome fell short minus that of the others."""


class Stage(NamedTuple):
    """Both policies at one weight of experience, asked at one moment; findings are the second minus the first."""

    share: float
    moment: str
    scenes: tuple[Scene, Scene]
    score: Finding
    kept: Finding
    cash: Finding


class Lesson(NamedTuple):
    """All of it, by step and moment."""

    policies: tuple[str, str]
    shares: tuple[float, ...]
    moments: tuple[str, ...]
    months: int
    """Tenure at which customers kept are counted."""
    stages: tuple[tuple[Stage, ...], ...]


Cases = tuple[Floats, Floats]
"""Values and cases, by replication."""


class _Table:
    """The long table, asked for one number at a time."""

    def __init__(self, metrics: pd.DataFrame) -> None:
        keys = ["context", "arm", "metric", "view", "segment"]
        ordered = metrics.sort_values("replication", kind="stable")
        self._rows = dict(iter(ordered.groupby(keys, sort=False, observed=True)))

    def cases(self, context: str, arm: str, metric: str, view: str = "truth", segment: str = "all") -> Cases:
        """By replication."""
        rows = self._rows.get((context, arm, metric, view, segment))
        if rows is None:
            raise InputError(f"the lesson shows {metric} ({segment}), which the metrics chosen do not give")
        return rows["value"].to_numpy(float), rows["n"].to_numpy(float)

    def level(self, *place: str) -> Level:
        """Over replications."""
        values, n = self.cases(*place)
        found = mean_interval(values[np.isfinite(values)])
        return Level(found.mean, found.low, found.high, int(n.sum()))


def lesson(metrics: pd.DataFrame, shares: Mapping[str, float], currency: str) -> Lesson:
    """The lesson in the long table of a study; `shares`: context -> weight of experience."""
    policies = tuple(dict.fromkeys(metrics["arm"].astype(str)))
    if len(policies) != POLICIES:
        raise InputError(f"a lesson shows two policies, got {', '.join(policies)}")
    if len(set(shares.values())) < len(shares):
        raise InputError("the steps of a lesson must differ in world.share_experience, got one value twice")
    kept = _kept(metrics)
    moments = tuple(dict.fromkeys(metrics.loc[metrics["metric"] == SCORE, "segment"].astype(str)))
    if not moments:
        raise InputError("the lesson shows scores, which metrics=[..., moment_scores] gives, got none")
    table, order = _Table(metrics), sorted(shares, key=lambda context: shares[context])
    stages = []
    for context in order:
        found = _compared(metrics[metrics["context"] == context], policies[0], context, kept)
        stages.append(
            tuple(
                _stage(table, found, context, shares[context], moment, policies, kept, currency) for moment in moments
            )
        )
    months = int(kept.removeprefix(KEPT))
    return Lesson((policies[0], policies[1]), tuple(shares[c] for c in order), moments, months, tuple(stages))


def _kept(metrics: pd.DataFrame) -> str:
    """The metric of customers kept: at the first tenure that was asked for."""
    names = [str(name) for name in dict.fromkeys(metrics["metric"]) if str(name).startswith(KEPT)]
    if not names:
        raise InputError("the lesson shows customers kept, which metrics=[..., retention] gives, got none")
    return names[0]


def _stage(
    table: _Table,
    found: pd.DataFrame,
    context: str,
    share: float,
    moment: str,
    policies: Sequence[str],
    kept: str,
    currency: str,
) -> Stage:
    def said(metric: str, segment: str = "all") -> Finding:
        return _finding(found, metric, segment, (policies[1], policies[0], context), currency)

    first, second = (_scene(table, context, policy, moment, kept) for policy in policies)
    return Stage(share, moment, (first, second), said(SCORE, moment), said(kept), said(CASH))


def _scene(table: _Table, context: str, policy: str, moment: str, kept: str) -> Scene:
    def leaving(group: str) -> Cases:
        return table.cases(context, policy, LEAVING, "surveyed", f"{moment}@{group}")

    cases = {group: leaving(group) for group in GROUPS}
    return Scene(
        policy=policy,
        score=table.level(context, policy, SCORE, "respondents", moment),
        asked=table.level(context, policy, RESPONSE, "respondents", moment).n,
        outcome=table.level(context, policy, OUTCOME, "truth", moment),
        kept=table.level(context, policy, kept),
        cash=table.level(context, policy, CASH),
        groups={group: _group(*values) for group, values in cases.items()},
        by_score=_possible(pooled_difference(*cases["unhappy"], *cases["happy"])),
        by_outcome=_possible(pooled_difference(*cases["happy_missed"], *cases["happy_reached"])),
    )


_Compared = TypeVar("_Compared", Finding, Pooled)


def _possible(found: _Compared) -> _Compared:
    """A difference of shares; its interval as far as shares can differ, which few replications alone would pass."""
    return found._replace(low=max(found.low, -1.0), high=min(found.high, 1.0))


def _group(values: Floats, n: Floats) -> Group:
    return Group(round(float(np.nan_to_num(values) @ n)), int(n.sum()))


def _compared(here: pd.DataFrame, baseline: str, context: str, kept: str) -> pd.DataFrame:
    """The second policy against the first in one context."""
    wanted = here[here["metric"].isin([SCORE, kept, CASH, REVENUE_METRIC])]
    arms = {str(arm): wanted[wanted["arm"] == arm] for arm in dict.fromkeys(wanted["arm"])}
    return compare(arms, baseline, CASH, None, context)


def _finding(found: pd.DataFrame, metric: str, segment: str, names: tuple[str, str, str], currency: str) -> Finding:
    """The comparison's row; undecided where one of the policies has no value."""
    rows = found[(found["metric"] == metric) & (found["segment"] == segment)]
    if len(rows):
        made = finding(rows.iloc[0].to_dict(), currency)
        return _possible(made) if made.unit == SHARE else made
    undefined: dict[str, Any] = dict.fromkeys(Finding._fields, math.nan)
    arm, baseline, context = names
    told = {"metric": metric, "arm": arm, "baseline": baseline, "context": context, "verdict": "undecided"}
    return finding({**undefined, **told, "replications": 0, "one_sided": 0, "unit": ""}, currency)
