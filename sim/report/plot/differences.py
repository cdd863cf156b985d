"""Which arm does better, and in which context? One line per context and arm."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sim.report.findings import findings
from sim.report.style import BAND, INK, MUTED, PAPER, SMALL, arm_style, is_narrow, new_axes, number_ticks, quiet
from sim.report.wording import Finding, amount, metric_words, place_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_BAND_HALF = 0.2
_ABOVE = 0.27
_NARROW_CHARACTERS, _WIDE_CHARACTERS = 40, 92
"""Of both labels above an interval."""
_LONGEST_CUE = 30


def differences(
    comparison: pd.DataFrame | Sequence[Finding],
    metric: str = "net_cash_per_candidate",
    currency: str = "",
    arms: Sequence[str] = (),
    ax: Axes | None = None,
    said: Sequence[str] = (),
) -> Axes:
    """Differences with 95 % intervals, zero line and margin band, from top to bottom.

    `comparison`: the comparison table (of which `metric` is drawn) or findings of one metric. `arms` is the
    order that decides the styles (default: as they occur), `said` a word for each line (default: its verdict).
    A filled marker is better or worse, a hollow one neither.
    """
    rows = list(comparison) if isinstance(comparison, Sequence) else findings(comparison, metric, currency)
    order = list(arms) or list(dict.fromkeys(f.arm for f in rows))
    ax = quiet(new_axes(ax, height=row_height(len(rows))), grid="x")
    several = len({f.arm for f in rows}) > 1
    for row, finding in enumerate(rows):
        _band(ax, finding, -row)
        _interval(ax, finding, -row, order.index(finding.arm))
        _labels(ax, finding, -row, several, said[row] if said else finding.worded)
    _frame(ax, rows)
    return ax


def row_height(rows: int) -> float:
    """Height in inches of a figure with `rows` rows."""
    return 0.95 + 0.58 * rows


def _band(ax: Axes, f: Finding, y: float) -> None:
    if f.margin > 0.0:
        half = f.margin * f.unit.factor
        ax.fill_betweenx([y - _BAND_HALF, y + _BAND_HALF], -half, half, color=BAND, linewidth=0, zorder=0.5)


def _interval(ax: Axes, f: Finding, y: float, position: int) -> None:
    style = arm_style(position)
    if f.has_interval:
        ends = [f.low * f.unit.factor, f.high * f.unit.factor]
        ax.plot(ends, [y, y], color=style.colour, linewidth=2.4, solid_capstyle="butt", zorder=2)
        ax.plot(ends, [y, y], color=style.colour, linestyle="", marker="|", markersize=8, zorder=2)
    decided = f.worded in ("better", "worse")
    ax.plot(
        [f.difference * f.unit.factor],
        [y],
        color=style.colour,
        marker=style.marker,
        markersize=7.5,
        markerfacecolor=style.colour if decided else "white",
        markeredgewidth=1.7,
        zorder=3,
    )


def _labels(ax: Axes, f: Finding, y: float, several: bool, word: str) -> None:
    left = place_words(f.context, f.arm if several or f.context == "-" else "")
    across = ax.get_yaxis_transform()
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}
    paper: dict[str, Any] = {"bbox": box, "transform": across, "va": "bottom", "color": INK}
    right = word.replace("-", " ")
    if not is_narrow(ax):
        right = f"{amount(f, bare=True)}  \N{EM DASH}  {right}"
    room = (_NARROW_CHARACTERS if is_narrow(ax) else _WIDE_CHARACTERS) - len(right)
    size: dict[str, Any] = {} if len(left) <= room else {"fontsize": SMALL, "linespacing": 1.0}
    ax.text(0, y + _ABOVE, _in_two_lines(left, room), ha="left", fontweight="bold", **size, **paper)
    ax.text(1, y + _ABOVE, right, ha="right", **paper)


def _in_two_lines(text: str, room: int) -> str:
    """What fits above an interval; the table beside the figure has the whole name."""
    lines = wrap(text, room, max_lines=2, placeholder="\N{HORIZONTAL ELLIPSIS}")
    return "\n".join(lines)


def _frame(ax: Axes, findings: Sequence[Finding]) -> None:
    ax.axvline(0.0, color=INK, linewidth=1.0, zorder=1)
    ax.set_ylim(-len(findings) + 0.55, 0.78)
    ax.set_yticks([])
    ax.margins(x=0.06)
    first = findings[0]
    number_ticks(ax.xaxis, 5 if is_narrow(ax) else 7)
    name = first.unit.of_distance.name
    unit = f", {name}" if name else ""
    ax.set_xlabel(f"difference in {metric_words(first.metric)}{unit}", fontsize=SMALL)
    _cues(ax, words(first.baseline))


def _cues(ax: Axes, baseline: str) -> None:
    """Which side of zero means what."""
    about = "" if is_narrow(ax) or len(baseline) > _LONGEST_CUE else f" than {baseline}"
    look: dict[str, Any] = {"transform": ax.transAxes, "va": "bottom", "color": MUTED, "fontsize": SMALL}
    ax.text(0.0, 1.0, f"\N{LEFTWARDS ARROW} less{about}", ha="left", **look)
    ax.text(1.0, 1.0, f"more{about} \N{RIGHTWARDS ARROW}", ha="right", **look)
