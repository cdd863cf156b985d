"""Arms against a baseline within one context, paired by replication."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

from sim.checks import InputError
from sim.experiments.interval import Interval
from sim.experiments.margin import REVENUE_METRIC, margin
from sim.experiments.pairs import Key, Pair, pairs
from sim.experiments.verdict import Verdict, unpaired_verdict, verdict
from sim.metrics.catalogue import about
from sim.metrics.long import LONG_COLUMNS, Measure

if TYPE_CHECKING:
    import pandas as pd

_NOTHING: Final = np.array([math.nan])
ROLES: Final = ("headline", "secondary", "detail")
Role = Literal["headline", "secondary", "detail"]


class Comparison(NamedTuple):
    """One row of `comparison.parquet`: arm minus baseline for one metric, view, segment and time."""

    context: str
    arm: str
    baseline: str
    role: Role
    metric: str
    view: str
    segment: str
    time_days: float
    unit: str
    verdict: str
    difference: float
    low: float
    high: float
    margin: float
    replications: int
    """Replications in which both arms are defined."""
    replications_needed: float
    arm_mean: float
    baseline_mean: float
    one_sided: int = 0
    """Replications in which one of the two alone attained what is measured (see `Measure.attained`); any of them
    forbids a verdict, and then there is no difference either. 0 for other metrics."""

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from sim.report.notebook import comparison_html

        return comparison_html(self)


class _Margins(NamedTuple):
    """Worthwhile differences: the user's for the decision metric, else the default."""

    decision_metric: str
    worthwhile_difference: float | None
    revenue: float

    def of(self, metric: str, measure: Measure, baseline_mean: float) -> float:
        """Margin of a metric in its own unit."""
        if metric == self.decision_metric and self.worthwhile_difference is not None:
            return self.worthwhile_difference
        return margin(measure.unit, baseline_mean, self.revenue)


def _revenue(baseline: pd.DataFrame) -> float:
    chosen = (baseline["metric"] == REVENUE_METRIC) & (baseline["segment"] == "all")
    values = baseline["value"][chosen]
    return float(values.mean()) if len(values) else math.nan


def _role(key: Key, measure: Measure, decision_metric: str) -> Role:
    """Headline and secondary rows get a verdict line; other views, segments and years are details."""
    pooled = key.time_days < 0.0 or measure.timed
    if key.view != measure.view or key.segment != "all" or not pooled:
        return "detail"
    return "headline" if key.metric == decision_metric else "secondary"


def _row(pair: Pair, judged: Verdict, measure: Measure, margin: float, role: Role) -> dict[str, Any]:
    key, interval = pair.key, judged.interval
    return key._asdict() | {
        "role": role,
        "time_days": math.nan if key.time_days < 0.0 else key.time_days,
        "unit": measure.unit,
        "verdict": judged.word,
        "difference": interval.mean,
        "low": 0.0 if judged.word == "identical" else interval.low,
        "high": 0.0 if judged.word == "identical" else interval.high,
        "margin": margin,
        "replications": interval.replications,
        "replications_needed": judged.replications_needed,
        "arm_mean": float(pair.arm.mean()),
        "baseline_mean": float(pair.baseline.mean()),
        "one_sided": 0,
    }


def _unjudged(pair: Pair, measure: Measure, role: Role) -> dict[str, Any]:
    """The row of a metric that one arm alone attained in some replications: those left would flatter the other."""
    nothing = Interval(math.nan, math.nan, math.nan, math.nan, min(pair.arm.size, pair.baseline.size))
    row = _row(
        pair._replace(arm=_NOTHING, baseline=_NOTHING), Verdict("undecided", nothing, math.nan), measure, math.nan, role
    )
    return row | {"one_sided": pair.one_sided}


class _How(NamedTuple):
    """How two arms are compared."""

    anytime: bool
    paired: bool

    def judge(self, pair: Pair, margin: float, higher_is_better: bool) -> Verdict:
        """The verdict on one metric."""
        if not self.paired:
            return unpaired_verdict(pair.arm, pair.baseline, margin, higher_is_better)
        return verdict(pair.arm - pair.baseline, margin, higher_is_better, anytime=self.anytime)


def _compare_arm(
    arm: pd.DataFrame, baseline: pd.DataFrame, margins: _Margins, known: Mapping[str, Measure] | None, how: _How
) -> list[dict[str, Any]]:
    rows = []
    for pair in pairs(arm, baseline, how.paired):
        measure = about(pair.key.metric, known)
        if measure.attained and pair.one_sided:
            rows.append(_unjudged(pair, measure, _role(pair.key, measure, margins.decision_metric)))
            continue
        if not (pair.arm.size and pair.baseline.size):  # nothing to compare
            continue
        worthwhile = margins.of(pair.key.metric, measure, float(pair.baseline.mean()))
        judged = how.judge(pair, worthwhile, measure.higher_is_better)
        rows.append(_row(pair, judged, measure, worthwhile, _role(pair.key, measure, margins.decision_metric)))
    return sorted(rows, key=lambda row: ROLES.index(row["role"]))


def compare(
    arms: Mapping[str, pd.DataFrame],
    baseline: str | None = None,
    decision_metric: str = "net_cash_per_candidate",
    worthwhile_difference: float | None = None,
    context: str = "-",
    measures: Mapping[str, Measure] | None = None,
    anytime: bool = False,
    paired: bool = True,
) -> pd.DataFrame:
    """Rows of `Comparison`, by arm, headline first.

    `arms` holds each arm's long metrics (LONG_COLUMNS and replication) in ONE context; `baseline` defaults
    to the first arm. `worthwhile_difference` is in the unit of the decision metric and applies to it alone;
    `measures` adds what a user's own metric families say about themselves. `anytime`: the number of
    replications was chosen by looking at the verdict, so intervals hold at every number at once. `paired` False: the
    arms' replications have nothing in common.
    """
    import pandas as pd

    reference = _checked(arms, baseline, worthwhile_difference)
    margins = _Margins(decision_metric, worthwhile_difference, _revenue(arms[reference]))
    rows = [
        Comparison(context=context, arm=name, baseline=reference, **row)
        for name in arms
        if name != reference
        for row in _compare_arm(arms[name], arms[reference], margins, measures, _How(anytime, paired))
    ]
    return pd.DataFrame(rows, columns=list(Comparison._fields))


def _checked(arms: Mapping[str, pd.DataFrame], baseline: str | None, worthwhile_difference: float | None) -> str:
    """The baseline's name, after every input was found usable."""
    reference = next(iter(arms), "") if baseline is None else baseline
    if reference not in arms:
        raise InputError(f"baseline must be one of {', '.join(arms) or 'no arms'}, got {reference or 'none'}")
    if worthwhile_difference is not None and not 0.0 <= worthwhile_difference < math.inf:
        raise InputError(f"worthwhile_difference must be a number of at least 0, got {worthwhile_difference}")
    for name, metrics in arms.items():
        missing = [column for column in ("replication", *LONG_COLUMNS) if column not in metrics.columns]
        if missing:
            raise InputError(f"metrics of arm {name} lack the column {missing[0]}")
    return reference
