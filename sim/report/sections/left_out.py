"""What this result holds no numbers for, said in one line."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from sim.report.blocks import Note, Section

if TYPE_CHECKING:
    from sim.report.result import Result

ASKED = ("reversal", "ladders", "quadrants", "lead_time", "over_time", "incidence", "twins", "worth")
"""Sections that need metrics or tables that not every command makes."""


def section(result: Result) -> Section | None:
    """One line; None when every section has something to say."""
    modules = [import_module(f"sim.report.sections.{name}") for name in ASKED]
    absent = [module.WHAT for module in modules if not module.has(result)]
    if not absent:
        return None
    text = f"This result holds no numbers for: {'; '.join(absent)}."
    return Section("left-out", "What is not shown", [Note(text, "quiet")])
