"""From which month on the firm has settled, and at which level: only where candidates come until the horizon."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.report.blocks import Block, Figure, Note, Section, Table
from sim.report.levels import Row
from sim.report.numbers import Unit, plain, shown, span
from sim.report.plot.panels import MOST_PANELS, columns, stacked
from sim.report.plot.settling import SAID, settling
from sim.report.sections.tenure import percent
from sim.report.style import NARROW_INCHES, SMALL, WIDE_INCHES
from sim.report.wording import context_words, listed, place_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.report.result import Result

KEY: Final = "metrics.steady_state.warm_up_months"
LABELS: Final = {
    "monthly_customers": "customers",
    "monthly_recurring_revenue": "recurring revenue\na month",
    "monthly_logo_churn": "contracts ended\na month",
    "monthly_backlog": "requests open\nat support",
    "monthly_nps": "NPS (truth)",
}
_PANEL: Final = 1.75
_READING: Final = (
    "Pale: the mean over replications, month by month; bold: its moving average over a year. Dashed: up to there the "
    "rule MSER-5 leaves months out, because they still show how the firm began. Each panel has its own scale."
)
_COLUMNS: Final = ("series", "arm", "leave out", "quartiles over replications", "settled", "level after it", "95 %")


def section(result: Result) -> Section | None:
    """What to do with the suggestion, stacked panels per context, a table; None where no series was measured."""
    settled, course = result.extra("steady_state"), result.extra("steady_course")
    if settled is None or course is None or settled.empty:
        return None
    contexts = list(dict.fromkeys(settled["context"]))[:MOST_PANELS]
    series = list(dict.fromkeys(settled["series"]))

    def panel(ax: Axes, position: int, number: int) -> None:
        unit = result.unit(series[number])
        lines, marks = (table[table["series"] == series[number]] for table in (course, settled))
        lines = lines.assign(mean=lines["mean"] * unit.factor, smooth=lines["smooth"] * unit.factor)
        here, cuts = (table[table["context"] == contexts[position]] for table in (lines, marks))
        first = position % columns(len(contexts), float(ax.get_figure(root=True).get_figwidth())) == 0  # type: ignore[union-attr]
        settling(here, cuts, result.arms, _label(series[number], unit) if first else "", ax, lines)
        if number == len(series) - 1:
            ax.set_xlabel("months since the start", fontsize=SMALL)

    figure = Figure(
        name="steady-state",
        question="From which month on does the firm no longer show how it began?",
        reading=_READING,
        alt=_alt(settled),
        draw=lambda canvas: stacked(canvas, [context_words(c) for c in contexts], len(series), panel),
        table=_table(result, settled),
        wide=(WIDE_INCHES, _height(len(contexts), len(series), WIDE_INCHES)),
        narrow=(NARROW_INCHES, _height(len(contexts), len(series), NARROW_INCHES)),
        open_table=True,
    )
    blocks: list[Block] = [Note(_lead(settled, _given(result)), "lead"), *_cautions(settled), figure]
    return Section("steady-state", "When the firm has settled", blocks)


def _height(contexts: int, series: int, width: float) -> float:
    return 0.6 + math.ceil(contexts / columns(contexts, width)) * series * _PANEL


def _label(series: str, unit: Unit) -> str:
    name = LABELS.get(series, words(series))
    return f"{name}, {unit.name}" if unit.name not in ("", *name.split()) and series != "monthly_nps" else name


def _given(result: Result) -> float | None:
    """The warm-up that was set."""
    node = (result.config.get("metrics") or {}).get("steady_state") or {}
    months = node.get("warm_up_months")
    return None if months is None else float(months)


def _lead(settled: pd.DataFrame, given: float | None) -> str:
    """The number to copy, or what was set; and what has no level."""
    found = settled[settled["month"].notna()]
    open_ones = settled[settled["month"].isna()]
    said = []
    if len(found):
        longest = max(found.to_dict("records"), key=lambda row: float(row["month"]))
        where = place_words(str(longest["context"]), str(longest["arm"]))
        months = plain(longest["month"], 0)
        said.append(f"The longest suggested warm-up is {months} months ({_name(longest)}, {where}).")
        if given is None:
            said.append(f"With {KEY}={months} arms are compared by their means after it.")
    if given is not None:
        said.append(f"Arms are compared by their means after {plain(given, 0)} months, as set.")
    if len(open_ones):
        names = list(dict.fromkeys(_name(row) for row in open_ones.to_dict("records")))
        count = f"{len(open_ones)} of {len(settled)}"
        said.append(f"{count} series have not settled within the time simulated ({listed(names)}): no level is given.")
    return " ".join(said)


def _name(row: Row) -> str:
    return LABELS.get(str(row["series"]), words(str(row["series"]))).replace("\n", " ")


def _cautions(settled: pd.DataFrame) -> list[Note]:
    late = settled[settled["word"] == "late"]
    if late.empty:
        return []
    names = list(dict.fromkeys(_name(row) for row in late.to_dict("records")))
    return [
        Note(
            f"Settled late, in the second quarter of the months: {listed(names)}. What is left of the start may "
            "be as large as the interval, which then covers the true level less often than it says: simulate longer.",
            "warning",
        )
    ]


def _alt(settled: pd.DataFrame) -> str:
    said = [
        f"{_name(row)}, {place_words(str(row['context']), str(row['arm']))}: {_month(row)}"
        for row in settled.to_dict("records")
    ]
    return f"Lines over months in stacked panels, cut where the start is forgotten. {'; '.join(said)}."


def _month(row: Row) -> str:
    if row["word"] in SAID:
        return SAID[str(row["word"])]
    return f"{plain(row['month'], 0)} months{', late' if row['word'] == 'late' else ''}"


def _table(result: Result, settled: pd.DataFrame) -> Table:
    rows = tuple(_line(result, row) for row in settled.to_dict("records"))
    caption = (
        "Months to leave out of the series averaged over replications, the quartiles of what the rule says of single "
        "replications, the share of them that settles, and the mean after the months left out"
    )
    return Table("steady-state", caption, _COLUMNS, rows, row_heads=2, numeric=(2, 3, 4, 5, 6), frame=settled)


def _line(result: Result, row: Row) -> tuple[str, ...]:
    unit = result.unit(str(row["series"]))
    quartiles = (float(row["month_low"]), float(row["month_high"]))
    ends = [plain(one, 0) if math.isfinite(one) else SAID["not_reached"] for one in quartiles]
    known = math.isfinite(row["mean"])
    return (
        _name(row),
        place_words(str(row["context"]), str(row["arm"])),
        _month(row),
        " to ".join(dict.fromkeys(ends)),
        percent(row["settled_share"], math.nan, math.nan),
        shown(row["mean"], unit, (row["high"] - row["low"]) / 2.0) if known else "",
        span(row["low"], row["high"], unit, signed=False) if known else "",
    )
