"""Where the answer flips: over one number of the world or market, the weight of experience above all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.report.blocks import Figure, Section, Table
from sim.report.levels import Row
from sim.report.numbers import Unit, plain, shown, span, unit_of
from sim.report.plot.frontier import frontier
from sim.report.plot.panels import stacked
from sim.report.style import NARROW_INCHES, SMALL, WIDE_INCHES
from sim.report.wording import metric_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Result

GAP: Final = "predictive_gap"
FEWEST: Final = 3
"""With fewer levels a turning point is a straight line's guess and is not drawn."""
NAMES: Final = {"world.share_experience": "weight of experience"}
"""Names that the key alone does not tell."""
_PANEL = 2.3
_READING = (
    "From left to right the same setting with one number raised. Above: the difference in the decision metric to the "
    "baseline; the dotted line is where it turns, the grey band the levels at which it cannot be told from zero. "
    "Below, on its own scale: how much better true experience foretells renewal than true outcome. Vertical lines: "
    "95 % intervals."
)


def section(result: Result) -> Section | None:
    """Panels of the first group of contexts that differ in one number alone; None with fewer than three levels."""
    points, flips = result.extra("frontier"), result.extra("flips")
    if points is None or flips is None or points.empty:
        return None
    group = str(points["context"].iloc[0])
    points, flips = points[points["context"] == group], flips[flips["context"] == group]
    if points["level"].nunique() < FEWEST:
        return None
    quantities, axis = list(dict.fromkeys(points["quantity"])), _named(str(points["key"].iloc[0]))

    def panel(ax: Axes, _: int, measure: int) -> None:
        name = quantities[measure]
        rows, turns = points[points["quantity"] == name], flips[flips["quantity"] == name]
        frontier(rows, turns, result.arms, _axis(result, name), ax)
        if measure == len(quantities) - 1:
            ax.set_xlabel(axis, fontsize=SMALL)

    figure = Figure(
        name="frontier",
        question=f"At which {axis} does the answer flip?",
        reading=_READING,
        alt=_alt(result, flips),
        draw=lambda canvas: stacked(canvas, [""], len(quantities), panel),
        table=_table(result, points, flips),
        wide=(WIDE_INCHES, 0.6 + _PANEL * len(quantities)),
        narrow=(NARROW_INCHES, 0.6 + _PANEL * len(quantities)),
    )
    return Section("frontier", "Where the answer flips", [figure])


def _named(key: str) -> str:
    """The number in words: its own name, and of which part where that is needed."""
    return NAMES.get(key, words(key.rpartition(".")[2]))


def _axis(result: Result, quantity: str) -> str:
    if quantity == GAP:
        return "predictive gap, AUC\nexperience minus outcome"
    return f"difference,\n{result.unit(quantity).name}".rstrip(",\n")


def _unit(result: Result, quantity: str) -> Unit:
    return unit_of("AUC", "") if quantity == GAP else result.unit(quantity)


def _turn(row: Row) -> str:
    """Where it crosses zero, and between which levels it cannot be told from zero."""
    at, low, high = (float(row[name]) for name in ("level", "low", "high"))
    if at != at:
        return "no turning point on this grid"
    ends = f" ({plain(low, 2)} to {plain(high, 2)})" if low == low else ""
    return f"{plain(at, 2)}{ends}"


def _alt(result: Result, flips: pd.DataFrame) -> str:
    said = [f"{metric_words(str(r['quantity']))}, {words(str(r['arm']))}: {_turn(r)}" for r in flips.to_dict("records")]
    return f"Lines over one number; where they cross zero, with 95 % intervals. {'; '.join(said)}."


def _table(result: Result, points: pd.DataFrame, flips: pd.DataFrame) -> Table:
    shares = sorted(set(points["level"]))
    turns = {(row["quantity"], row["arm"]): _turn(row) for row in flips.to_dict("records")}
    rows = []
    for (quantity, arm), line in points.groupby(["quantity", "arm"], sort=False):
        at = {row["level"]: row for row in line.to_dict("records")}
        unit = _unit(result, str(quantity))
        name = f"{metric_words(str(quantity))}\n{words(str(arm))}"
        cells = (_cell(at.get(share), unit) for share in shares)
        rows.append((name, *cells, turns.get((quantity, arm), "")))
    columns = ("quantity", *(plain(share, 2) for share in shares), "turns at")
    axis = _named(str(points["key"].iloc[0]))
    caption = f"Difference to the baseline, or gap of the arm itself, by {axis}, with 95 % intervals"
    return Table("frontier", caption, columns, tuple(rows), numeric=tuple(range(1, len(columns))), frame=points)


def _cell(row: Row | None, unit: Unit) -> str:
    if row is None:
        return ""
    half = (row["high"] - row["low"]) / 2.0
    return f"{shown(row['value'], unit, half, signed=True)}\n{span(row['low'], row['high'], unit)}"
