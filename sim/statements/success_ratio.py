"""One line per form of the success ratio: how well it ranks customers by renewal, best first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.pooled import Pooled, pairs, pooled

if TYPE_CHECKING:
    import pandas as pd

PAIRINGS: Final = ("truth", "observed")
ENOUGH: Final = 3
"""Replications with a leaver below which no area is told."""


def success_ratio(metrics: pd.DataFrame) -> list[str]:
    """Lines `success_ratio <place> <form> <context> <arm> auc=mean[low,high] best=.. n=.. lost=.. level=.. ..`.

    metrics: the study's long table, with `divergence` for the leavers behind each area. Places follow the
    truth; below .5 a form ranks those who leave above those who stay. `best`: share of replications in which
    a form ranks best.
    """
    groups = metrics.groupby(["context", "arm"], sort=False, observed=True)
    return [line for (context, arm), rows in groups for line in _lines(rows, f"{context or '-'} {arm or '-'}")]


def _lines(rows: pd.DataFrame, place: str) -> Iterator[str]:
    forms = list(dict.fromkeys(rows.loc[rows["metric"] == "success_ratio_auc", "segment"]))
    areas = {form: area(rows, form, "truth") for form in forms}
    order = sorted(forms, key=lambda form: -np.nan_to_num(areas[form].mean, nan=-1.0))
    for number, form in enumerate(order, start=1):
        told = " ".join(_pairing(rows, form, view) for view in PAIRINGS if _known(rows, form, view))
        yield f"success_ratio {number} {form} {place} {told}"


def _pairing(rows: pd.DataFrame, form: str, view: str) -> str:
    """`<view> n= lost= auc= best= level= follows_experience=`."""
    found, lost = area(rows, form, view), _values(rows, "decisions_lost", view, "all")
    best, level, follows = (
        _mean(_values(rows, f"success_ratio_{name}", view, form)) for name in ("best", "level", "corr_experience")
    )
    told = "too_few"
    if found.replications >= ENOUGH:
        told = f"{found.mean:.3f}[{max(found.low, 0.0):.3f},{min(found.high, 1.0):.3f}]"
    return (
        f"{view} n={lost['n'].sum():.0f} lost={np.nansum(lost['value']):.0f} auc={told} best={best:.2f}"
        f" level={level:.3f} follows_experience={follows:+.2f}"
    )


def area(rows: pd.DataFrame, form: str, view: str) -> Pooled:
    """Area under the curve of a form over all replications of one place, weighted by the pairs it compares."""
    areas, lost = _values(rows, "success_ratio_auc", view, form), _values(rows, "decisions_lost", view, "all")
    return pooled(areas["value"].to_numpy(), pairs(lost["n"].to_numpy(dtype=np.float64), lost["value"].to_numpy()))


def _values(rows: pd.DataFrame, metric: str, view: str, segment: str) -> pd.DataFrame:
    chosen = (rows["metric"] == metric) & (rows["view"] == view) & (rows["segment"] == segment)
    return rows[chosen].sort_values("replication")


def _known(rows: pd.DataFrame, form: str, view: str) -> bool:
    return bool(len(_values(rows, "success_ratio_auc", view, form)))


def _mean(rows: pd.DataFrame) -> float:
    told = rows["value"].dropna()
    return float(told.mean()) if len(told) else np.nan
