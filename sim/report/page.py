"""Sections -> one self-contained HTML file: styles and figures inline, no script, no address."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sim.report.blocks import Figure, Section
from sim.report.drawings import drawings
from sim.report.numbers import NO_BREAK, count, plain
from sim.report.result import Result, read_result
from sim.report.wording import words
from sim.tables import write_atomically

if TYPE_CHECKING:
    from jinja2 import Environment

REPORT = "report.html"


def build_report(folder: Path, n_jobs: int = 1) -> Path:
    """Write `report.html` into a result folder and return its path; InputError if it is no result.

    Figures are drawn by so many processes, with the same bytes.
    """
    result = read_result(folder)
    target = folder / REPORT
    write_atomically(target, page(result, n_jobs).encode())
    return target


ORDER = (
    *("missing", "discovery", "sensitivity", "robustness", "verdict", "together", "claims", "frontier", "reversal"),
    *("ladders", "horizon", "quadrants", "lead_time", "moments", "ratio"),
    *("over_time", "steady_state", "incidence", "twins", "worth", "targeted", "retention", "tenure", "budget"),
    *("tariffs", "differs", "assumed", "secondary", "left_out", "definitions", "remake"),
)
"""Modules of `sim.report.sections` in reading order."""


def sections(result: Result) -> list[Section]:
    """The sections that have something to say; one of them names those that have not."""
    modules = [import_module(f"sim.report.sections.{name}") for name in ORDER]
    return [found for module in modules if (found := module.section(result))]


def page(result: Result, n_jobs: int = 1) -> str:
    """The whole document as text; equal results give equal bytes."""
    found = sections(result)
    figures = [block for one in found for block in one.blocks if isinstance(block, Figure)]
    engine = environment(drawings(figures, n_jobs))
    source, *_ = engine.loader.get_source(engine, "style.css")  # type: ignore[union-attr]
    return engine.get_template("page.html.j2").render(
        title=result.title,
        kicker="outcomelab: the same simulated customers under competing policies",
        facts=_facts(result),
        style=source,
        sections=found,
        footer=(
            "A simulation, not a forecast: it shows what follows from the assumptions listed above. "
            "Differences are paired: every arm serves the same customers."
        ),
    )


def _facts(result: Result) -> list[tuple[str, str]]:
    facts = [("Arms", ", ".join(map(words, result.arms)))]
    if len(result.contexts) > 1:
        facts.append(("Contexts", str(len(result.contexts))))
    facts += [
        ("Simulated time", f"{plain(result.horizon_months, 0)} months"),
        ("Replications", f"{count(result.replications)} per arm"),
        ("Money", f"{result.currency}, discounted {_discount(result)} a year"),
    ]
    return facts


def _discount(result: Result) -> str:
    return f"{plain(100.0 * float(result.config.get('discount_rate_per_year') or 0.0), 0)}{NO_BREAK}%"


def environment(drawn: Mapping[tuple[str, str], str] = MappingProxyType({})) -> Environment:
    """Templates of the report; every value is escaped. `drawn`: SVG by name of a figure and width."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("sim.report", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawn"] = lambda figure, width: Markup(drawn[figure.name, width])
    return environment
