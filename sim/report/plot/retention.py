"""How many customers are still there? Kaplan-Meier curves over tenure, one per arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.style import INK, SMALL, arm_style, new_axes, quiet
from sim.report.wording import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

YEAR = 12
_VISIBLE = 0.001


def retention(
    curves: pd.DataFrame,
    arms: Sequence[str] = (),
    ax: Axes | None = None,
    legend: bool = True,
    last: float | None = None,
) -> Axes:
    """Step curves with their 95 % bands.

    `curves`: columns arm, months, share, low, high (shares in [0, 1]; low and high may be nan). `arms` is
    the order that decides the styles, `last` the month where the axis ends.
    """
    order = list(arms) or list(dict.fromkeys(curves["arm"]))
    ax = quiet(new_axes(ax))
    for position, arm in enumerate(order):
        rows = _moved(curves[(curves["arm"] == arm) & curves["share"].notna()])
        if len(rows):
            _curve(ax, rows, arm, position)
    _frame(ax, float(curves["months"].max()) if last is None else last)
    if legend:
        _legend(ax)
    return ax


def _moved(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows at which something moves visibly, the first and the last: a step needs no more."""
    values, kept = rows[["share", "low", "high"]].to_numpy(), [0]
    for place in range(1, len(rows)):
        marked = rows["months"].iloc[place] % YEAR == YEAR / 2
        apart = values[place] - values[kept[-1]]
        if marked or place == len(rows) - 1 or not (abs(apart) <= _VISIBLE).all():
            kept.append(place)
    return rows.iloc[kept] if len(rows) else rows


def _curve(ax: Axes, rows: pd.DataFrame, arm: str, position: int) -> None:
    style = arm_style(position)
    months, share = rows["months"].to_numpy(), 100.0 * rows["share"].to_numpy()
    low, high = 100.0 * rows["low"].to_numpy(), 100.0 * rows["high"].to_numpy()
    ax.fill_between(months, low, high, step="post", color=style.colour, alpha=0.16, linewidth=0)
    ax.plot(
        months,
        share,
        drawstyle="steps-post",
        color=style.colour,
        linestyle=style.dash,
        linewidth=1.8,
        marker=style.marker,
        markevery=[i for i, month in enumerate(months) if month > 0 and month % YEAR == 6],
        markersize=5.5,
        label=words(arm),
    )


def _frame(ax: Axes, last: float) -> None:
    step = YEAR if last >= 2 * YEAR else max(1, round(last / 4))
    ax.set_xticks(range(0, int(last) + 1, step))
    ax.set_xlim(0, max(last, 1.0))
    ax.set_ylim(0, 103)
    ax.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"])
    ax.set_xlabel("months of tenure", fontsize=SMALL)


def _legend(ax: Axes) -> None:
    ax.legend(loc="best", frameon=False, fontsize=SMALL, labelcolor=INK, handlelength=3.2)
