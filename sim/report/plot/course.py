"""How something develops over time: one line per arm, hollow marks for what is reported of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.report.style import INK, MUTED, PAPER, SMALL, arm_style, new_axes, number_ticks, quiet
from sim.report.wording import words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

YEAR = 12
_MARKED = 14
"""A line with more points is marked once a year, and its interval is a band."""


def course(
    points: pd.DataFrame,
    arms: Sequence[str] = (),
    unit: str = "",
    level: float | None = None,
    last: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Lines over months with 95 % intervals; `level` is a line of reference such as 0 or 100,
    `last` the month where the axis ends.

    `points`: columns arm, months, mean, low, high, and `reported` (bool) where a score stands beside its
    truth: what is reported is drawn with hollow marks and no line. `arms` is the order that decides the styles.
    """
    order = list(arms) or list(dict.fromkeys(points["arm"]))
    ax = quiet(new_axes(ax))
    if level is not None:
        ax.axhline(level, color=MUTED, linewidth=0.9)
    reported = points["reported"] if "reported" in points else points["arm"] != points["arm"]
    for position, arm in enumerate(order):
        for hollow in (False, True):
            rows = points[(points["arm"] == arm) & (reported == hollow) & points["mean"].notna()]
            if len(rows):
                _line(ax, rows, position, words(arm) + (", as reported" if hollow else ""), hollow)
    _frame(ax, float(points["months"].max()) if last is None else last, unit)
    return ax


def _line(ax: Axes, rows: pd.DataFrame, position: int, label: str, hollow: bool) -> None:
    style = arm_style(position)
    x, mean, low, high = (rows[name].to_numpy() for name in ("months", "mean", "low", "high"))
    many = len(rows) > _MARKED
    if many:
        ax.fill_between(x, low, high, color=style.colour, alpha=0.16, linewidth=0)
    else:
        shift = 1.1 if hollow else -1.1
        x = x + shift * (position + 0.5)
        ax.vlines(x, low, high, color=style.colour, linewidth=1.2, alpha=0.7)
    ax.plot(
        x,
        mean,
        color=style.colour,
        linestyle="" if hollow else style.dash,
        linewidth=1.8,
        marker=style.marker,
        markevery=[i for i, month in enumerate(x) if month % YEAR == 0] if many else None,
        markersize=5.5,
        markerfacecolor=PAPER if hollow else style.colour,
        markeredgewidth=1.3,
        label=label,
    )


def _frame(ax: Axes, last: float, unit: str) -> None:
    ax.set_xlim(0, last + 3)
    ax.set_xticks(range(0, int(last) + 1, YEAR if last >= 2 * YEAR else 3))
    ax.margins(y=0.12)
    number_ticks(ax.yaxis, 5)
    ax.set_ylabel(unit, fontsize=SMALL, color=INK)
