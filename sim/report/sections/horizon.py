"""With how much patience the order turns: the difference to the baseline after one year, two, three."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.report.blocks import Block, Figure, Note, Section, Table
from sim.report.levels import Row
from sim.report.numbers import plain, shown, span
from sim.report.plot.frontier import frontier
from sim.report.plot.panels import MOST_PANELS, panels, panels_height
from sim.report.style import NARROW_INCHES, SMALL, WIDE_INCHES
from sim.report.wording import context_quoted, context_words, listed, metric_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Result

_READING: Final = (
    "Each line is an arm's difference to the baseline in {metric} for the same candidates, each followed only so long, "
    "with 95 % intervals. Dotted: where the order turns; grey: the months at which it cannot be told from zero."
)
_COLUMNS: Final = ("metric", "arm", "context", "turns after", "95 % interval", "at first", "at last", "turns")


def section(result: Result) -> Section | None:
    """A sentence, a panel per context, a table; None where no metric was read at several tenures."""
    points, turns = result.extra("horizon_profile"), result.extra("horizon_flips")
    if points is None or turns is None or points.empty:
        return None
    metric = str(points["metric"].iloc[0])
    drawn, own = points[points["metric"] == metric], turns[turns["metric"] == metric]
    contexts = list(dict.fromkeys(drawn["context"]))[:MOST_PANELS]
    unit = result.unit(f"{metric}_12").of_distance.name

    def panel(ax: Axes, position: int) -> None:
        here = drawn[drawn["context"] == contexts[position]]
        frontier(here, own[own["context"] == contexts[position]], result.arms, f"difference, {unit}".rstrip(", "), ax)
        ax.set_xticks(sorted(set(here["level"])))
        ax.set_xlabel("months that candidates are followed", fontsize=SMALL)

    titles = [context_words(name) for name in contexts]
    figure = Figure(
        name="horizon",
        question="From which year is the order the other way round?",
        reading=_READING.format(metric=_named(metric)),
        alt=_alt(own),
        draw=lambda canvas: panels(canvas, titles, panel),
        table=_table(result, points, turns),
        wide=(WIDE_INCHES, panels_height(len(contexts), WIDE_INCHES)),
        narrow=(NARROW_INCHES, panels_height(len(contexts), NARROW_INCHES)),
    )
    blocks: list[Block] = [Note(_lead(own), "lead"), figure]
    return Section("horizon", "With how much patience", blocks)


def _lead(turns: pd.DataFrame) -> str:
    """Which orders clearly turn."""
    clear = turns[turns["word"] == "clear"].to_dict("records")
    if not clear:
        return "No order of two arms clearly turns with the time that candidates are followed."
    said = [f"{words(str(row['arm']))} in {context_quoted(str(row['context']))} after {_turn(row)}" for row in clear]
    ways = {str(row["last"]) for row in clear}
    how = {"ahead": "Behind at first and ahead at last", "behind": "Ahead at first and behind at last"}
    return f"{how[ways.pop()] if len(ways) == 1 else 'The order turns'}: {listed(said)}."


def _named(stem: str) -> str:
    """`net_cash_by` is `net cash`: the months stand on the axis."""
    return metric_words(stem.removesuffix("_by"))


def _turn(row: Row) -> str:
    return f"{plain(float(row['level']), 0)} months"


def _alt(turns: pd.DataFrame) -> str:
    said = [
        f"{words(str(row['arm']))}, {context_words(str(row['context']))}: "
        + ("no turning point" if row["word"] == "none" else f"turns after {_turn(row)} ({row['word']})")
        for row in turns.to_dict("records")
    ]
    return f"Lines over the months that candidates are followed, with 95 % intervals. {'; '.join(said)}."


def _table(result: Result, points: pd.DataFrame, turns: pd.DataFrame) -> Table:
    rows = tuple(_line(result, points, row) for row in turns.to_dict("records"))
    caption = "Where the order of an arm and the baseline turns, and the difference at the first and last tenure"
    return Table("horizon", caption, _COLUMNS, rows, row_heads=2, numeric=(3, 4, 5, 6), frame=points)


def _line(result: Result, points: pd.DataFrame, row: Row) -> tuple[str, ...]:
    own = points[(points["metric"] == row["metric"]) & (points["arm"] == row["arm"])]
    own = own[own["context"] == row["context"]].sort_values("level")
    unit = result.unit(f"{row['metric']}_12")
    ends = [
        f"{shown(float(end['value']), unit, (float(end['high']) - float(end['low'])) / 2.0, signed=True)}\n"
        f"{span(float(end['low']), float(end['high']), unit)} ({end['level']:g} months)"
        for end in (own.iloc[0], own.iloc[-1])
    ]
    none = row["level"] != row["level"]
    between = "" if row["low"] != row["low"] else f"{plain(row['low'], 0)} to {plain(row['high'], 0)} months"
    return (
        _named(str(row["metric"])),
        words(str(row["arm"])),
        context_words(str(row["context"])),
        "no turning point" if none else _turn(row),
        between,
        *ends,
        str(row["word"]),
    )
