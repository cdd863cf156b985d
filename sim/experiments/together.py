"""What a finished study answers besides its verdicts: the best of many arms, primary metrics taken together.

selection.parquet wherever a context has three arms or more; primary.parquet where several primary metrics are
declared; horizon_profile.parquet and horizon_flips.parquet where metrics were read at several tenures.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.experiments.holm import Question, answers
from sim.experiments.horizon import Point, Turn, profile, turn_line
from sim.experiments.selection import FEWEST_ARMS, PROBABILITY, select
from sim.metrics.by_replication import by_replication
from sim.metrics.catalogue import about, measures_of
from sim.tables import write_result

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.collect import Outcome
    from sim.experiments.settings import Settings
    from sim.metrics.long import Measure

SELECTION: Final = "selection"
PRIMARY: Final = "primary"
UNKNOWN: Final = np.array([math.nan])
"""Differences of a metric that one arm alone attained: no verdict."""


class Selected(NamedTuple):
    """One row of `selection.parquet`: an arm of a context that has many."""

    context: str
    metric: str
    arm: str
    mean: float
    below: float
    """At most so far below the best, with the stated probability for all arms at once."""
    kept: bool
    """Whether it is among the arms that hold the best."""
    best: bool
    """Whether its mean is the best."""
    probability: float
    margin: float
    replications: int
    needed: float


class Primary(NamedTuple):
    """One row of `primary.parquet`: a primary metric of one arm, judged together with the others."""

    context: str
    arm: str
    baseline: str
    metric: str
    verdict: str
    adjusted_verdict: str
    probability: float
    adjusted_probability: float


def write_together(outcome: Outcome, metrics: pd.DataFrame, compared: list[pd.DataFrame]) -> list[str]:
    """Write the tables and return their lines; `compared` holds the comparison of each context."""
    if outcome.study.design is not None:  # points of a design are judged together, not one by one
        return []
    settings, known = outcome.study.settings, measures_of(outcome.families)
    chosen: list[Selected] = []
    primary: list[Primary] = []
    points: list[Point] = []
    turns: list[Turn] = []
    for table in compared:
        here = metrics[metrics["context"] == table["context"].iloc[0]] if len(table) else metrics.iloc[:0]
        for metric in primary_metrics(settings):
            chosen += selected(here, table, metric, settings, known)
        primary += judged(here, table, settings, known)
        if len(table):
            context, baseline = str(table["context"].iloc[0]), str(table["baseline"].iloc[0])
            drawn = profile(here, context, baseline, settings.decision_metric, known)
            points, turns = points + drawn[0], turns + drawn[1]
    _write(outcome, SELECTION, chosen)
    _write(outcome, PRIMARY, primary)
    _write(outcome, "horizon_profile", points)
    _write(outcome, "horizon_flips", turns)
    return [*best_lines(chosen), *(primary_line(row) for row in primary), *(turn_line(row) for row in turns)]


def primary_metrics(settings: Settings) -> list[str]:
    """The decision metric, then the others that were declared."""
    return list(dict.fromkeys((settings.decision_metric, *(settings.primary_metrics or ()))))


def _write(outcome: Outcome, name: str, rows: list[Any]) -> None:
    import pandas as pd

    if rows:
        write_result(pd.DataFrame(rows, columns=list(rows[0]._fields)), outcome.folder / f"{name}.parquet")


def selected(
    here: pd.DataFrame, table: pd.DataFrame, metric: str, settings: Settings, known: dict[str, Measure]
) -> list[Selected]:
    """Rows of one metric in one context; none with fewer than three arms or where the metric is undefined, or was
    attained by some of the arms only."""
    values = by_replication(here, metric, known)
    rows = _said(table, metric)
    if values.shape[1] < FEWEST_ARMS or values.empty or rows.empty or rows["one_sided"].any():
        return []
    sign, margin = (1.0 if about(metric, known).higher_is_better else -1.0), float(rows["margin"].iloc[0])
    found = select(sign * values.to_numpy(float), margin, anytime=settings.until == "clear")
    return [
        Selected(
            context=str(table["context"].iloc[0]),
            metric=metric,
            arm=str(arm),
            mean=float(values[arm].mean()),
            below=float(found.below[i]),
            kept=bool(found.kept[i]),
            best=i == found.best,
            probability=PROBABILITY,
            margin=margin,
            replications=len(values),
            needed=found.needed,
        )
        for i, arm in enumerate(values.columns)
    ]


def _said(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The comparison's rows about a metric that got a verdict line."""
    return table[(table["metric"] == metric) & (table["role"] != "detail")]


def best_lines(rows: list[Selected]) -> list[str]:
    """`best <metric> <selected|subset> <arms> <probability> <below> <margin> <replications> needed=<n> <context>`.

    selected: the arm is the best or less than the margin below it; subset: these arms hold the best, the one with the
    best mean first. Both with the stated probability; - for what there is not (one replication bounds nothing).
    """
    lines = []
    for key in dict.fromkeys((row.context, row.metric) for row in rows):
        group = [row for row in rows if (row.context, row.metric) == key]
        first = next(row for row in group if row.best)
        found = [first.arm, *(row.arm for row in group if row.kept and not row.best)]
        is_sure = first.below <= first.margin
        words = ("selected", first.arm) if is_sure else ("subset", ",".join(found))
        below = f"{first.below:.6g}" if math.isfinite(first.below) else "-"
        numbers = f"{first.probability:g} {below} {first.margin:.6g} {first.replications}"
        enough = "-" if math.isnan(first.needed) else f"{first.needed:.0f}"
        lines.append(" ".join(("best", first.metric, *words, numbers, f"needed={enough}", first.context)))
    return lines


def judged(here: pd.DataFrame, table: pd.DataFrame, settings: Settings, known: dict[str, Measure]) -> list[Primary]:
    """Adjusted verdicts of every arm of one context; none where one metric alone is primary."""
    wanted = primary_metrics(settings)
    found: list[Primary] = []
    for arm in dict.fromkeys(table["arm"]) if len(wanted) > 1 else ():
        own = table[table["arm"] == arm]
        rows = {name: _said(own, name).iloc[0] for name in wanted if len(_said(own, name))}
        baseline = str(own["baseline"].iloc[0])
        asked = [
            Question(
                UNKNOWN if row["one_sided"] else _differences(here, name, arm, baseline, known),
                float(row["margin"]),
                about(name, known)[2],
            )
            for name, row in rows.items()
        ]
        for (name, row), answer in zip(rows.items(), answers(asked), strict=True):
            place = (str(row["context"]), str(arm), baseline, name)
            found.append(Primary(*place, str(row["verdict"]), answer.word, answer.probability, answer.adjusted))
    return found


def _differences(
    here: pd.DataFrame, metric: str, arm: str, baseline: str, known: dict[str, Measure]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Paired differences of the replications in which both arms are defined."""
    grid = by_replication(here[here["arm"].isin([arm, baseline])], metric, known)
    differences: np.ndarray[Any, np.dtype[np.float64]] = (grid[arm] - grid[baseline]).to_numpy(float)
    return differences


def primary_line(row: Primary) -> str:
    """`primary <metric> <arm> <baseline> <adjusted word> <adjusted p> <word alone> <context>`, no spaces in a field."""
    words = (row.metric, row.arm, row.baseline, row.adjusted_verdict, f"{row.adjusted_probability:.3g}", row.verdict)
    return " ".join(("primary", *words, row.context))
