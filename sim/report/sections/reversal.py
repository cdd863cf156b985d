"""Would the dashboard have chosen the same policy as the money, and what does the difference cost?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.blocks import Block, Figure, Note, Section, Table
from sim.report.levels import Row
from sim.report.numbers import count, plain, shown, span
from sim.report.plot.panels import MOST_PANELS, panels, panels_height
from sim.report.plot.regret import regret, regret_height
from sim.report.style import NARROW_INCHES, WIDE_INCHES
from sim.report.wording import context_quoted, context_words, listed, metric_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Result

WHAT = "rank reversal and regret (two arms or more, two replications or more)"
LEAD = "nps"
"""The score the leading sentence is about, if there is one; else the first metric."""

_READING = (
    "An arm is chosen by the metric on the odd replications, and what it is worth is counted on the even ones. "
    "Mark: money per candidate lost against the arm that money itself would have chosen, with its 95 % interval. "
    "Filled square: the loss is clear; hollow circle: it is not (zero means the same arm was chosen). Dotted: an arm "
    "chosen at random. Scores are those of the people who answered."
)
_COLUMNS = (
    *("metric", "chosen by the metric", "chosen by the money", "order of both"),
    *("pairs in the wrong order", "lost per candidate", "95 % interval"),
)


def has(result: Result) -> bool:
    """Whether arms could be ranked."""
    table = result.extra("reversal")
    return table is not None and len(table) > 0


def section(result: Result) -> Section | None:
    """A sentence on the leading score, a panel per context; None without at least two arms."""
    table = result.extra("reversal")
    if table is None or table.empty:
        return None
    rows = _own_view(table)
    contexts = [c for c in result.contexts if (rows["context"] == c).any()][:MOST_PANELS]
    drawn = rows[rows["context"].isin(contexts)]
    tall = regret_height(drawn["metric"].nunique()) + 0.2

    def panel(ax: Axes, position: int) -> None:
        regret(drawn[drawn["context"] == contexts[position]], result.currency, ax=ax)

    figure = Figure(
        name="reversal",
        question="What does it cost to choose by a dashboard's metric?",
        reading=_READING,
        alt=_alt(result, rows),
        draw=lambda canvas: panels(canvas, [context_words(c) for c in contexts], panel),
        table=_table(result, rows, table),
        wide=(WIDE_INCHES, panels_height(len(contexts), WIDE_INCHES, panel=tall)),
        narrow=(NARROW_INCHES, panels_height(len(contexts), NARROW_INCHES, panel=tall)),
    )
    blocks: list[Block] = [Note(_lead(result, rows), "lead"), figure]
    return Section("reversal", "Would the dashboard have chosen well?", blocks)


def _own_view(table: pd.DataFrame) -> pd.DataFrame:
    """What a dashboard shows of each metric; the other views are in the CSV."""
    from sim.metrics.catalogue import about

    own = {metric: about(metric).view for metric in table["metric"].unique()}
    return table[table["view"] == table["metric"].map(own)]


def _lead(result: Result, rows: pd.DataFrame) -> str:
    """What choosing by the leading score costs, and where; never a loss whose interval contains zero."""
    name = LEAD if (rows["metric"] == LEAD).any() else str(rows["metric"].iloc[0])
    chosen = rows[rows["metric"] == name]
    who = metric_words(name)
    costly = chosen[chosen["regret_low"] > 0.0]
    several = chosen["context"].nunique() > 1
    if len(costly):
        losses = [
            f"{_money(result, row)} per candidate" + (f" in {context_quoted(str(row['context']))}" if several else "")
            for row in costly.to_dict("records")
        ]
        rest = " Elsewhere no loss is clear." if 0 < len(costly) < len(chosen) else ""
        return f"Choosing by {who} loses {listed(losses)}.{rest}"
    alike = (chosen["chosen_by_metric"] == chosen["chosen_by_decision"]).all()
    end = "chooses the same policy as the money" if alike else "is not clearly costly: every interval contains zero"
    return f"Choosing by {who} {end}{' in every context' if several and alike else ''}."


def _money(result: Result, row: Row) -> str:
    value, low, high = (float(row[name]) for name in ("regret", "regret_low", "regret_high"))
    return shown(value, result.unit(result.decision_metric).of_distance, (high - low) / 2.0)


def _alt(result: Result, rows: pd.DataFrame) -> str:
    parts = []
    for context, group in rows.groupby("context", sort=False):
        costly = group[group["regret_low"] > 0.0]
        named = [f"{metric_words(str(r['metric']))} {_money(result, r)}" for r in costly.to_dict("records")]
        parts.append(f"{context_words(str(context))}: {', '.join(named) or 'no metric loses money clearly'}")
    return f"Interval plot of the money lost per candidate by choosing by each metric. {'; '.join(parts)}."


def _table(result: Result, rows: pd.DataFrame, whole: pd.DataFrame) -> Table:
    unit = result.unit(result.decision_metric).of_distance
    several = rows["context"].nunique() > 1
    lines: list[tuple[str | None, ...]] = []
    for context, group in rows.groupby("context", sort=False):
        if several:
            lines.append((context_words(str(context)), *(None for _ in _COLUMNS[1:])))
        for row in group.to_dict("records"):
            half = (row["regret_high"] - row["regret_low"]) / 2.0
            lines.append(
                (
                    metric_words(str(row["metric"])),
                    words(str(row["chosen_by_metric"])),
                    words(str(row["chosen_by_decision"])),
                    str(row["order"]),
                    f"{plain(100.0 * row['reversed_share'], 0)} %",
                    shown(row["regret"], unit, half),
                    span(row["regret_low"], row["regret_high"], unit),
                )
            )
    halves = f"{count(rows['replications_odd'].max())} odd and {count(rows['replications_even'].max())} even"
    caption = f"Chosen on odd, counted and ordered on even replications ({halves}); by chance 50 % of pairs are wrong"
    return Table("reversal", caption, _COLUMNS, tuple(lines), numeric=(4, 5, 6), frame=whole)
