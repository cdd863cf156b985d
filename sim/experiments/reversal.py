"""Rank reversal and regret: does a metric order the arms as the decision metric does, and what does it cost?

An arm is chosen by the metric on odd replications; its money is counted and the order of two chosen arms is judged on
even ones, so that neither the luck a score and the money of the same customers share nor the luck of being chosen out
of many makes a metric look wise or foolish.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.experiments.interval import mean_interval
from sim.metrics.catalogue import about
from sim.metrics.facts import Floats
from sim.metrics.overall import overall

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sim.metrics.long import Measure

METRICS: Final = (
    *("nps", "csat", "ces"),
    *("ttr_median_hours", "ttr_mean_hours", "first_contact_resolution", "tickets_per_customer_month"),
    *("ttv_median_days", "ttv_share", "win_rate", "logo_retention_12", "grr_12", "nrr_12"),
)
"""What dashboards steer by; scores first."""
CHANCE: Final = 0.5
"""Share of pairs of arms that a metric without any information puts in the wrong order."""


class Reversal(NamedTuple):
    """One row of `reversal.parquet`: one metric in one view, as a guide to the decision metric."""

    context: str
    metric: str
    view: str
    unit: str
    decision_metric: str
    arms: int
    chosen_by_metric: str
    """Best arm by the metric on odd replications."""
    chosen_by_decision: str
    """Best arm by the decision metric on odd replications."""
    order: str
    """same, reversed or undecided: the two chosen arms by both, on even replications, 95 % intervals."""
    rank_correlation: float
    """Kendall's tau of the arms' means over all replications; 1 same order, -1 opposite."""
    reversed_share: float
    """Pairs of arms that one odd replication's metric orders against the next even one's decision metric."""
    reversed_low: float
    reversed_high: float
    reversed_chance: float
    regret: float
    """Money lost by choosing by the metric, on even replications; negative where luck made it better."""
    regret_low: float
    regret_high: float
    regret_chance: float
    """The same for an arm taken at random."""
    replications_odd: int
    replications_even: int


@dataclass(frozen=True)
class Levels:
    """Values (arms, replications) with the higher better; replications both metrics are defined in."""

    arms: tuple[str, ...]
    replication: Floats
    metric: Floats
    decision: Floats

    def half(self, odd: bool) -> Levels:
        """Replications number 1, 3, 5 ... or 0, 2, 4 ..."""
        kept = (self.replication % 2 == 1) == odd
        return Levels(self.arms, self.replication[kept], self.metric[:, kept], self.decision[:, kept])


def reversal(
    metrics: pd.DataFrame, decision_metric: str, context: str, known: Mapping[str, Measure] | None = None
) -> pd.DataFrame:
    """Rows of `Reversal` for every metric of METRICS present in the long table of one context."""
    import pandas as pd

    decision = _oriented(metrics, decision_metric, about(decision_metric, known).view, known)
    rows = []
    for metric in METRICS:
        for view in dict.fromkeys(metrics.loc[metrics["metric"] == metric, "view"]):
            levels = _paired(_oriented(metrics, metric, str(view), known), decision)
            if len(levels.arms) > 1 and levels.replication.size > 1:
                unit = about(metric, known).unit
                rows.append(_row(context, metric, str(view), unit, decision_metric, levels))
    return pd.DataFrame(rows, columns=list(Reversal._fields))


def _oriented(metrics: pd.DataFrame, metric: str, view: str, known: Any) -> pd.DataFrame:
    """Arms x replications of one metric, signed so that more is better; the pooled reading of a dated one."""
    rows = overall(metrics, metric, known, view)
    table = rows.pivot_table(index="arm", columns="replication", values="value", sort=False, dropna=False)
    return table if about(metric, known).higher_is_better else -table


def _paired(metric: pd.DataFrame, decision: pd.DataFrame) -> Levels:
    """Arms and replications in which everything is defined."""
    arms = [arm for arm in decision.index if arm in metric.index]
    numbers = sorted(set(metric.columns) & set(decision.columns))
    first, second = metric.loc[arms, numbers].to_numpy(float), decision.loc[arms, numbers].to_numpy(float)
    whole = np.isfinite(first).all(axis=0) & np.isfinite(second).all(axis=0)
    return Levels(tuple(map(str, arms)), np.array(numbers, float)[whole], first[:, whole], second[:, whole])


def _row(context: str, metric: str, view: str, unit: str, decision_metric: str, levels: Levels) -> Reversal:
    odd, even = levels.half(True), levels.half(False)
    chosen, best = _chosen(odd)
    lost = mean_interval(even.decision[best] - even.decision[chosen])
    at_random = float((even.decision[best] - even.decision.mean(axis=0)).mean())
    share = mean_interval(np.array(list(_against(odd, even))))
    low, high = np.clip([share.low, share.high], 0.0, 1.0).tolist()
    return Reversal(
        context, metric, view, unit, decision_metric, len(levels.arms), levels.arms[chosen], levels.arms[best],
        order(levels),
        kendall(levels.metric.mean(axis=1), levels.decision.mean(axis=1)),
        share.mean, low, high, CHANCE,
        lost.mean, lost.low, lost.high, at_random, odd.replication.size, even.replication.size,
    )  # fmt: skip


def _against(odd: Levels, even: Levels) -> Iterator[float]:
    """Per pair of one odd and one even replication: share of arm pairs in opposite order, ties half."""
    for metric, decision in zip(odd.metric.T, even.decision.T, strict=False):
        signs = [(metric[a] - metric[b]) * (decision[a] - decision[b]) for a, b in pairs(len(odd.arms))]
        yield sum(1.0 if sign < 0.0 else 0.5 if sign == 0.0 else 0.0 for sign in signs) / len(signs)


def pairs(arms: int) -> Sequence[tuple[int, int]]:
    """Every pair of arm numbers."""
    return list(combinations(range(arms), 2))


def _chosen(levels: Levels) -> tuple[int, int]:
    """Best arm by the metric and by the decision metric."""
    return int(levels.metric.mean(axis=1).argmax()), int(levels.decision.mean(axis=1).argmax())


def _extremes(levels: Levels) -> tuple[int, int]:
    """The two arms whose order is asked: those chosen by each, or best and worst where both chose the same."""
    chosen, best = _chosen(levels)
    return (chosen, best) if chosen != best else (best, int(levels.decision.mean(axis=1).argmin()))


def order(levels: Levels) -> str:
    """Whether both metrics put the two arms asked about in the same order, beyond their 95 % intervals.

    Which two is asked of odd replications and their order of even ones: who was picked as the extreme of many leads on
    the data that picked it, by luck alone.
    """
    one, other = _extremes(levels.half(True))
    even = levels.half(False)
    sides = [_side(values[one] - values[other]) for values in (even.metric, even.decision)]
    if 0 in sides:
        return "undecided"
    return "same" if sides[0] == sides[1] else "reversed"


def _side(differences: Floats) -> int:
    """Sign of a paired difference, 0 where its interval holds 0."""
    found = mean_interval(differences)
    return int(found.low > 0.0) - int(found.high < 0.0)


def kendall(first: Floats, second: Floats) -> float:
    """Kendall's tau-a of two orders of the same arms; ties count nothing."""
    signs = [math.copysign(1.0, x) if x else 0.0 for x in _products(first, second)]
    return sum(signs) / len(signs) if signs else math.nan


def _products(first: Floats, second: Floats) -> list[float]:
    return [float((first[a] - first[b]) * (second[a] - second[b])) for a, b in pairs(first.size)]
