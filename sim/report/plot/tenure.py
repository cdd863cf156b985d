"""Does revenue from the same customers grow or shrink as they age? Points with intervals by tenure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.report.numbers import NOT_REACHED
from sim.report.style import INK, MUTED, SMALL, arm_style, new_axes, quiet
from sim.report.wording import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

_APART_MONTHS = 1.6
_SPREAD_MONTHS = 4.0
_STEP = 25


def tenure(points: pd.DataFrame, arms: Sequence[str] = (), ax: Axes | None = None, legend: bool = True) -> Axes:
    """A share by months of tenure, one marker per arm with its 95 % interval; 100 % is where it began.

    `points`: columns arm, months, mean, low, high (shares; nan where not reached).
    """
    order = list(arms) or list(dict.fromkeys(points["arm"]))
    present = [arm for arm in order if (points["arm"] == arm).any()]
    ax = quiet(new_axes(ax))
    ax.axhline(100.0, color=MUTED, linewidth=0.9)
    for place, arm in enumerate(present):
        shift = min(_APART_MONTHS, _SPREAD_MONTHS / len(present)) * (place - (len(present) - 1) / 2.0)
        rows = points[(points["arm"] == arm) & points["mean"].notna()]
        _points(ax, rows, shift, order.index(arm), words(arm))
    _frame(ax, points)
    if legend:
        ax.legend(loc="best", frameon=False, fontsize=SMALL, labelcolor=INK, handlelength=3.2)
    return ax


def _points(ax: Axes, rows: pd.DataFrame, shift: float, position: int, label: str) -> None:
    style = arm_style(position)
    x, mean = rows["months"].to_numpy() + shift, 100.0 * rows["mean"].to_numpy()
    low, high = 100.0 * rows["low"].to_numpy(), 100.0 * rows["high"].to_numpy()
    ax.plot(
        x,
        mean,
        color=style.colour,
        marker=style.marker,
        markersize=5.5,
        linestyle=style.dash,
        linewidth=1.2,
        label=label,
    )
    ax.vlines(x, low, high, color=style.colour, linewidth=2.2, alpha=0.55)


def _frame(ax: Axes, points: pd.DataFrame) -> None:
    months = sorted(set(points["months"]))
    ax.set_xticks(months, [str(int(month)) for month in months])
    ax.set_xlim(months[0] - 6, months[-1] + 6)
    ax.set_xlabel("months of tenure", fontsize=SMALL)
    low, high = _range(points)
    ax.set_ylim(low, high)
    ticks = range(int(low), int(high) + 1, _STEP)
    ax.set_yticks(list(ticks), [f"{tick} %" if tick == 100 else str(tick) for tick in ticks])
    for month in months:
        if points.loc[points["months"] == month, "mean"].isna().all():
            ax.text(month, low + 2, NOT_REACHED, rotation=90, ha="center", va="bottom", color=MUTED, fontsize=SMALL)


def _range(points: pd.DataFrame) -> tuple[float, float]:
    """Percent: whole steps below the lowest and above the highest interval, 100 % inside."""
    values = 100.0 * points[["mean", "low", "high"]].to_numpy(dtype=float)
    known = values[np.isfinite(values)]
    bottom, top = (float(known.min()), float(known.max())) if known.size else (100.0, 100.0)
    low = _STEP * math.floor((min(bottom, 100.0) - _STEP / 2) / _STEP)
    return max(low, 0.0), max(top, 100.0) + _STEP / 3
