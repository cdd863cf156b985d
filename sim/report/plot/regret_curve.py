"""How often does an arm lose how much? Regret over the points of a design, from the worst point down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.report.style import INK, SMALL, arm_style, is_narrow, new_axes, number_ticks, quiet
from sim.report.wording import words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def regret_curve(rows: pd.DataFrame, arms: Sequence[str], unit: str = "", ax: Axes | None = None) -> Axes:
    """One line per arm: its regrets sorted from the largest, with 95 % intervals.

    `rows`: rows of `regret.parquet` of one design; the lower line is the more robust arm.
    """
    ax = quiet(new_axes(ax))
    ax.axhline(0.0, color=INK, linewidth=1.0)
    for position, arm in enumerate(arms):
        own = rows[rows["arm"] == arm].sort_values("regret", ascending=False)
        style = arm_style(position)
        place = np.arange(1, len(own) + 1) + 0.12 * (position - (len(arms) - 1) / 2.0)
        low, high = own["low"].to_numpy(), own["high"].to_numpy()
        ax.vlines(place, low, high, color=style.colour, linewidth=1.4, alpha=0.45)
        ax.plot(
            place,
            own["regret"].to_numpy(),
            color=style.colour,
            linestyle=style.dash,
            linewidth=1.4,
            marker=style.marker,
            markersize=3.5 if is_narrow(ax) else 4.5,
            label=words(arm),
        )
    number_ticks(ax.yaxis, 5)
    number_ticks(ax.xaxis, 6)
    ax.set_xlabel("points, each arm's own worst first", fontsize=SMALL)
    ax.set_ylabel(f"regret, {unit}".rstrip(", "), fontsize=SMALL, color=INK)
    return ax
