"""What is not in this report, said first."""

from __future__ import annotations

from sim.report.blocks import Block, Note, Section
from sim.report.result import Result
from sim.report.wording import context_quoted, words


def section(result: Result) -> Section | None:
    """Failed and missing arms by name, and whether the command was stopped; None when all is there."""
    notes: list[Block] = [
        Note(f"Arm {words(f.arm)} in {context_quoted(f.context)} is missing: {f.reason}", "warning")
        for f in result.failures
    ]
    if not result.manifest.get("complete", True):
        notes.append(
            Note("This run was stopped before it was finished; what is shown is what was finished.", "warning")
        )
    return Section("missing", "What is missing", notes) if notes else None
