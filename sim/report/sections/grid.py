"""A panel for every arm and context, arms below each other: the layout several figures share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.report.plot.panels import ACROSS, panels, panels_height
from sim.report.style import NARROW_INCHES, WIDE_INCHES
from sim.report.wording import context_words, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from sim.report.result import Place, Result

MOST = 6
"""Panels drawn; the tables have all."""


class Grid(NamedTuple):
    """What a Figure needs to draw the panels."""

    draw: Callable[[Canvas], Any]
    wide: tuple[float, float]
    narrow: tuple[float, float]


def titles(result: Result, places: Sequence[Place]) -> list[str]:
    """Context and arm on two lines, each only where there are several."""
    several_contexts, several_arms = len({p.context for p in places}) > 1, len({p.arm for p in places}) > 1
    found = []
    for place in places:
        parts = [context_words(place.context)] if several_contexts else []
        parts += [words(place.arm)] if several_arms or not parts else []
        found.append("\n".join(parts))
    return found


def grid(result: Result, places: Sequence[Place], tall: float, plot: Callable[[Axes, Place], object]) -> Grid:
    """`plot(ax, place)` for every place; as many panels side by side as there are contexts, two for one context."""
    contexts = len({place.context for place in places})
    across = contexts if 1 < contexts <= ACROSS else 2
    heads = titles(result, places)
    tall += 0.14 * max((head.count("\n") for head in heads), default=0)

    def draw(canvas: Canvas) -> None:
        panels(canvas, heads, lambda ax, position: plot(ax, places[position]), across)

    return Grid(
        draw,
        (WIDE_INCHES, panels_height(len(places), WIDE_INCHES, across, tall)),
        (NARROW_INCHES, panels_height(len(places), NARROW_INCHES, across, tall)),
    )
