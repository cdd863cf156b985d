"""Who wins where? The points of a design over two of its keys, and the box in which an arm wins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.report.style import INK, MUTED, PAPER, RULE, SMALL, arm_style, is_narrow, new_axes, number_ticks, quiet
from sim.report.wording import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARGIN = 0.04
_UNDECIDED, _ALIKE = "undecided", "practically equal"


class Axis(NamedTuple):
    """One of the two keys."""

    name: str
    values: Sequence[float]
    ticks: Sequence[str] = ()
    """Words of a key that takes words."""


class Box(NamedTuple):
    """Conditions of one winner on the two keys, infinite where free."""

    winner: str
    x: tuple[float, float]
    y: tuple[float, float]


def points(
    x: Axis, y: Axis, winners: Sequence[str], boxes: Sequence[Box], arms: Sequence[str], ax: Axes | None = None
) -> Axes:
    """A marker per point in the style of the arm that clearly wins there; hollow where nobody does.

    `winners`: per point an arm, `undecided` or `practically equal`. A box is drawn in its winner's colour.
    """
    ax = quiet(new_axes(ax, height=3.6))
    ax.grid(axis="x", color=RULE, linewidth=0.7)
    size = 6.0 if is_narrow(ax) else 7.0
    told = np.array(list(winners))
    known = [*(arm for arm in arms if arm in set(told)), *(word for word in (_ALIKE, _UNDECIDED) if word in set(told))]
    places = np.array(x.values, float), np.array(y.values, float)
    for word in known:
        here = told == word
        hollow = word in (_ALIKE, _UNDECIDED)
        style = arm_style(list(arms).index(word)) if not hollow else None
        ax.plot(
            places[0][here],
            places[1][here],
            linestyle="",
            marker=style.marker if style else "o" if word == _UNDECIDED else "x",
            color=style.colour if style else MUTED,
            markerfacecolor=style.colour if style else PAPER,
            markeredgewidth=1.3,
            markersize=size if style else size - 1.5,
            label=f"{words(word)} wins" if style else word,
            zorder=3,
        )
    limits = [_limits(axis) for axis in (x, y)]
    for box in boxes:
        _draw(ax, box, limits, arm_style(list(arms).index(box.winner)).colour)
    for side, axis, ends in (("x", x, limits[0]), ("y", y, limits[1])):
        _scale(ax, side, axis, ends)
    return ax


def _limits(axis: Axis) -> tuple[float, float]:
    low, high = min(axis.values), max(axis.values)
    room = _MARGIN * ((high - low) or 1.0)
    return low - room, high + room


def _draw(ax: Axes, box: Box, limits: list[tuple[float, float]], colour: str) -> None:
    from matplotlib.patches import Rectangle

    (left, right), (bottom, top) = (
        (max(a[0], b[0]), min(a[1], b[1])) for a, b in zip((box.x, box.y), limits, strict=True)
    )
    shape = Rectangle((left, bottom), right - left, top - bottom)
    shape.set(facecolor=colour, alpha=0.12, edgecolor="none", zorder=0.5)
    ax.add_patch(shape)
    edge = Rectangle((left, bottom), right - left, top - bottom)
    edge.set(fill=False, edgecolor=colour, linewidth=1.3, linestyle=(0, (4, 2)), zorder=0.6)
    ax.add_patch(edge)


def _scale(ax: Axes, side: str, axis: Axis, ends: tuple[float, float]) -> None:
    getattr(ax, f"set_{side}lim")(*ends)
    if axis.ticks:
        getattr(ax, f"set_{side}ticks")(range(len(axis.ticks)), list(axis.ticks))
    else:
        number_ticks(getattr(ax, f"{side}axis"), 5)
    getattr(ax, f"set_{side}label")(axis.name, fontsize=SMALL, color=INK)
