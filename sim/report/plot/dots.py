"""Two or three numbers per row, side by side: what is beside what was expected, or said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.report.style import INK, PAPER, SMALL, arm_style, new_axes, number_ticks, quiet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_APART = 0.2


class Mark(NamedTuple):
    """How one series of dots looks."""

    label: str
    colour: str
    marker: str
    filled: bool


FIRST = Mark("", arm_style(0).colour, "o", True)
SECOND = Mark("", arm_style(1).colour, "D", False)
THIRD = Mark("", INK, "|", True)


def dots(points: pd.DataFrame, marks: Sequence[Mark], ax: Axes | None = None, unit: str = "") -> Axes:
    """One row per `label`, one mark per `series`, with 95 % intervals where low and high are given.

    `points`: columns label, series, mean, low, high in the unit of the axis; `series` is the label of a mark.
    """
    labels = list(dict.fromkeys(points["label"]))
    ax = quiet(new_axes(ax, height=dots_height(len(labels))), grid="x")
    for place, mark in enumerate(marks):
        rows = points[points["series"] == mark.label].to_dict("records")
        shift = _APART * ((len(marks) - 1) / 2.0 - place)
        where = [shift - labels.index(row["label"]) for row in rows]
        for row, y in zip(rows, where, strict=True):
            if row["low"] < row["high"]:
                ax.plot([row["low"], row["high"]], [y, y], color=mark.colour, linewidth=1.5, solid_capstyle="butt")
        ax.plot(
            [row["mean"] for row in rows],
            where,
            linestyle="",
            color=mark.colour,
            marker=mark.marker,
            markersize=8.5 if mark.marker == "|" else 5.5,
            markerfacecolor=mark.colour if mark.filled else PAPER,
            markeredgewidth=1.5,
            label=mark.label,
            zorder=3,
        )
    ax.set_yticks([-place for place in range(len(labels))], labels)
    ax.tick_params(axis="y", labelcolor=INK)
    ax.set_ylim(-len(labels) + 0.4, 0.6)
    ax.margins(x=0.08)
    number_ticks(ax.xaxis, 4)
    ax.set_xlabel(unit, fontsize=SMALL)
    return ax


def areas(points: pd.DataFrame, marks: Sequence[Mark], ax: Axes) -> None:
    """Dots of areas under the curve beside the area of chance."""
    dots(points, marks, ax=ax, unit="area under the curve").axvline(0.5, color="black", linewidth=0.9, zorder=1)


def dots_height(rows: int) -> float:
    """Height in inches of a panel with `rows` rows."""
    return 0.8 + 0.3 * rows
