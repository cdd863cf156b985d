"""What does it cost to choose by a metric? One line per metric: money lost, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.style import INK, MUTED, PAPER, SMALL, arm_style, is_narrow, new_axes, number_ticks, quiet
from sim.report.wording import metric_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_LOST, _FREE = arm_style(1), arm_style(0)


def regret(rows: pd.DataFrame, currency: str = "", ax: Axes | None = None) -> Axes:
    """Money lost by choosing an arm by each metric, with 95 % intervals; the dotted line is a choice at random.

    `rows`: rows of `reversal.parquet` in one context, drawn from top to bottom. A filled square means that the
    interval lies above zero, a hollow circle that it does not.
    """
    ax = quiet(new_axes(ax, height=regret_height(len(rows))), grid="x")
    ax.axvline(0.0, color=INK, linewidth=1.0, zorder=1)
    chance = float(rows["regret_chance"].mean())
    if np.isfinite(chance):
        ax.axvline(chance, color=MUTED, linewidth=1.1, linestyle=(0, (1.2, 1.6)), zorder=1)
    for place, row in enumerate(rows.to_dict("records")):
        _mark(ax, row["regret"], row["regret_low"], row["regret_high"], -place)
    ax.set_yticks([-place for place in range(len(rows))], [metric_words(str(name)) for name in rows["metric"]])
    ax.tick_params(axis="y", labelcolor=INK)
    ax.set_ylim(-len(rows) + 0.4, 0.6)
    ax.margins(x=0.08)
    number_ticks(ax.xaxis, 4)
    ax.set_xlabel(f"money lost, {currency}".rstrip(", "), fontsize=SMALL)
    return ax


def regret_height(rows: int) -> float:
    """Height in inches of a panel with `rows` metrics."""
    return 0.75 + 0.23 * rows


def _mark(ax: Axes, value: float, low: float, high: float, y: float) -> None:
    lost = np.isfinite(low) and low > 0.0
    style = _LOST if lost else _FREE
    if np.isfinite(low):
        ax.plot([low, high], [y, y], color=style.colour, linewidth=2.0, solid_capstyle="butt", zorder=2)
    ax.plot(
        [value],
        [y],
        color=style.colour,
        marker=style.marker,
        markersize=5.5 if is_narrow(ax) else 6.0,
        markerfacecolor=style.colour if lost else PAPER,
        markeredgewidth=1.5,
        zorder=3,
    )
