"""What every metric means, in the words stored with the numbers."""

from __future__ import annotations

from sim.report.blocks import Folded, Section, Table
from sim.report.result import Result
from sim.report.wording import metric_words


def section(result: Result) -> Section | None:
    """A folded list of definitions; None where none were stored."""
    if not result.definitions:
        return None
    rows = tuple((metric_words(name), result.definition(name)) for name in result.definitions)
    table = Table("definitions", "Definitions of the metrics", ("metric", "definition"), rows)
    return Section("definitions", "What the words mean", [Folded(f"{len(rows)} definitions", (table,))])
