"""What becomes of the same customer under another policy: gained to the right, lost to the left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.report.numbers import plain
from sim.report.style import INK, MUTED, PAPER, SMALL, arm_style, new_axes, quiet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

GAINED: Final = ("kept", "delayed", "won")
LOST: Final = ("never", "hastened", "lost")
_BAR: Final = 0.6


def fates(twins: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Share of candidates by fate with 95 % intervals; beside each bar the share.

    `twins`: rows of `twins.parquet` of one arm in one context. Those whom nothing changed for are not drawn.
    """
    ax = quiet(new_axes(ax, height=fates_height()), grid="x")
    at = {str(row["fate"]): row for row in twins.to_dict("records")}
    names = [name for name in (*GAINED, *LOST) if name in at]
    for place, name in enumerate(names):
        share, low, high = (100.0 * float(at[name][column]) for column in ("share", "share_low", "share_high"))
        _bar(ax, -place, share, low, high, gained=name in GAINED)
    ax.set_yticks([-place for place in range(len(names))], names)
    ax.set_ylim(-len(names) + 0.4, 0.6)
    _frame(ax, max((float(np.nanmax([at[name]["share_high"], at[name]["share"]])) for name in names), default=0.0))
    return ax


def _bar(ax: Axes, y: float, share: float, low: float, high: float, gained: bool) -> None:
    """One fate: bar, interval, number."""
    sign, colour = (1.0, arm_style(0).colour) if gained else (-1.0, arm_style(1).colour)
    look: dict[str, Any] = {"edgecolor": colour} if gained else {"edgecolor": PAPER, "hatch": "////"}
    ax.barh(y, sign * share, _BAR, color=colour, linewidth=0.6, zorder=2, **look)
    if low < high:
        ax.plot([sign * low, sign * high], [y, y], color=INK, linewidth=1.1, zorder=3)
    outer = (sign * (high if low < high else share), y)
    side: dict[str, Any] = {"ha": "left" if gained else "right", "va": "center"}
    ax.annotate(
        f"{plain(share, 1)} %", outer, (4 * sign, 0), textcoords="offset points", color=INK, fontsize=SMALL, **side
    )


def _frame(ax: Axes, widest: float) -> None:
    """Zero in the middle; shares are written without a sign on both sides."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    reach = 175.0 * max(widest, 0.001)
    ax.axvline(0.0, color=INK, linewidth=1.0, zorder=4)
    ax.set_xlim(-reach, reach)
    ax.tick_params(axis="y", labelcolor=INK)
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):g}"))
    where = "lost \N{MIDDLE DOT} % of candidates \N{MIDDLE DOT} gained"
    ax.set_xlabel(f"\N{LEFTWARDS ARROW} {where} \N{RIGHTWARDS ARROW}", fontsize=SMALL, color=MUTED)


def fates_height() -> float:
    """Height in inches of one panel."""
    return 0.8 + 0.28 * (len(GAINED) + len(LOST))
