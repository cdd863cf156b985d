"""One line per survey moment: what it foretells of the first renewal, truth and observed side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import Floats
from sim.metrics.pooled import Pooled, pairs, pooled
from sim.metrics.survey_timing import EXIT, PANEL

if TYPE_CHECKING:
    import pandas as pd

JOURNEY: Final = ("at_purchase", "after_onboarding", "contact_end", "at_resolution", "wave", "pre_renewal", EXIT)
PAIRINGS: Final = ("truth", "surveyed", "observed")
"""Latent states; answers and readings as if everybody had given them; answers given, readings obtained."""
ENOUGH: Final = 3
"""Replications with a leaver below which nothing is told."""
_METRICS: Final = ("moment_auc_experience", "moment_auc_outcome", "moment_gap")
_STATES: Final = ("experience", "outcome", "gap")
_MEASURED: Final = ("score", "reading", "gap")
"""A survey's answer is not experience: by default it means what decisions weigh."""


def survey_timing(metrics: pd.DataFrame) -> list[str]:
    """Lines `survey_timing <moment> <context> <arm> lead_days=.. truth n=.. lost=.. experience=mean[low,high] ..`.

    metrics: the study's long table. All moments stand on the same first-term decisions; an area under the
    curve of .5 is a coin toss. Intervals are over replications.
    """
    groups = metrics.groupby(["context", "arm"], sort=False, observed=True)
    return [line for (context, arm), rows in groups for line in _lines(rows, str(context) or "-", str(arm) or "-")]


def _lines(rows: pd.DataFrame, context: str, arm: str) -> Iterator[str]:
    for moment in JOURNEY:
        met = _values(rows, "moment_readings", "truth", moment)[0]
        if not np.nansum(met):
            continue
        head = f"survey_timing {moment} {context} {arm}".rstrip()
        if moment == EXIT:
            yield f"{head} n=0 ({np.nansum(met):.0f} readings of customers whose decision is behind them)"
            continue
        segment = f"{moment}@{PANEL}"
        lead, n = _values(rows, "moment_lead_days", "truth", segment)
        told = " ".join(_pairing(rows, view, segment) for view in PAIRINGS)
        yield f"{head} lead_days={pooled(lead, n).mean:.0f} {told}"


def _pairing(rows: pd.DataFrame, view: str, segment: str) -> str:
    """`<view> n= lost= experience= outcome= gap=` (of what is measured: score= reading=) with intervals."""
    lost, n = _values(rows, "moment_lost", view, segment)
    weights = pairs(n, lost)
    names = _STATES if view == "truth" else _MEASURED
    areas = [pooled(_values(rows, metric, view, segment)[0], weights) for metric in _METRICS]
    shown = (f"{name}={_told(one, -1.0 if name == 'gap' else 0.0)}" for name, one in zip(names, areas, strict=True))
    return " ".join((view, f"n={n.sum():.0f}", f"lost={np.nansum(lost):.0f}", *shown))


def _values(rows: pd.DataFrame, metric: str, view: str, segment: str) -> tuple[Floats, Floats]:
    """Values and cases by replication."""
    chosen = rows[(rows["metric"] == metric) & (rows["view"] == view) & (rows["segment"] == segment)]
    chosen = chosen.sort_values("replication")
    return chosen["value"].to_numpy(dtype=np.float64), chosen["n"].to_numpy(dtype=np.float64)


def _told(found: Pooled, least: float) -> str:
    """`mean[low,high]` within [least, 1], or `too_few` where too few left or answered."""
    if found.replications < ENOUGH:
        return "too_few"
    return f"{found.mean:.3f}[{max(found.low, least):.3f},{min(found.high, 1.0):.3f}]"
