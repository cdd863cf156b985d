"""What does each arm risk? Regret over the points of a design, minimax regret and satisficing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.report.blocks import Figure, Note, Section, Table
from sim.report.levels import Row
from sim.report.numbers import Unit, plain, shown, span
from sim.report.plot.panels import MOST_PANELS, panels, panels_height
from sim.report.plot.regret_curve import regret_curve
from sim.report.style import NARROW_INCHES, WIDE_INCHES
from sim.report.wording import context_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Result

_READING: Final = (
    "Regret is what an arm loses at a point against the best arm there, in the same replications; vertical lines are "
    "95 % intervals. Each arm's points are in an order of their own, worst first, so that the lower line is the arm "
    "that risks less. Where arms are alike the best of them is partly luck, so a regret whose interval holds zero is "
    "no loss."
)
_COLUMNS: Final = (
    *("arm", "mean regret", "largest regret", "95 % interval", "at", "clearly loses at", "good enough at"),
)


def section(result: Result) -> Section | None:
    """Who has the smallest largest regret, the curves, the table; None without a design."""
    table, rows = result.extra("robustness"), result.extra("regret")
    if table is None or rows is None or table.empty:
        return None
    bases = list(dict.fromkeys(map(str, table["base"])))[:MOST_PANELS]
    metric = str(table["metric"].iloc[0])
    unit = result.unit(metric)

    def panel(ax: Axes, position: int) -> None:
        regret_curve(rows[rows["base"] == bases[position]], result.arms, unit.of_distance.name, ax)

    figure = Figure(
        name="robustness",
        question="What does each arm lose where it is not the best?",
        reading=_READING,
        alt=f"Curves of regret over the points, worst first. {' '.join(_said(table, base, unit) for base in bases)}",
        draw=lambda canvas: panels(canvas, [context_words(base) for base in bases], panel),
        table=_table(table, unit, str(result.config.get("design", {}).get("satisfied_at") or "")),
        wide=(WIDE_INCHES, panels_height(len(bases), WIDE_INCHES)),
        narrow=(NARROW_INCHES, panels_height(len(bases), NARROW_INCHES)),
        open_table=True,
    )
    notes = [Note(_said(table, base, unit), "lead") for base in bases]
    return Section("robustness", "What does each arm risk?", [*notes, figure])


def _said(table: pd.DataFrame, base: str, unit: Unit) -> str:
    here = table[table["base"] == base]
    where = f"In {context_words(base)}, " if table["base"].nunique() > 1 else ""
    chosen = here[here["is_minimax"]].to_dict("records")
    names = " and ".join(words(str(row["arm"])) for row in chosen)
    text = f"{where}{names} has the smallest largest regret: {_largest(chosen[0], unit)}."
    return text[:1].upper() + text[1:]


def _largest(row: Row, unit: Unit) -> str:
    half = (row["largest_high"] - row["largest_low"]) / 2.0
    return f"{shown(row['largest_regret'], unit.of_distance, half)} at {context_words(str(row['largest_at']))}"


def _table(table: pd.DataFrame, unit: Unit, limit: str) -> Table:
    several = table["base"].nunique() > 1
    lines: list[tuple[str | None, ...]] = []
    for base, group in table.groupby("base", sort=False):
        if several:
            lines.append((context_words(str(base)), *(None for _ in _COLUMNS[1:])))
        lines += [_line(row, unit) for row in group.to_dict("records")]
    enough = f"a value clearly of {limit} or better" if limit else "clearly within the margin of the best arm"
    caption = f"Regret over the points; good enough: {enough}"
    return Table("robustness", caption, _COLUMNS, tuple(lines), numeric=(1, 2, 3, 5, 6), frame=table)


def _line(row: Row, unit: Unit) -> tuple[str, ...]:
    half, lost = (row["largest_high"] - row["largest_low"]) / 2.0, unit.of_distance
    mark = " (minimax)" if row["is_minimax"] else ""
    return (
        f"{words(str(row['arm']))}{mark}",
        shown(row["mean_regret"], lost, half),
        shown(row["largest_regret"], lost, half),
        span(row["largest_low"], row["largest_high"], lost, signed=False),
        context_words(str(row["largest_at"])),
        f"{row['clear_points']} of {row['points']}",
        f"{plain(100.0 * row['satisfied_share'], 0)} %",
    )
