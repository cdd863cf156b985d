"""From the truth to what is reported, one cause at a time: a waterfall from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.numbers import plain
from sim.report.style import BAND, INK, MUTED, PAPER, SMALL, arm_style, is_narrow, new_axes, number_ticks, quiet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_UP, _DOWN = arm_style(0).colour, arm_style(1).colour
_BAR = 0.56
_WHISKER: dict[str, Any] = {"color": INK, "linewidth": 1.1, "solid_capstyle": "butt", "zorder": 3}


def waterfall(rungs: pd.DataFrame, places: int = 1, floor: float = 0.0, ax: Axes | None = None) -> Axes:
    """Grey bars at both ends are levels; between them each bar is one cause's change, with its 95 % interval.

    `rungs`: columns label, level, step, low, high (interval of the step) from the truth down; the first has
    no step. `places`: decimals of the numbers; `floor`: where the grey bars begin (0 points, .5 for an AUC).
    """
    ax = quiet(new_axes(ax, height=waterfall_height(len(rungs))), grid="x")
    rows = rungs.to_dict("records")
    for place, row in enumerate(rows):
        if place:
            _step(ax, row, -place, places)
    _end(ax, rows[0]["level"], 0, floor, places)
    _end(ax, rows[-1]["level"], -len(rows), floor, places)
    labels = [str(row["label"]) for row in rows]
    ax.set_yticks([-place for place in range(len(rows) + 1)], [*labels, "what is reported"])
    ax.tick_params(axis="y", labelcolor=INK)
    for before, row in enumerate(rows):
        ax.plot([row["level"]] * 2, [-before - _BAR / 2, -before - 1 + _BAR / 2], color=MUTED, linewidth=0.8, zorder=1)
    ax.axvline(floor, color=INK, linewidth=1.0, zorder=1)
    ax.set_ylim(-len(rows) - 0.6, 0.6)
    ax.margins(x=0.16)
    number_ticks(ax.xaxis, 4)
    return ax


def waterfall_height(rungs: int) -> float:
    """Height in inches of a panel with `rungs` rungs."""
    return 0.8 + 0.27 * (rungs + 1)


def _step(ax: Axes, row: dict[Any, Any], y: float, places: int) -> None:
    step, level = float(row["step"]), float(row["level"])
    up = step >= 0.0
    look: dict[str, Any] = {"edgecolor": _UP, "color": _UP} if up else {"edgecolor": PAPER, "color": _DOWN}
    ax.barh(y, step, _BAR, level - step, linewidth=0.6, hatch="" if up else "////", zorder=2, **look)
    ends = [level - step + row["low"], level - step + row["high"]]
    if row["low"] < row["high"]:
        ax.plot(ends, [y, y], **_WHISKER)
    right = max(level, level - step, *(end for end in ends if end == end))
    _number(ax, right, y, plain(step, places, signed=True))


def _end(ax: Axes, level: float, y: float, floor: float, places: int) -> None:
    ax.barh(y, level - floor, _BAR, floor, color=BAND, edgecolor=MUTED, linewidth=0.6, zorder=2)
    _number(ax, max(level, floor), y, plain(level, places))


def _number(ax: Axes, x: float, y: float, text: str) -> None:
    size = SMALL if is_narrow(ax) else SMALL - 0.5
    ax.annotate(text, (x, y), (4, 0), textcoords="offset points", va="center", color=INK, fontsize=size)
