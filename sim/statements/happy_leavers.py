"""Who leaves happy and who stays unhappy, by quadrant, beside what would be seen anyway.

Counts of all replications are pooled; intervals come from the spread between replications.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.metrics.facts import Floats
from sim.metrics.odds import Table, pooled_log_odds
from sim.metrics.pooled import pooled
from sim.metrics.quadrants import EVERYONE

if TYPE_CHECKING:
    import pandas as pd

NAME: Final = "happy_leavers"
QUADRANTS: Final = ("happy_reached", "happy_missed", "unhappy_reached", "unhappy_missed")
GROUPS: Final = (EVERYONE, "happy", "unhappy", *QUADRANTS)
VIEW: Final = "truth"


def happy_leavers(metrics: pd.DataFrame) -> list[str]:
    """Lines `happy_leavers <context> <arm> <what> ..`, shares as mean[low,high] with 95 % intervals.

    metrics: the study's long table with the family `quadrants`.
    """
    groups = metrics.groupby(["context", "arm"], sort=False, observed=True)
    return [line for (context, arm), rows in groups for line in _lines(rows, f"{NAME} {context} {arm}")]


def _lines(rows: pd.DataFrame, head: str) -> Iterator[str]:
    for group in GROUPS:
        left, n = _cases(rows, "leaving_share", group)
        anyway = (
            f"{name}={_share(*_cases(rows, f'leaving_share_{name}', group))}"
            for name in ("if_independent", "if_experience_only")
        )
        leaving, staying = _share(left, n), _share(1.0 - left, n)
        beyond = _share(left - _cases(rows, "leaving_share_if_experience_only", group)[0], n, least=-1.0)
        counted = f"decisions={n.sum():.0f} leaving={leaving} staying={staying}"
        yield f"{head} {group} {counted} {' '.join(anyway)} beyond_experience={beyond}"
    among = (("leavers_happy", "happy_share_of_leavers"), ("stayers_unhappy", "unhappy_share_of_stayers"))
    yield f"{head} mix " + " ".join(f"{name}={_share(*_cases(rows, metric, EVERYONE))}" for name, metric in among)
    yield f"{head} odds_ratio_of_staying " + " ".join(f"{name}={_told(odds)}" for name, odds in _odds(rows))
    locked = (
        f"{name}_{group}={_share(*_cases(rows, f'{name}_share', group))}"
        for name in ("term_bound", "held")
        for group in ("happy", "unhappy")
    )
    yield f"{head} locked_in {' '.join(locked)}"


def _cases(rows: pd.DataFrame, metric: str, segment: str) -> tuple[Floats, Floats]:
    """Values and cases by replication."""
    chosen = rows[(rows["metric"] == metric) & (rows["view"] == VIEW) & (rows["segment"] == segment)]
    chosen = chosen.sort_values("replication")
    return chosen["value"].to_numpy(dtype=np.float64), chosen["n"].to_numpy(dtype=np.float64)


def _share(values: Floats, n: Floats, least: float = 0.0) -> str:
    """Cases that have it by all cases, within [least, 1]."""
    found = pooled(values, n)
    if math.isnan(found.mean):
        return "none"
    if math.isnan(found.low):
        return f"{found.mean:.4f}"
    return f"{found.mean:.4f}[{max(found.low, least):.4f},{min(found.high, 1.0):.4f}]"


class Odds(NamedTuple):
    """Log odds ratio with its standard error over replications."""

    log: float
    error: float
    replications: int


def _odds(rows: pd.DataFrame) -> Iterator[tuple[str, Odds]]:
    """Both odds ratios of the pooled counts, each within the strata of the other."""
    counts = {group: _cases(rows, "leaving_share", group) for group in QUADRANTS}
    left = {group: np.nan_to_num(share) * n for group, (share, n) in counts.items()}
    stayed = {group: counts[group][1] - left[group] for group in QUADRANTS}

    def of(pairs: tuple[tuple[str, str], ...]) -> Odds:
        """(exposed, unexposed) quadrants of each stratum."""
        columns = [[stayed[high], left[high], stayed[low], left[low]] for high, low in pairs]
        return jackknifed(np.array(columns))

    yield (
        "outcome_given_experience",
        of((("happy_reached", "happy_missed"), ("unhappy_reached", "unhappy_missed"))),
    )
    yield (
        "experience_given_outcome",
        of((("happy_reached", "unhappy_reached"), ("happy_missed", "unhappy_missed"))),
    )


def jackknifed(counts: Floats) -> Odds:
    """Mantel-Haenszel log odds of `counts` (strata, 4, replications) summed; the error by leaving one out.

    Efron & Stein (1981): sqrt((R - 1)/R * sum((without one - their mean)^2)).
    """
    total, replications = counts.sum(axis=2), counts.shape[2]

    def log(cells: Floats) -> float:
        return pooled_log_odds([Table(*(float(x) for x in stratum)) for stratum in cells])

    without = np.array([log(total - counts[:, :, one]) for one in range(replications)])
    if replications < 2 or not np.isfinite(without).all():
        return Odds(log(total), math.nan, replications)
    spread = float(((without - without.mean()) ** 2).sum())
    return Odds(log(total), math.sqrt((replications - 1) / replications * spread), replications)


def _told(odds: Odds) -> str:
    from scipy.special import stdtrit

    if math.isnan(odds.log):
        return "too_few"
    if math.isnan(odds.error):
        return f"{math.exp(odds.log):.3f}"
    half = float(stdtrit(odds.replications - 1, 0.975)) * odds.error
    return f"{math.exp(odds.log):.3f}[{math.exp(odds.log - half):.3f},{math.exp(odds.log + half):.3f}]"
