"""Where the answer flips: over one number of the world or market, the weight of experience above all."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from sim.report.blocks import Figure, Section, Table
from sim.report.levels import Row
from sim.report.numbers import Unit, plain, shown, span, unit_of
from sim.report.plot.frontier import frontier
from sim.report.plot.panels import MOST_PANELS, columns, stacked
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
    "Below, on its own scale: how much better true experience foretells renewal than true outcome, where it was "
    "measured. Vertical lines: 95 % intervals."
)


def section(result: Result) -> Section | None:
    """A column for each group of contexts that differ in one number alone, the number with most levels; None with
    fewer than three levels."""
    points, flips = result.extra("frontier"), result.extra("flips")
    if points is None or flips is None or points.empty:
        return None
    key = str(points["key"].iloc[0])
    points, flips = points[points["key"] == key], flips[flips["key"] == key]
    levels = points.groupby("context", sort=False)["level"].nunique()
    groups = [str(name) for name, count in levels.items() if count >= FEWEST]
    if not groups:
        return None
    points, flips = points[points["context"].isin(groups)], flips[flips["context"].isin(groups)]
    quantities, axis, drawn = list(dict.fromkeys(points["quantity"])), _named(key), groups[:MOST_PANELS]

    def panel(ax: Axes, position: int, measure: int) -> None:
        name = quantities[measure]
        rows, turns = (
            table[(table["quantity"] == name) & (table["context"] == drawn[position])] for table in (points, flips)
        )
        frontier(rows, turns, result.arms, _axis(result, name), ax)
        if measure == len(quantities) - 1:
            ax.set_xlabel(axis, fontsize=SMALL)
            ax.tick_params(labelbottom=True)

    def height(width: float) -> float:
        return 0.6 + _PANEL * len(quantities) * ceil(len(drawn) / columns(len(drawn), width))

    titles = [words(name) for name in drawn] if len(drawn) > 1 else [""]
    figure = Figure(
        name="frontier",
        question=f"At which {axis} does the answer flip?",
        reading=_READING,
        alt=_alt(result, flips),
        draw=lambda canvas: stacked(canvas, titles, len(quantities), panel),
        table=_table(result, points, flips),
        wide=(WIDE_INCHES, height(WIDE_INCHES)),
        narrow=(NARROW_INCHES, height(NARROW_INCHES)),
    )
    return Section("frontier", "Where the answer flips", [figure])


def _named(key: str) -> str:
    """The number in words: its own name, and of which part where that is needed."""
    return NAMES.get(key, words(key.rpartition(".")[2]))


def _axis(result: Result, quantity: str) -> str:
    if quantity == GAP:
        return "predictive gap, AUC\nexperience minus outcome"
    return f"difference,\n{result.unit(quantity).of_distance.name}".rstrip(",\n")


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
    several = flips["context"].nunique() > 1
    said = [
        f"{_line_name(r['quantity'], r['arm'], r['context'] if several else '')}: {_turn(r)}"
        for r in flips.to_dict("records")
    ]
    return f"Lines over one number; where they cross zero, with 95 % intervals. {'; '.join(said)}."


def _line_name(quantity: object, arm: object, setting: object) -> str:
    """The quantity, the arm, and the setting if there is one to name."""
    named = [metric_words(str(quantity)), words(str(arm))]
    return ", ".join([*named, words(str(setting))] if setting else named)


def _table(result: Result, points: pd.DataFrame, flips: pd.DataFrame) -> Table:
    shares, several = sorted(set(points["level"])), points["context"].nunique() > 1
    turns = {(row["context"], row["quantity"], row["arm"]): _turn(row) for row in flips.to_dict("records")}
    rows = []
    for (context, quantity, arm), line in points.groupby(["context", "quantity", "arm"], sort=False):
        at = {row["level"]: row for row in line.to_dict("records")}
        unit = _unit(result, str(quantity))
        name = "\n".join(_line_name(quantity, arm, context if several else "").split(", ", 1))
        cells = (_cell(at.get(share), unit) for share in shares)
        rows.append((name, *cells, turns.get((context, quantity, arm), "")))
    columns = ("quantity", *(plain(share, 2) for share in shares), "turns at")
    axis = _named(str(points["key"].iloc[0]))
    caption = f"Difference to the baseline, or gap of the arm itself, by {axis}, with 95 % intervals"
    return Table("frontier", caption, columns, tuple(rows), numeric=tuple(range(1, len(columns))), frame=points)


def _cell(row: Row | None, unit: Unit) -> str:
    if row is None:
        return ""
    half = (row["high"] - row["low"]) / 2.0
    return f"{shown(row['value'], unit, half, signed=True)}\n{span(row['low'], row['high'], unit)}"
