"""When the money comes: net cash per candidate over time by policy, and the difference to the baseline."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.report.blocks import Figure, Section, Table
from sim.report.cashflow import net_cash_by_month
from sim.report.facts import across
from sim.report.numbers import plain, unit_of
from sim.report.plot.course import YEAR, course
from sim.report.plot.panels import columns, stacked
from sim.report.style import NARROW_INCHES, SMALL, WIDE_INCHES
from sim.report.wording import context_words, metric_words, place_words, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.metrics.facts import Codes, Floats
    from sim.report.result import Result

WHAT = "value over time by policy (the customers and ledger tables of every arm)"
MOST = 6
"""Contexts drawn; the table has all."""
LEVEL, DIFFERENCE = 0, 1
_PANEL = 2.0
_READING = (
    "Receipts minus spending up to each month, discounted to the start, per candidate of the acquisition window; the "
    "last value is {last}. Shaded: 95 % interval over replications. Below, on its own scale, each arm's difference to "
    "the baseline, paired by replication: where its band leaves zero, the policies part."
)
_LAST = "net_cash_per_candidate"
"""The metric that the last value is."""


def has(result: Result) -> bool:
    """Whether the arms kept their ledgers."""
    return any((place.folder / "run.json").is_file() for place in result.places)


def section(result: Result) -> Section | None:
    """Two panels per context; only levels where there is nothing to compare."""
    table = points(result)
    if table.empty:
        return None
    contexts = list(dict.fromkeys(table["context"]))[:MOST]
    measures = 2 if (table["measure"] == DIFFERENCE).any() else 1
    unit = unit_of("money", result.currency).name

    def panel(ax: Axes, position: int, measure: int) -> None:
        rows = table[(table["context"] == contexts[position]) & (table["measure"] == measure)]
        figure = ax.get_figure(root=True)
        first = figure is None or position % columns(len(contexts), float(figure.get_figwidth())) == 0
        label = f"difference,\n{unit}" if measure else f"net cash per\ncandidate, {unit}"
        course(rows, result.arms, label if first else "", 0.0, result.horizon_months, ax)
        if measure == measures - 1:
            ax.set_xlabel("months", fontsize=SMALL)

    figure = Figure(
        name="worth",
        question="When does the money come, and when do the policies part?"
        if measures > 1
        else "When does money come?",
        reading=_READING.format(last=ends_at(result)),
        alt=_alt(table),
        draw=lambda canvas: stacked(canvas, [context_words(c) for c in contexts], measures, panel),
        table=_table(result, table),
        wide=(WIDE_INCHES, _height(len(contexts), measures, WIDE_INCHES)),
        narrow=(NARROW_INCHES, _height(len(contexts), measures, NARROW_INCHES)),
    )
    return Section("worth", "Value over time", [figure])


def ends_at(result: Result) -> str:
    """What the course ends at, beside what this result is decided by."""
    if result.decision_metric == _LAST:
        return "the decision metric itself"
    return f"{metric_words(_LAST)}, not the decision metric here ({metric_words(result.decision_metric)})"


def _height(contexts: int, measures: int, width: float) -> float:
    return 0.6 + math.ceil(contexts / columns(contexts, width)) * measures * _PANEL


def points(result: Result) -> pd.DataFrame:
    """Columns context, arm, measure (level or difference), months, mean, low, high; one row per month."""
    import pandas as pd

    found = []
    for context in result.contexts:
        courses = _courses(result, context)
        first = next(iter(courses), "")
        baseline = str(result.manifest.get("baseline") or first)
        base = courses.get(baseline if baseline in courses else first)
        for arm, (numbers, values) in courses.items():
            found.append(_rows(context, arm, LEVEL, values))
            if base is not None and courses[arm] is not base:
                _, here, there = np.intersect1d(numbers, base[0], return_indices=True)
                found.append(_rows(context, arm, DIFFERENCE, values[here] - base[1][there]))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _courses(result: Result, context: str) -> dict[str, tuple[Codes, Floats]]:
    from sim.tables import read_tables

    found = {}
    for place in result.places:
        if place.context == context and (place.folder / "run.json").is_file():
            found[place.arm] = net_cash_by_month(read_tables(place.folder, only=("customers", "ledger")))
    return found


def _rows(context: str, arm: str, measure: int, values: Floats) -> pd.DataFrame:
    import pandas as pd

    spreads = [across(column) for column in values.T]
    columns_ = {
        "months": np.arange(len(spreads), dtype=np.float64),
        "mean": [spread.mean for spread in spreads],
        "low": [spread.low for spread in spreads],
        "high": [spread.high for spread in spreads],
    }
    return pd.DataFrame(columns_).assign(context=context, arm=arm, measure=measure)


def _alt(table: pd.DataFrame) -> str:
    parts = []
    for (context, arm), rows in table[table["measure"] == LEVEL].groupby(["context", "arm"], sort=False):
        at = [f"{plain(row['mean'], 0)} at {plain(row['months'], 0)}" for row in _yearly(rows) if row["months"] > 0]
        parts.append(f"{context_words(str(context))}, {words(str(arm))}: {', '.join(at)} months")
    return f"Lines of cumulated net cash per candidate over time. {'; '.join(parts)}."


def _yearly(rows: pd.DataFrame) -> list[dict[str, float]]:
    last = rows["months"].max()
    found: list[dict[str, float]] = rows[(rows["months"] % YEAR == 0) | (rows["months"] == last)].to_dict("records")
    return found


def _table(result: Result, table: pd.DataFrame) -> Table:
    years = sorted({row["months"] for row in _yearly(table)} - {0.0})
    lines = []
    for (context, arm, measure), rows in table.groupby(["context", "arm", "measure"], sort=False):
        at = {row["months"]: row for row in _yearly(rows)}
        name = "difference to the baseline" if measure else "net cash"
        lines.append((f"{name}\n{place_words(str(context), str(arm))}", *(_cell(at.get(year)) for year in years)))
    heads = tuple(f"{plain(year, 0)} months" for year in years)
    caption = f"{unit_of('money', result.currency).name} per candidate, cumulated, with half the 95 % interval"
    numeric = tuple(range(1, len(heads) + 1))
    return Table("worth", caption, ("measure", *heads), tuple(lines), numeric=numeric, frame=table)


def _cell(row: dict[str, float] | None) -> str:
    if row is None:
        return ""
    half = (row["high"] - row["low"]) / 2.0
    return plain(row["mean"], 0) + (f" \N{PLUS-MINUS SIGN} {plain(half, 0)}" if math.isfinite(half) else "")
