"""Small multiples: the same plot once per context, on shared scales."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sim.report.style import HALF_INCHES, INK, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 3
MOST_PANELS = 9
"""More contexts than this are in the table only, so that the page stays small and readable."""
_PANEL_HEIGHT = 2.75


def panels(figure: Figure, titles: Sequence[str], plot: Callable[[Axes, int], object]) -> list[Axes]:
    """`plot(ax, position)` for every title, left to right and down; one panel needs no title."""
    across = columns(len(titles), float(figure.get_figwidth()))
    rows = math.ceil(len(titles) / across)
    grid = figure.subplots(rows, across, sharex=across > 1, sharey=across > 1, squeeze=False).ravel()
    for position, title in enumerate(titles):
        plot(grid[position], position)
        if len(titles) > 1:
            grid[position].set_title(title, loc="left", fontweight="bold", color=INK, fontsize="medium")
    for unused in grid[len(titles) :]:
        unused.set_visible(False)
    _legend(figure, grid[0])
    return list(grid[: len(titles)])


def _legend(figure: Figure, first: Axes) -> None:
    """One legend for all panels, above them."""
    handles, labels = first.get_legend_handles_labels()
    if len(handles) > 1:
        across = 1 if float(figure.get_figwidth()) < HALF_INCHES else ACROSS
        figure.legend(
            handles,
            labels,
            loc="outside upper left",
            ncols=across,
            frameon=False,
            fontsize=SMALL,
            labelcolor=INK,
            handlelength=3.2,
        )


def columns(count: int, width: float) -> int:
    """Panels side by side in a figure `width` inches wide."""
    return 1 if width < HALF_INCHES else min(count, ACROSS)


def panels_height(count: int, width: float) -> float:
    """Height in inches that `count` panels need in a figure `width` inches wide."""
    return 0.35 + _PANEL_HEIGHT * math.ceil(count / columns(count, width))
