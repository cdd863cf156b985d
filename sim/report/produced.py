"""The produced block of a document: figure, tables and the commands that made them, never typed by hand."""

from __future__ import annotations

import re
import shlex
from os.path import relpath
from pathlib import Path

from sim.checks import InputError
from sim.experiments.collect import SAID
from sim.report.blocks import Figure, Table
from sim.report.image import save
from sim.report.page import sections
from sim.report.result import Result, read_result
from sim.tables import write_atomically

_BLOCK = re.compile(
    r"<!-- produced(?:: (?P<figure>[\w-]+)(?P<tables>(?:, [\w-]+)*))? -->\n.*?<!-- /produced -->", re.DOTALL
)
LEADING = ("claims", "answer")
"""The figure of a document that names none (`<!-- produced: retention -->` does); else the report's first. Tables named
after it (`<!-- produced: answer, tariffs -->`) are shown as well."""
_SHOWN = ("claims", "robustness", "answer")
"""Tables of every document whose result has them."""


def write_produced(folder: Path, document: Path) -> Path:
    """Rewrite the block of `document` from the result in `folder`; the figure lies in `docs/figures`."""
    block = block_of(document)
    result = read_result(folder)
    parts = sections(result)
    figures = {one.name: one for part in parts for one in part.blocks if isinstance(one, Figure)}
    tables = {one.name: one for part in parts for one in part.tables()}
    figure = _chosen(figures, block["figure"])
    picture = _home(document) / f"{document.stem}.svg"
    save(figure, picture)
    asked = re.findall(r"[\w-]+", block["tables"] or "")
    if unknown := [name for name in asked if name not in tables]:
        raise InputError(f"the block must name tables among {', '.join(tables)}, got {unknown[0]}")
    mark = block.group().partition("\n")[0]
    own = dict.fromkeys((figure.name, *(name for name in _SHOWN if name in figures)))
    shown = {name: figures[name].table for name in own} | {name: tables[name] for name in asked}
    lines = [
        f"![{figure.question}]({relpath(picture, document.parent)})",
        _made_by(result, document),
        *map(markdown, shown.values()),
        *_said(folder),
    ]
    _fill(document, block, mark, "\n\n".join(lines))
    return document


def write_lines(document: Path, command: str, lines: list[str]) -> None:
    """Rewrite the block of `document` with what a command printed."""
    inner = "\n".join([f"*Made by* `{command}`.", "", "```text", *lines, "```"])
    _fill(document, block_of(document), "<!-- produced -->", inner)


def block_of(document: Path) -> re.Match[str]:
    """The produced block of a document, or an InputError."""
    if not document.is_file():
        raise InputError(f"--page must be a document that exists, got {document}")
    found = list(_BLOCK.finditer(document.read_text(encoding="utf-8")))
    if len(found) != 1:
        raise InputError(
            f"--page must be a document with one block <!-- produced --> .. <!-- /produced -->, got {document}"
        )
    return found[0]


def _fill(document: Path, block: re.Match[str], mark: str, inner: str) -> None:
    text = block.string
    new = f"{text[: block.start()]}{mark}\n{inner}\n<!-- /produced -->{text[block.end() :]}"
    write_atomically(document, new.encode())


def _chosen(figures: dict[str, Figure], name: str | None) -> Figure:
    if not figures:
        raise InputError("--page must be given a result with a figure, got one without")
    if name is not None and name not in figures:
        raise InputError(f"the block must name one of {', '.join(figures)}, got {name}")
    return figures[name or next((one for one in LEADING if one in figures), next(iter(figures)))]


def _said(folder: Path) -> list[str]:
    """The lines of the experiment's own statement."""
    path = folder / SAID
    return [f"```text\n{path.read_text(encoding='utf-8')}```"] if path.is_file() else []


def _home(document: Path) -> Path:
    """`docs/figures` of the document's project, or `figures` beside a document that has no project."""
    places = (document.parent, document.parent.parent)
    return next((place / "docs" / "figures" for place in places if (place / "docs").is_dir()), places[0] / "figures")


def _made_by(result: Result, document: Path) -> str:
    """The commands, without the folder somebody chose."""
    typed = shlex.split(str(result.manifest.get("command", "")))
    command = shlex.join(word for word in typed if not word.startswith("output="))
    name = document.name if not document.parent.name else f"{document.parent.name}/{document.name}"
    return f"*Made by* `{command}` *and* `outcomelab report --page {name}`."


def markdown(table: Table) -> str:
    """A table as Markdown under its caption; groups of rows are bold."""
    aligned = ["--:" if place in table.numeric else "---" for place in range(len(table.columns))]
    rows = [table.columns, aligned, *(_row(row) for row in table.shown)]
    lines = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    more = [f"\n*{table.hidden} more rows: `outcomelab report --csv`.*"] if table.hidden else []
    return "\n".join([f"*{table.caption}.*", "", *lines, *more])


def _row(row: tuple[str | None, ...]) -> tuple[str | None, ...]:
    return (f"**{row[0]}**", *row[1:]) if not any(row[1:]) else row


def _cell(cell: str | None) -> str:
    return (cell or "").replace("|", "\\|").replace("\n", "<br>")
