"""Small multiples: the same plot once per context, on shared scales."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from sim.report.style import HALF_INCHES, INK, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 3
MOST_PANELS = 6
"""More contexts than this are in the table only, so that the page stays small and readable."""
_PANEL_HEIGHT = 2.75
_TITLE = 0.35
_LINE = 0.19
"""Height in inches of a line of the legend."""
_LINES_WITHIN = 4
"""As many fit without making the panels too low."""
_LABEL_CHARACTERS = 38
"""A third of a wide figure, or a narrow one."""


def panels(
    figure: Figure, titles: Sequence[str], plot: Callable[[Axes, int], object], across: int = ACROSS
) -> list[Axes]:
    """`plot(ax, position)` for every title, left to right and down; one panel needs no title."""
    wide = columns(len(titles), float(figure.get_figwidth()), across)
    rows = math.ceil(len(titles) / wide)
    grid = figure.subplots(rows, wide, sharex=wide > 1, sharey=wide > 1, squeeze=False).ravel()
    for position, title in enumerate(titles):
        plot(grid[position], position)
        if len(titles) > 1:
            grid[position].set_title(title, loc="left", fontweight="bold", color=INK, fontsize="medium")
    for unused in grid[len(titles) :]:
        unused.set_visible(False)
    used = list(grid[: len(titles)])
    _same_scale(used, "x")
    _same_scale(used, "y")
    _legend(figure, grid[0])
    return used


def stacked(
    figure: Figure, titles: Sequence[str], measures: int, plot: Callable[[Axes, int, int], object]
) -> list[Axes]:
    """`plot(ax, position, measure)`: a column per title, `measures` panels in it on one axis of time.

    Scales are shared by the panels of one measure, never between measures.
    """
    wide = columns(len(titles), float(figure.get_figwidth()))
    bands = math.ceil(len(titles) / wide)
    grid = figure.subplots(bands * measures, wide, sharex=True, sharey="row" if wide > 1 else False, squeeze=False)
    used = []
    for position, title in enumerate(titles):
        for measure in range(measures):
            ax = grid[position // wide * measures + measure, position % wide]
            plot(ax, position, measure)
            used.append(ax)
            if measure == 0 and len(titles) > 1:
                ax.set_title(title, loc="left", fontweight="bold", color=INK, fontsize="medium")
    for ax in grid.ravel():
        ax.set_visible(ax in used)
    for measure in range(measures):
        _same_scale(used[measure::measures], "y")
    _legend(figure, max(used, key=lambda ax: len(ax.get_legend_handles_labels()[0])))
    return used


def _same_scale(axes: Sequence[Axes], side: str) -> None:
    """The widest limits for all panels, also below each other, where each keeps its own tick labels."""
    limits = [getattr(ax, f"get_{side}lim")() for ax in axes]
    low, high = min(min(pair) for pair in limits), max(max(pair) for pair in limits)
    backwards = limits[0][0] > limits[0][1]
    for ax in axes:
        getattr(ax, f"set_{side}lim")(*((high, low) if backwards else (low, high)))


def _legend(figure: Figure, fullest: Axes) -> None:
    """One legend for all panels, above them; the figure grows with a long one, so that the panels do not shrink."""
    handles, labels = fullest.get_legend_handles_labels()
    if len(handles) > 1:
        across = 1 if float(figure.get_figwidth()) < HALF_INCHES else ACROSS
        wrapped = [fill(label, _LABEL_CHARACTERS) for label in labels]
        beside = [wrapped[first : first + across] for first in range(0, len(wrapped), across)]
        lines = sum(max(label.count("\n") for label in row) + 1 for row in beside)
        figure.set_figheight(float(figure.get_figheight()) + _LINE * max(lines - _LINES_WITHIN, 0))
        figure.legend(
            handles,
            wrapped,
            loc="outside upper left",
            ncols=across,
            frameon=False,
            fontsize=SMALL,
            labelcolor=INK,
            handlelength=3.2,
        )


def columns(count: int, width: float, across: int = ACROSS) -> int:
    """Panels side by side in a figure `width` inches wide."""
    return 1 if width < HALF_INCHES else max(min(count, across, ACROSS), 1)


def panels_height(count: int, width: float, across: int = ACROSS, panel: float = _PANEL_HEIGHT) -> float:
    """Height in inches that `count` panels of height `panel` need in a figure `width` inches wide."""
    return _TITLE + panel * math.ceil(count / columns(count, width, across))
