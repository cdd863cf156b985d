"""What a notebook shows for a run or a row of a comparison: a few lines of HTML, no figure, no file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.findings import finding
from sim.report.numbers import count, plain
from sim.report.wording import amount, context_words, margin_text, metric_words, sentence
from sim.units import months

if TYPE_CHECKING:
    from sim.experiments.compare import Comparison
    from sim.recorder import Run


def run_html(run: Run) -> str:
    """How long, who, and the size of every table."""
    from sim.events import SCHEMAS
    from sim.tables import replications_of

    people = run.customers
    won, live, left = (int(people[name].notna().sum()) for name in ("won_days", "go_live_days", "end_days"))
    replications = len(replications_of(run))
    lines = (
        f"{count(replications)} replication{'s' if replications != 1 else ''} of "
        f"{plain(months(run.windows.horizon_days), 0)} months; {count(len(people))} candidates: "
        f"{count(won)} won, {count(live)} of them live, {count(left)} of them gone by the end.",
    )
    rows = [
        (name, count(len(table)), ", ".join(column.name for column in SCHEMAS[name][1:5]) + " \N{HORIZONTAL ELLIPSIS}")
        for name, table in run.tables.items()
    ]
    return _page("Run", lines, ("table", "rows", "columns"), rows)


def comparison_html(row: Comparison) -> str:
    """The verdict as a sentence, the difference with its interval, the margin."""
    found = finding(row._asdict())
    text = sentence(found)
    lines = (
        text[:1].upper() + text[1:],
        f"Difference {amount(found).strip()}, margin {margin_text(found).strip()}, "
        f"{count(found.replications)} paired replications, {context_words(found.context)}.",
    )
    return _page(f"{metric_words(found.metric)}: {found.worded.replace('-', ' ')}", lines)


def _page(heading: str, lines: Any, columns: Any = (), rows: Any = ()) -> str:
    from sim.report.page import environment

    template = environment().get_template("notebook.html.j2")
    return template.render(heading=heading, lines=lines, columns=columns, rows=rows)
