"""The figures of a page as inline SVG, drawn by one process or by several, with the same bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from sim.experiments.ahead import Ahead
from sim.report.blocks import Figure
from sim.report.svg import draw

WIDTHS: Final = ("wide", "narrow")
"""Every figure is there twice: for a desktop and for a phone."""


class _Drawing(NamedTuple):
    plot: Callable[[Any], Any]
    inches: tuple[float, float]
    name: str
    """A short one before every id and class keeps the page small."""


def drawings(figures: Sequence[Figure], n_jobs: int) -> dict[tuple[str, str], str]:
    """Inline `<svg>` by name of the figure and width."""
    asked = {(one.name, width): (one.draw, getattr(one, width)) for one in figures for width in WIDTHS}
    assert len(asked) == len(WIDTHS) * len(figures), "figures of a page have names of their own"
    wanted = [_Drawing(*what, f"f{number}") for number, what in enumerate(asked.values())]
    numbers = range(len(wanted))
    with contextlib.closing(Ahead(partial(_drawn, wanted), numbers, n_jobs, lambda count: None)) as ahead:
        return {key: ahead.get(number) for key, number in zip(asked, numbers, strict=True)}


def _drawn(wanted: Sequence[_Drawing], numbers: Sequence[int], patient: bool) -> dict[int, str]:
    """Some of them; nobody else is ever at one."""
    found = {}
    for number in numbers:
        one = wanted[number]
        found[number] = draw(one.plot, *one.inches, name=one.name)
    return found
