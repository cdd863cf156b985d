"""What every metric means, in the words stored with the numbers."""

from __future__ import annotations

from sim.report.blocks import Folded, Section, Table
from sim.report.result import Result
from sim.report.wording import metric_words


def section(result: Result) -> Section | None:
    """A folded list of definitions; None where none were stored."""
    if not result.definitions:
        return None
    names: dict[str, list[str]] = {}
    for name in result.definitions:
        names.setdefault(result.definition(name), []).append(name)
    rows = tuple((_heading(same), definition) for definition, same in names.items())
    table = Table("definitions", "Definitions of the metrics", ("metric", "definition"), rows)
    return Section("definitions", "What the words mean", [Folded(f"{len(rows)} definitions", (table,))])


def _heading(names: list[str]) -> str:
    """One name, or one name with all its tenures: `GRR at 12, 24, 36, 60 months`."""
    stems = {name.rpartition("_")[0] for name in names}
    if len(names) == 1 or len(stems) > 1:
        return ", ".join(map(metric_words, names))
    months = sorted(int(name.rpartition("_")[2]) for name in names)
    return f"{metric_words(stems.pop())} at {', '.join(map(str, months))} months"
