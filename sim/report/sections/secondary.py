"""Everything else that was compared, labelled secondary."""

from __future__ import annotations

import pandas as pd

from sim.report.blocks import Block, Folded, Note, Section, Table
from sim.report.numbers import shown, span
from sim.report.plot.panels import MOST_PANELS
from sim.report.result import Result
from sim.report.wording import Finding, context_words, margin_text, metric_words, verdict_words, words


def section(result: Result) -> Section | None:
    """One folded table per context; None without comparisons."""
    findings = [f for f in result.findings() if f.metric != result.decision_metric]
    if not findings:
        return None
    intro = Note(
        "Secondary metrics: they describe, they do not decide. With this many comparisons about one in "
        "twenty intervals misses zero by chance alone.",
        "quiet",
    )
    folds = [_fold(result, context, findings) for context in result.contexts[:MOST_PANELS]]
    blocks: list[Block] = [intro, *(fold for fold in folds if fold)]
    if len(result.contexts) > MOST_PANELS:
        blocks.append(Note(f"The other {len(result.contexts) - MOST_PANELS} contexts: comparison.parquet.", "quiet"))
    return Section("secondary", "What else differs", blocks)


def _fold(result: Result, context: str, findings: list[Finding]) -> Folded | None:
    chosen = [f for f in findings if f.context == context]
    if not chosen:
        return None
    place = context_words(context) if len(result.contexts) > 1 else "all metrics"
    table = Table(
        f"secondary-{result.contexts.index(context)}",
        f"Difference to {words(chosen[0].baseline)}, {place}",
        ("metric", "arm", "verdict", "difference", "95 % interval", "margin"),
        tuple(_row(f) for f in chosen),
        row_heads=1,
        numeric=(3, 4, 5),
        frame=pd.DataFrame([f._asdict() for f in chosen]).drop(columns="unit"),
    )
    return Folded(f"{place.capitalize()}: {len(chosen)} secondary metrics", (table,))


def _row(f: Finding) -> tuple[str, ...]:
    difference = shown(f.difference, f.unit, f.half_width, signed=True)
    interval = span(f.low, f.high, f.unit)
    return (metric_words(f.metric), words(f.arm), verdict_words(f), difference, interval, margin_text(f))
