"""From which month on does a series forget how it began? Its mean, the moving average, and where it is cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.report.numbers import NOT_REACHED
from sim.report.style import INK, PAPER, SMALL, arm_style, new_axes, number_ticks, quiet
from sim.report.wording import words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SAID: Final = {"not_reached": NOT_REACHED, "too_short": "too few readings"}
_YEAR = 12
_TICKS = 5
_MARGIN, _HEADROOM = 0.08, 0.16
"""Of the height: below the lines and, for each line of words, above them."""
_MOST_NAMED = 2
_DASH = 3.0


def settling(
    course: pd.DataFrame,
    settled: pd.DataFrame,
    arms: Sequence[str] = (),
    unit: str = "",
    ax: Axes | None = None,
    beside: pd.DataFrame | None = None,
) -> Axes:
    """Per arm a pale line (mean over replications), a bold one (moving average) and a dashed one at the truncation.

    `course`, `settled`: rows of `steady_course.parquet` and `steady_state.parquet` of one series and context. Arms that
    have not settled are named in words. `beside`: the course in all panels that share the scale.
    """
    order = list(arms) or list(dict.fromkeys(course["arm"]))
    ax = quiet(new_axes(ax))
    present = [arm for arm in order if (course["arm"] == arm).any()]
    for arm in present:
        _line(ax, course[course["arm"] == arm], order.index(arm), words(arm))
    for turn, row in enumerate(settled[settled["month"].notna()].to_dict("records")):
        _cut(ax, float(row["month"]), order.index(row["arm"]), turn, len(present))
    said = _sentences(settled, len(present))
    _frame(ax, course if beside is None else beside, len(said))
    if said:
        box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1.5}
        place = ax.text(0.985, 0.97, "\n".join(said), transform=ax.transAxes, ha="right", va="top", bbox=box)
        place.set(color=INK, fontsize=SMALL)
    ax.set_ylabel(unit, fontsize=SMALL, color=INK)
    return ax


def _line(ax: Axes, rows: pd.DataFrame, position: int, label: str) -> None:
    from matplotlib.lines import Line2D

    style = arm_style(position)
    months = rows["month"].to_numpy()
    ax.add_artist(Line2D(months, rows["mean"].to_numpy(), color=style.colour, linewidth=0.8, alpha=0.4))
    ax.plot(
        months,
        rows["smooth"].to_numpy(),
        color=style.colour,
        linestyle=style.dash,
        linewidth=1.8,
        marker=style.marker,
        markevery=(0.06 + 0.03 * (position % 3), 0.15),
        markersize=5.0,
        label=label,
    )


def _cut(ax: Axes, month: float, position: int, turn: int, lines: int) -> None:
    """Cuts in the same month take turns along the line."""
    gaps = (_DASH, _DASH * max(lines - 1, 1))
    ax.axvline(month, color=arm_style(position).colour, linestyle=(_DASH * turn, gaps), linewidth=1.6)


def _sentences(settled: pd.DataFrame, lines: int) -> list[str]:
    """Who has not settled, a line for each reason."""
    found = []
    for word, text in SAID.items():
        names = [words(str(arm)) for arm in settled.loc[settled["word"] == word, "arm"]]
        whom = ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} arms of {lines}"
        found += [text if lines == 1 else f"{text}: {whom}"] if names else []
    return found


def _frame(ax: Axes, course: pd.DataFrame, said: int) -> None:
    """Room for the moving averages, for single months but the wildest hundredth, and for the words above them."""
    seen = np.r_[course["smooth"].to_numpy(float), np.quantile(course["mean"].to_numpy(float), (0.01, 0.99))]
    low, high, last = float(seen.min()), float(seen.max()), float(course["month"].max())
    ax.update_datalim([(0.0, low), (last, high + _HEADROOM * said * (high - low))])
    ax.margins(y=_MARGIN)
    ax.autoscale_view(scalex=False)
    ax.set_xlim(0, 1.02 * last)
    ax.set_xticks(range(0, int(last) + 1, _YEAR * max(1, round(last / _YEAR / _TICKS))))
    number_ticks(ax.yaxis, 5)
