"""Verdicts as lines of text: first what was to be decided, then all others after a note."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def verdict_line(row: Any) -> str:
    """`verdict <metric> <arm> <baseline> <word> <difference> <low> <high> <context>`, no field with a space.

    `row` is a mapping or a row of the comparison table.
    """
    numbers = (f"{float(row[name]) + 0.0:.6g}" for name in ("difference", "low", "high"))
    names = (str(row[name]) for name in ("metric", "arm", "baseline", "verdict"))
    fields = ("verdict", *names, *numbers, str(row["context"]) or "-")
    return " ".join("_".join(field.split()) for field in fields)


def told(tables: Sequence[pd.DataFrame], asked: Collection[str], brief: bool = False) -> list[str]:
    """Verdicts of all contexts: on the metrics asked for and, unless it is to be brief, after a note on all others."""
    first, rest = ([table[table["metric"].isin(asked) == mine] for table in tables] for mine in (True, False))
    lines = [line for table in first for line in verdict_lines(table)]
    if brief:
        return lines
    lines += [line for table in first for line in unjudged_lines(table)]
    if others := [line for table in rest for line in verdict_lines(table)]:
        what = ", ".join(asked)
        lines.append(f"note: {len(others)} verdicts on secondary metrics follow; what was to be decided is {what}")
    return [*lines, *others, *(line for table in rest for line in unjudged_lines(table))]


def verdict_lines(table: pd.DataFrame) -> list[str]:
    """One line per arm for the decision metric and for every secondary metric."""
    return [verdict_line(row) for row in table[table["role"] != "detail"].to_dict("records")]


def unjudged_lines(table: pd.DataFrame) -> list[str]:
    """One sentence per row that got no verdict because one of the two alone attained what is measured."""
    said = table[(table["role"] != "detail") & (table["one_sided"] > 0)]
    return [
        f"note: no verdict on {row['metric']} of {row['arm']} against {row['baseline']} ({row['context']}): "
        f"in {row['one_sided']} replications one of them alone attained it"
        for row in said.to_dict("records")
    ]
