"""How early does a number foretell renewal? Areas under the curve from far before the decision to its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.report.style import INK, PAPER, SMALL, arm_style, new_axes, quiet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_STYLES: Final = {"experience": arm_style(0), "outcome": arm_style(1)}
LABELS: Final = {
    (False, "experience"): "true experience",
    (False, "outcome"): "true outcome",
    (True, "experience"): "survey answer",
    (True, "outcome"): "outcome reading",
}
_APART_MONTHS = 0.22


def lead_time(points: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Lines for experience and outcome, true (filled) and observed (hollow); time runs to the decision at the right.

    `points`: columns series (experience or outcome), observed (bool), months (before the decision), mean, low, high.
    """
    ax = quiet(new_axes(ax))
    ax.axhline(0.5, color=INK, linewidth=0.9)
    for place, ((observed, series), rows) in enumerate(points.groupby(["observed", "series"], sort=False)):
        _line(ax, rows.sort_values("months"), str(series), bool(observed), _APART_MONTHS * (place - 1.5))
    months = sorted(set(points["months"]))
    ax.set_xlim(max(months) + 1.2, min(months) - 1.2)
    ax.set_xticks(months, [f"{month:.0f}" for month in months])
    low, high = min(0.4, float(points["mean"].min()) - 0.05), max(0.9, float(points["mean"].max()) + 0.05)
    ax.set_ylim(max(low, 0.0), min(high, 1.0))
    ax.set_xlabel("months before the decision", fontsize=SMALL)
    return ax


def _line(ax: Axes, rows: pd.DataFrame, series: str, observed: bool, shift: float) -> None:
    style = _STYLES[series]
    x, mean = rows["months"].to_numpy() + shift, rows["mean"].to_numpy()
    ax.vlines(x, rows["low"].to_numpy(), rows["high"].to_numpy(), color=style.colour, linewidth=1.2, alpha=0.55)
    ax.plot(
        x,
        mean,
        color=style.colour,
        linestyle=(0, (2, 2)) if observed else "-",
        linewidth=1.1 if observed else 1.9,
        marker=style.marker,
        markersize=5.5,
        markerfacecolor=PAPER if observed else style.colour,
        markeredgewidth=1.3,
        label=LABELS[observed, series],
    )
