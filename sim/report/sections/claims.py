"""The theses that the experiment declares: where each holds and where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.blocks import Block, Figure, Note, Section, Table
from sim.report.findings import finding
from sim.report.levels import Row
from sim.report.numbers import count, shown, span
from sim.report.plot.claims import claims, claims_height
from sim.report.style import NARROW_INCHES, WIDE_INCHES
from sim.report.wording import Finding, amount, context_quoted, context_words, listed, margin_text, metric_words, words

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.result import Result

MOST_CLAIMS = 6
"""Claims drawn; the table has all."""
_AS_DECLARED = {"true": "holds", "false": "fails"}
_COLUMNS = (
    *("claim", "context", "it", "declared", "difference", "95 % interval", "margin"),
    *("arm's mean", "baseline's mean", "replications"),
)
_READING = (
    "Each line is the difference between the claim's two arms in the same replications, with its 95 % interval. Grey "
    "band: the margin within which a difference is not worth acting on. Filled marker: the difference is clear."
)


def section(result: Result) -> Section | None:
    """A sentence, a panel per claim, a table; None where the experiment claims nothing."""
    table = result.extra("claims")
    if table is None or table.empty:
        return None
    drawn = list(dict.fromkeys(table["claim"]))[:MOST_CLAIMS]
    rows = {name: table[table["claim"] == name] for name in drawn}
    found = {title(rows[name].iloc[0].to_dict()): _findings(result, rows[name]) for name in drawn}
    said = dict(zip(found, (rows[name]["word"].tolist() for name in drawn), strict=True))
    height = claims_height([len(one) for one in found.values()])
    figure = Figure(
        name="claims",
        question="Does the thesis hold, and where?" if len(drawn) == 1 else "Which thesis holds, and where?",
        reading=_READING,
        alt=_alt(found, said),
        draw=lambda canvas: claims(canvas, found, said, result.arms),
        table=_table(result, table),
        wide=(WIDE_INCHES, height),
        narrow=(NARROW_INCHES, height),
        open_table=True,
    )
    blocks: list[Block] = [Note(_lead(table), "lead"), figure]
    return Section("claims", "The theses tried", blocks)


def title(row: Row) -> str:
    """What a claim says, as one line."""
    arm, baseline, metric = words(str(row["arm"])), words(str(row["baseline"])), metric_words(str(row["metric"]))
    kind, than = ("practically the same", "as") if row["sign"] == "same" else (str(row["sign"]), "than")
    return f"{words(str(row['claim']))}: {metric} {kind} under {arm} {than} under {baseline}"


def _findings(result: Result, rows: pd.DataFrame) -> list[Finding]:
    return [finding(row, result.currency) for row in rows.to_dict("records")]


def _lead(table: pd.DataFrame) -> str:
    """How many came out as declared, and which did not."""
    tried = table[table["expected"].isin(list(_AS_DECLARED))]
    if tried.empty:
        return "Nothing was declared of these theses beforehand."
    off = tried[tried["word"] != tried["expected"].map(_AS_DECLARED)]
    if off.empty:
        return f"All {len(tried)} expectations declared beforehand came out."
    named = [f"{words(str(r['claim']))} in {context_quoted(str(r['context']))}" for r in off.to_dict("records")]
    return f"{len(tried) - len(off)} of {len(tried)} expectations declared beforehand came out; not {listed(named)}."


def _alt(found: dict[str, list[Finding]], said: dict[str, list[str]]) -> str:
    parts = [
        f"{context_words(f.context)} {amount(f)}, {word}"
        for name, rows in found.items()
        for f, word in zip(rows, said[name], strict=True)
    ]
    return f"Interval plot of the differences for {listed(list(found))}. {'; '.join(parts)}."


def _table(result: Result, table: pd.DataFrame) -> Table:
    lines: list[tuple[str | None, ...]] = []
    for name, rows in table.groupby("claim", sort=False):
        lines.append((title(rows.iloc[0].to_dict()), *(None for _ in _COLUMNS[1:])))
        lines += [_line(result, str(name), row) for row in rows.to_dict("records")]
    numeric = tuple(range(4, len(_COLUMNS)))
    return Table("claims", "The theses tried", _COLUMNS, tuple(lines), row_heads=2, numeric=numeric, frame=table)


def _line(result: Result, name: str, row: Row) -> tuple[str | None, ...]:
    f = finding(row, result.currency)
    return (
        words(name),
        context_words(f.context),
        str(row["word"]),
        str(row["expected"]).replace("-", "nothing"),
        shown(f.difference, f.unit, f.half_width, signed=True),
        span(f.low, f.high, f.unit),
        margin_text(f),
        shown(f.arm_mean, f.unit, f.half_width),
        shown(f.baseline_mean, f.unit, f.half_width),
        count(f.replications),
    )
