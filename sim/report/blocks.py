"""What a section is made of: tables, figures and notes, with no HTML in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sim.report.style import NARROW_INCHES, WIDE_INCHES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Canvas


MOST_ROWS = 60
"""A longer table of numbers ends here on the page; `outcomelab report --csv` has all of it."""


@dataclass(frozen=True)
class Table:
    """A table of ready texts; the first `row_heads` columns name the row, None is an empty cell.

    A line break in a cell starts a small second line; a row with only its first cell heads a group.
    """

    shape: ClassVar[str] = "table"
    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    row_heads: int = 1
    numeric: tuple[int, ...] = ()
    """Positions of columns of numbers, aligned right."""
    frame: pd.DataFrame | None = None
    """The same numbers unrounded, for CSV (default: the texts)."""

    @property
    def hidden(self) -> int:
        """Rows left to the CSV, so that a sweep over many contexts stays one small page."""
        return max(len(self.rows) - MOST_ROWS, 0) if self.frame is not None else 0

    @property
    def shown(self) -> tuple[tuple[str | None, ...], ...]:
        """Rows on the page."""
        return self.rows[: len(self.rows) - self.hidden]

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.columns) for row in self.rows), self.name


@dataclass(frozen=True)
class Figure:
    """A figure that answers the question in its title, with its numbers as a table."""

    shape: ClassVar[str] = "figure"
    name: str
    question: str
    alt: str
    draw: Callable[[Canvas], Any]
    """Draws on an empty matplotlib figure of one of the two sizes."""
    table: Table
    reading: str = ""
    """How to read it and what it shows, one or two sentences."""
    wide: tuple[float, float] = (WIDE_INCHES, 3.2)
    narrow: tuple[float, float] = (NARROW_INCHES, 3.2)
    """Width and height in inches on a desktop and on a phone."""
    open_table: bool = False
    """Whether the table is always visible, not folded."""


@dataclass(frozen=True)
class Note:
    """A paragraph; `tone` is plain, lead, quiet or warning."""

    shape: ClassVar[str] = "note"
    text: str
    tone: str = "plain"


@dataclass(frozen=True)
class Folded:
    """Tables behind a summary line."""

    shape: ClassVar[str] = "folded"
    summary: str
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Code:
    """A command to copy."""

    shape: ClassVar[str] = "code"
    text: str


@dataclass(frozen=True)
class Card:
    """One finding to be seen at a glance; `tone` is a verdict word."""

    heading: str
    number: str
    unit: str
    lines: tuple[str, ...]
    tone: str


@dataclass(frozen=True)
class Cards:
    """Findings side by side where the page is wide enough."""

    shape: ClassVar[str] = "cards"

    cards: tuple[Card, ...]


Block = Table | Figure | Note | Folded | Code | Cards


@dataclass(frozen=True)
class Section:
    """A heading and its blocks."""

    name: str
    heading: str
    blocks: Sequence[Block] = field(default_factory=tuple)

    def tables(self) -> list[Table]:
        """Every table of the section, those of figures included."""
        return [table for block in self.blocks for table in _tables(block)]


def _tables(block: Block) -> tuple[Table, ...]:
    match block:
        case Table():
            return (block,)
        case Figure():
            return (block.table,)
        case Folded():
            return block.tables
        case _:
            return ()
