"""The answer, and what it comes to for all candidates: the decision metric in every context."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.metrics.catalogue import about
from sim.metrics.long import MONEY_PER_CANDIDATE
from sim.report.blocks import Block, Card, Cards, Figure, Note, Section, Table
from sim.report.facts import across
from sim.report.numbers import count, in_millions, shown, span
from sim.report.plot.differences import differences, row_height
from sim.report.style import NARROW_INCHES, WIDE_INCHES
from sim.report.wording import (
    Finding,
    amount,
    context_words,
    headline,
    margin_text,
    metric_words,
    place_words,
    sentence,
    verdict_words,
    words,
)

if TYPE_CHECKING:
    from sim.report.result import Place, Result

MOST_CARDS = 9
MOST_LINES = 24
"""Lines drawn; the table has all."""
_COLUMNS = (
    *("context", "arm", "verdict", "difference", "95 % interval", "margin"),
    *("arm's mean", "baseline's mean", "replications", "all candidates together"),
)


def section(result: Result) -> Section | None:
    """Headline sentence, strip of contexts, and a card each with the money for the whole window."""
    findings = result.findings(result.decision_metric)
    if not findings:
        return Section("answer", "The answer", _nothing_to_compare(result))
    leads = [
        Note(headline([f for f in findings if f.arm == arm]), "lead") for arm in dict.fromkeys(f.arm for f in findings)
    ]
    cards = [Cards(tuple(_card(result, f) for f in findings))] if len(findings) <= MOST_CARDS else []
    return Section("answer", "The answer", [*leads, _figure(result, findings), *cards, *_notes(result)])


def _nothing_to_compare(result: Result) -> list[Block]:
    if len(result.arms) > 1:
        text = f"{metric_words(result.decision_metric).capitalize()} could not be compared here."
        return [Note(text, "lead")]
    arm = words(result.arms[0]) if result.arms else "none"
    lead = Note(f"One arm, {arm}: nothing to compare it with. The results below describe it alone.", "lead")
    return [lead, *(Note(level(result, place)) for place in result.places), *_notes(result)]


def level(result: Result, place: Place) -> str:
    """The decision metric itself, in one arm of one context."""
    metric = result.decision_metric
    found = across(result.values(place, metric))
    unit, half = result.unit(metric), (found.high - found.low) / 2.0
    name = _capital(": ".join(part for part in (place_words(place.context), metric_words(metric)) if part))
    return (
        f"{name} is {shown(found.mean, unit, half)} (95 % interval {span(found.low, found.high, unit, signed=False)})."
    )


def _notes(result: Result) -> list[Block]:
    """What the decision metric means, and what the experiment says of itself."""
    metric, said = result.decision_metric, result.config.get("statement")
    sentences = said.get("sentences") if isinstance(said, dict) else None
    caveats: list[Block] = [Note(f"Mind: {'; '.join(map(str, sentences))}.")] if isinstance(sentences, list) else []
    return [*caveats, _definition(metric, result)]


def _definition(metric: str, result: Result) -> Note:
    return Note(f"{_capital(metric_words(metric))}: {result.definition(metric)}", "quiet")


def _card(result: Result, f: Finding) -> Card:
    several = len({g.arm for g in result.findings(f.metric)}) > 1
    lines = [_capital(sentence(f)), f"95 % interval: {span(f.low, f.high, f.unit)}."]
    total = together(result, f)
    if total:
        lines.append(f"All {count(candidates(result, f))} candidates together: {total}.")
    return Card(
        heading=_capital(place_words(f.context, f.arm if several or f.context == "-" else "")),
        number=shown(f.difference, f.unit, f.half_width, signed=True),
        unit="per candidate" if f.metric.endswith("_per_candidate") else "",
        lines=tuple(lines),
        tone=f.worded,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _figure(result: Result, findings: list[Finding]) -> Figure:
    drawn = findings[:MOST_LINES]
    height = row_height(len(drawn))
    return Figure(
        name="answer",
        question=_question(result, findings),
        reading=(
            "Each line is the difference to the baseline in the same replications, with its 95 % interval. Grey "
            "band: the margin within which a difference is not worth acting on. Filled marker: the verdict is "
            "better or worse; hollow: it is neither."
        ),
        alt=_alt(findings),
        draw=lambda figure: differences(drawn, arms=result.arms, ax=figure.subplots()),
        table=_table(result, findings),
        wide=(WIDE_INCHES, height),
        narrow=(NARROW_INCHES, height),
        open_table=MOST_CARDS < len(findings) <= MOST_LINES,
    )


def _question(result: Result, findings: list[Finding]) -> str:
    arms = list(dict.fromkeys(f.arm for f in findings))
    who = words(arms[0]) if len(arms) == 1 else "another arm"
    baseline = words(findings[0].baseline)
    where = ", and where" if len(result.contexts) > 1 else ""
    if result.is_money(result.decision_metric):
        return f"Does {who} leave more money than {baseline}{where}?"
    return f"Does {who} change {metric_words(result.decision_metric)} against {baseline}{where}?"


def _alt(findings: list[Finding]) -> str:
    lines = "; ".join(f"{context_words(f.context)}, {words(f.arm)}: {f.worded}, {amount(f)}" for f in findings)
    return f"Interval plot of the difference in {metric_words(findings[0].metric)}. {lines}."


def _table(result: Result, findings: list[Finding]) -> Table:
    import pandas as pd

    rows = tuple(
        (
            context_words(f.context),
            words(f.arm),
            verdict_words(f),
            shown(f.difference, f.unit, f.half_width, signed=True),
            span(f.low, f.high, f.unit),
            margin_text(f),
            shown(f.arm_mean, f.unit, f.half_width),
            shown(f.baseline_mean, f.unit, f.half_width),
            count(f.replications),
            together(result, f) or "n/a",
        )
        for f in findings
    )
    caption = (
        f"Difference in {metric_words(findings[0].metric)} to {words(findings[0].baseline)}, paired by replication"
    )
    frame = pd.DataFrame([f._asdict() for f in findings]).drop(columns="unit")
    return Table("answer", caption, _COLUMNS, rows, row_heads=2, numeric=tuple(range(3, 10)), frame=frame)


def together(result: Result, f: Finding) -> str:
    """The difference for all candidates of the window, with its interval; empty if not money per candidate."""
    people = candidates(result, f)
    if not math.isfinite(people) or about(f.metric).unit != MONEY_PER_CANDIDATE:
        return ""
    unit = in_millions(f.unit, f.difference * people, f.low * people, f.high * people)
    total = f._replace(difference=f.difference * people, low=f.low * people, high=f.high * people, unit=unit)
    return amount(total, bare=True)


def candidates(result: Result, f: Finding) -> float:
    """Primary candidates of the acquisition window per replication; the same in every arm."""
    m = result.metrics
    rows = m[(m["metric"] == "candidates") & (m["context"] == f.context) & (m["segment"] == "all")]
    return float(rows["value"].mean()) if len(rows) else math.nan
