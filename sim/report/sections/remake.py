"""How to make exactly this again."""

from __future__ import annotations

from typing import Any

from sim.report.blocks import Block, Code, Folded, Note, Section, Table
from sim.report.configs import text_of
from sim.report.result import Result

SHOWN = ("seed", "replications", "horizon_months", "entry", "discount_rate_per_year", "decision_metric", "baseline")


def section(result: Result) -> Section | None:
    """The command, and what it needs to give the same bytes."""
    command = command_text(result.manifest)
    blocks: list[Block] = [
        Note("This command gives the same tables again, byte for byte on the same type of machine:"),
        Code(command),
    ]
    rows = tuple(_facts(result))
    table = Table("run", "Versions and settings of this run", ("what", "value"), rows)
    return Section("remake", "Make it again", [*blocks, Folded("Versions, seed and settings", (table,))])


def command_text(manifest: dict[str, Any]) -> str:
    """The recorded command line without its output folder, which holds a result by now."""
    import shlex

    said = shlex.split(str(manifest.get("command", "")))
    return shlex.join(word for word in said if not word.startswith("output="))


def _facts(result: Result) -> list[tuple[str, str]]:
    facts = [(key, text_of(result.config[key])) for key in SHOWN if key in result.config]
    facts += [(key, str(result.manifest[key])) for key in ("config_hash", "events") if key in result.manifest]
    versions = result.manifest.get("versions", {})
    return facts + [(f"version of {name}", str(version)) for name, version in sorted(versions.items())]
