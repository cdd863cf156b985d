"""Does each thesis hold, and where? One panel per claim, since claims differ in their unit; one line per context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from sim.report.plot.differences import differences, row_height
from sim.report.style import INK, is_narrow
from sim.report.wording import Finding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TITLE = 0.45
_LETTERS = 88
_FEW_LETTERS = 42
"""Letters of a title that fit side by side on a desk and on a phone."""


def claims(
    figure: Figure, findings: Mapping[str, Sequence[Finding]], said: Mapping[str, Sequence[str]], arms: Sequence[str]
) -> None:
    """`findings` and the words `said` of them, by the claim's title; `arms` is the order that decides the styles."""
    heights = [row_height(len(rows)) for rows in findings.values()]
    grid = figure.subplots(len(heights), 1, squeeze=False, height_ratios=heights).ravel()
    for ax, (title, rows) in zip(grid, findings.items(), strict=True):
        differences(rows, arms=arms, ax=ax, said=said[title])
        lines = fill(title, _FEW_LETTERS if is_narrow(ax) else _LETTERS)
        ax.set_title(lines, loc="left", fontweight="bold", color=INK, fontsize="medium", pad=16)


def claims_height(rows: Sequence[int]) -> float:
    """Height in inches of a figure whose panels have these numbers of lines."""
    return sum(row_height(count) + _TITLE for count in rows)
