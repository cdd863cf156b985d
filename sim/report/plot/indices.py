"""Which key matters how much? One line per key, a mark per index with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.style import INK, PAPER, SMALL, arm_style, new_axes, number_ticks, quiet
from sim.report.wording import words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_APART = 0.22


def indices(rows: pd.DataFrame, unit: str = "", ax: Axes | None = None) -> Axes:
    """`rows`: rows of `sensitivity.parquet` of one arm, keys from top to bottom with the most telling first.

    The first index of a key is a filled mark, the second a hollow one; vertical line at zero.
    """
    keys, names = list(dict.fromkeys(rows["key"])), list(dict.fromkeys(rows["measure"]))
    ax = quiet(new_axes(ax, height=indices_height(len(keys))), grid="x")
    ax.axvline(0.0, color=INK, linewidth=1.0)
    for place, name in enumerate(names):
        own = rows[rows["measure"] == name].set_index("key").reindex(keys)
        style = arm_style(place)
        y = -np.arange(len(keys)) + _APART * ((len(names) - 1) / 2.0 - place)
        ax.hlines(y, own["low"].to_numpy(), own["high"].to_numpy(), color=style.colour, linewidth=1.8)
        ax.plot(
            own["value"].to_numpy(),
            y,
            color=style.colour,
            linestyle="",
            marker=style.marker,
            markerfacecolor=style.colour if place == 0 else PAPER,
            markeredgewidth=1.4,
            markersize=6.0,
            label=words(str(name)),
        )
    ax.set_yticks([-place for place in range(len(keys))], [words(str(key).rpartition(".")[2]) for key in keys])
    ax.tick_params(axis="y", labelcolor=INK)
    ax.set_ylim(-len(keys) + 0.4, 0.6)
    ax.margins(x=0.08)
    number_ticks(ax.xaxis, 5)
    ax.set_xlabel(unit, fontsize=SMALL)
    return ax


def indices_height(keys: int) -> float:
    """Height in inches of a panel with so many keys."""
    return 0.9 + 0.36 * keys
