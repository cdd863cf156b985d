"""Lives as text: side by side by date where the line is wide enough, else one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from textwrap import wrap

from sim.story.lives import Life
from sim.story.telling import Entry, entries, summary
from sim.story.words import on

DATE_WIDTH = 11
GAP = "  "
NARROWEST = 40
"""Characters of a column that still reads well."""
WIDEST = 160


def pages(lives: Sequence[Life], width: int) -> list[str]:
    """Lines of all lives; as many columns as fit, further lives below."""
    room = min(width, WIDEST) - DATE_WIDTH
    columns = max(1, min(len(lives), room // (NARROWEST + len(GAP) + 1)))
    lines: list[str] = []
    for first in range(0, len(lives), columns):
        lines += _beside(lives[first : first + columns], room) + [""]
    return lines


def _beside(lives: Sequence[Life], room: int) -> list[str]:
    """One row per date; what happened on one day stands on one height."""
    cell = max(20, room // len(lives) - len(GAP) - 1)
    days: dict[date, list[list[str]]] = {}
    for column, life in enumerate(lives):
        for entry in entries(life):
            cells = days.setdefault(life.setting.day(entry.days), [[] for _ in lives])
            cells[column] += _wrapped(entry, cell)
    lines = _row("", [[life.arm] for life in lives], cell)
    lines += _row("-" * DATE_WIDTH, [["-" * cell] for _ in lives], cell)
    for day in sorted(days):
        lines += _row(on(day), days[day], cell)
    lines += _row("-" * DATE_WIDTH, [["-" * cell] for _ in lives], cell)
    return lines + _row("", [wrap(summary(life), cell) for life in lives], cell)


def _wrapped(entry: Entry, width: int) -> list[str]:
    return wrap(entry.text, width, subsequent_indent="  ")


def _row(label: str, cells: Sequence[Sequence[str]], cell: int) -> list[str]:
    """A row of cells of several lines each."""
    height = max(len(lines) for lines in cells)
    made = []
    for number in range(height):
        words = [lines[number] if number < len(lines) else "" for lines in cells]
        start = label if number == 0 else ""
        made.append(GAP.join([f"{start:<{DATE_WIDTH}}", *(f"{word:<{cell}}" for word in words)]).rstrip())
    return made


def person(life: Life, width: int) -> list[str]:
    """Who it is: the same in every arm."""
    p, currency = life.person, life.setting.currency
    patience = f"A lead of this kind waits {p['patience_days']:.0f} days for an answer."
    user = "The buyer also uses it." if p["buyer_is_user"] else "The buyer does not use it."
    told = [
        f"{p['seats']:.0f} seats, {p['list_price_per_month']:,.0f} {currency} a month at list price. {user}",
        f"Reaching its whole goal would be worth {p['goal_value_per_month']:,.0f} {currency} a month to it.",
        f"What nobody in the firm sees: the product can deliver {100 * p['fit']:.0f} % of that goal (fit). {patience}",
    ]
    return [line for sentence in told for line in wrap(sentence, min(width, WIDEST))]
