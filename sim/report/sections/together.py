"""Many arms and several questions at once: which arms may be the best, and what holds if all is judged together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.report.blocks import Block, Note, Section, Table
from sim.report.levels import Row
from sim.report.numbers import chance, shown, span
from sim.report.wording import Finding, context_words, listed, metric_words, words

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.result import Result

_MANY = ("arm", "context", "metric", "mean", "at most below the best", "may be the best")
_PRIMARY = (
    *("metric", "arm", "context", "together", "alone", "difference", "95 % interval", "arm's mean", "baseline's mean"),
    *("p, adjusted", "p, alone"),
)


def section(result: Result) -> Section | None:
    """Two tables and a sentence each; None where two arms and one question were all there was."""
    many, primary = result.extra("selection"), result.extra("primary")
    blocks: list[Block] = []
    if many is not None:
        blocks += [Note(_lead(result, many), "lead"), _many(result, many)]
    if primary is not None:
        blocks += [Note(_caution(primary), "quiet"), _primary(result, primary)]
    return Section("together", "The best of many", blocks) if blocks else None


def _lead(result: Result, many: pd.DataFrame) -> str:
    """The decision metric's selection in each context."""
    said = []
    for context, rows in many[many["metric"] == result.decision_metric].groupby("context", sort=False):
        best = rows[rows["best"]].iloc[0]
        place = f" in {context_words(str(context))}" if len(result.contexts) > 1 else ""
        if best["below"] <= best["margin"]:
            said.append(f"{words(str(best['arm']))} is the best{place}, or less than the margin below it")
        else:
            named = [words(str(arm)) for arm in rows.loc[rows["kept"], "arm"]]
            said.append(f"the best{place} is {'one of ' if len(named) > 1 else ''}{listed(named)}")
    if not said:
        return "Which arm is the best is told below."
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}: right with a probability of {100.0 * many['probability'].iloc[0]:.0f} %."


def _many(result: Result, many: pd.DataFrame) -> Table:
    rows = tuple(_line(result, row) for row in many.to_dict("records"))
    caption = "Every arm's mean, and at most how far it lies below the best, all arms judged at once"
    return Table("selection", caption, _MANY, rows, row_heads=1, numeric=(3, 4), frame=many)


def _line(result: Result, row: Row) -> tuple[str, ...]:
    unit, metric = result.unit(str(row["metric"])), str(row["metric"])
    return (
        words(str(row["arm"])),
        context_words(str(row["context"])),
        metric_words(metric),
        shown(row["mean"], unit, row["below"] or row["margin"]),
        shown(row["below"], unit.of_distance),
        "yes" if row["kept"] else "no",
    )


def _caution(primary: pd.DataFrame) -> str:
    count = primary["metric"].nunique()
    return (
        f"{count} metrics were declared primary. Together: better and worse after Holm, practically equal after "
        "Bonferroni, so that any of an arm's verdicts is wrong with a probability of 5 % at most."
    )


def _primary(result: Result, primary: pd.DataFrame) -> Table:
    found = {(f.metric, f.arm, f.context): f for f in result.findings()}
    rows = tuple(_judged(row, found) for row in primary.to_dict("records"))
    caption, numeric = "Primary metrics judged together", tuple(range(5, len(_PRIMARY)))
    return Table("primary", caption, _PRIMARY, rows, row_heads=2, numeric=numeric, frame=primary)


def _judged(row: Row, found: Mapping[tuple[str, str, str], Finding]) -> tuple[str, ...]:
    f = found[str(row["metric"]), str(row["arm"]), str(row["context"])]
    return (
        metric_words(f.metric),
        words(f.arm),
        context_words(f.context),
        str(row["adjusted_verdict"]).replace("-", " "),
        str(row["verdict"]).replace("-", " "),
        shown(f.difference, f.unit, f.half_width, signed=True),
        span(f.low, f.high, f.unit),
        shown(f.arm_mean, f.unit, f.half_width),
        shown(f.baseline_mean, f.unit, f.half_width),
        chance(row["adjusted_probability"]),
        chance(row["probability"]),
    )
