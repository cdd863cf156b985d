"""At which level does an advantage turn into its opposite? Lines over the levels, the turning point marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.style import BAND, INK, MUTED, SMALL, arm_style, new_axes, number_ticks, quiet
from sim.report.wording import words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_APART = 0.008
"""Of the axis, between lines at the same level."""
_MARGIN = 0.03


def frontier(
    points: pd.DataFrame, flips: pd.DataFrame, arms: Sequence[str] = (), unit: str = "", ax: Axes | None = None
) -> Axes:
    """One line per arm with 95 % intervals, zero, and for each arm where its line crosses zero.

    `points`, `flips`: rows of `frontier.parquet` and `flips.parquet` of one quantity. The grey band spans the
    levels at which the first arm's difference is not clear of zero.
    """
    order = list(arms) or list(dict.fromkeys(points["arm"]))
    ax = quiet(new_axes(ax))
    ax.axhline(0.0, color=INK, linewidth=1.0)
    present = [arm for arm in order if (points["arm"] == arm).any()]
    left, right = float(points["level"].min()), float(points["level"].max())
    for place, arm in enumerate(present):
        rows = points[points["arm"] == arm].sort_values("level")
        _line(ax, rows, order.index(arm), (right - left) * _APART * (place - (len(present) - 1) / 2.0))
    for row in flips.to_dict("records"):
        if np.isfinite(row["level"]):
            _turn(ax, row, order.index(row["arm"]), band=len(present) == 1)
    ax.set_xlim(left - _MARGIN * (right - left), right + _MARGIN * (right - left))
    ax.margins(y=0.12)
    number_ticks(ax.yaxis, 5)
    ax.set_ylabel(unit, fontsize=SMALL, color=INK)
    return ax


def _line(ax: Axes, rows: pd.DataFrame, position: int, shift: float) -> None:
    style = arm_style(position)
    x = rows["level"].to_numpy() + shift
    ax.vlines(x, rows["low"].to_numpy(), rows["high"].to_numpy(), color=style.colour, linewidth=1.8, alpha=0.55)
    ax.plot(
        x,
        rows["value"].to_numpy(),
        color=style.colour,
        linestyle=style.dash,
        linewidth=1.6,
        marker=style.marker,
        markersize=6.0,
        label=words(str(rows["arm"].iloc[0])),
    )


def _turn(ax: Axes, row: Mapping[Any, Any], position: int, band: bool) -> None:
    """Where the mean crosses zero, with the levels that cannot be told from it."""
    if band and np.isfinite(row["low"]):
        ax.axvspan(row["low"], row["high"], color=BAND, linewidth=0, zorder=0.4)
    ax.axvline(row["level"], color=arm_style(position).colour, linestyle=(0, (1.2, 1.6)), linewidth=1.2)
    if band:
        ax.annotate(
            f"{row['level']:.2g}",
            (row["level"], 1.0),
            (4, -2),
            xycoords=ax.get_xaxis_transform(),
            textcoords="offset points",
            va="top",
            color=MUTED,
            fontsize=SMALL,
        )
