"""Figure -> inline SVG text: the same bytes every time, no date, no address, no clash of names."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sim.report.style import FONT_SIZE, INK, MUTED, PAPER

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SETTINGS: Any = {
    "svg.hashsalt": "outcomelab",
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": FONT_SIZE,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "hatch.linewidth": 0.5,
    "hatch.color": "#5b6b7d",
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
}
"""`fonttype none` keeps text as text (small, selectable). It is laid out in DejaVu Sans, which is
wider than the fonts that readers have, so nothing can run into something else."""

_NAMESPACES = re.compile(r'\s+xmlns(:\w+)?="[^"]*"')
_UNUSED = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->|<\?xml.*?\?>|<!DOCTYPE.*?>", re.DOTALL)
_FONT = re.compile(r"'DejaVu Sans'(?:, [^;\"]*)?|DejaVu Sans")
_SIZE = re.compile(r'<svg ([^>]*?)width="([\d.]+)pt"')
_HEIGHT = re.compile(r'(<svg [^>]*?)height="([\d.]+)pt"')
_GEOMETRY = re.compile(r'(?<=[ "])(?:d|x|y|transform|points)="[^"]*"')
_DIGITS = re.compile(r"(\.\d\d)\d+")
"""Coordinates keep a hundredth of a point: nobody sees more, and the page is a third smaller."""
_BETWEEN = re.compile(r">\s*\n\s*<")


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib's settings of the report, for the time of one drawing."""
    import matplotlib

    with matplotlib.rc_context(_SETTINGS):
        yield


def draw(plot: Callable[[Figure], Any], width: float, height: float, name: str) -> str:
    """`plot` on an empty figure of `width` x `height` inches, as an inline `<svg>` whose ids begin with `name`."""
    from matplotlib.figure import Figure

    with house_style():
        figure = Figure(figsize=(width, height), layout="constrained")
        plot(figure)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return inline(buffer.getvalue(), name)


def inline(svg: str, name: str) -> str:
    """A stand-alone SVG made fit for use inside HTML: no prolog, no metadata, ids prefixed by `name`."""
    svg = _UNUSED.sub("", svg).strip()
    svg = _NAMESPACES.sub("", svg).replace("xlink:href", "href")
    svg = _GEOMETRY.sub(lambda found: _DIGITS.sub(r"\1", found[0]), svg)
    svg = _only_used_ids(svg, name)
    svg = _FONT.sub("var(--sans)", svg)
    svg = _SIZE.sub(r"<svg \1", svg)
    svg = _HEIGHT.sub(r'\1aria-hidden="true" focusable="false"', svg)
    return _BETWEEN.sub(">\n<", svg)


def _only_used_ids(svg: str, name: str) -> str:
    used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', svg))

    def renamed(match: re.Match[str]) -> str:
        return f' id="{name}-{match[1]}"' if match[1] in used else ""

    svg = re.sub(r'\s+id="([^"]+)"', renamed, svg)
    return re.sub(r'(url\(|href=")#', rf"\g<1>#{name}-", svg)
