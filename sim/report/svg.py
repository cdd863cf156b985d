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
_DIGITS = re.compile(r"(\.\d)\d+")
"""Coordinates keep a tenth of a point: nobody sees more, and the page is a third smaller."""
_UNTURNED = re.compile(r' transform="rotate\(-0 [^"]*\)"')
_PATH_LINES = re.compile(r' ?\n(?=[A-Za-z"])')
_GROUP = re.compile(r"\s*(<g/>|<g(?: [^>]*)?>|</g>)")
_STYLE = re.compile(r'style="([^"]*)"')
_BETWEEN = re.compile(r">\s*\n\s*<")


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib's settings of the report, for the time of one drawing."""
    import matplotlib

    with matplotlib.rc_context(_SETTINGS):
        yield


def draw(plot: Callable[[Figure], Any], width: float, height: float, name: str) -> str:
    """`plot` on an empty figure of `width` x `height` inches, as an inline `<svg>` whose ids begin with `name`."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with house_style():
        figure = Figure(figsize=(width, height), layout="constrained")
        plot(figure)
        lay_out(figure)
        buffer = io.StringIO()
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return inline(buffer.getvalue(), name)


def lay_out(figure: Figure) -> None:
    """Place everything once; `savefig` would draw the whole figure for that once more."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")


def inline(svg: str, name: str) -> str:
    """A stand-alone SVG made fit for use inside HTML: no prolog, no metadata, ids prefixed by `name`."""
    svg = _UNUSED.sub("", svg).strip()
    svg = _NAMESPACES.sub("", svg).replace("xlink:href", "href")
    svg = _GEOMETRY.sub(lambda found: _DIGITS.sub(r"\1", found[0]), svg)
    svg = _only_used_ids(svg, name)
    svg = _FONT.sub("var(--sans)", svg)
    svg = _SIZE.sub(r"<svg \1", svg)
    svg = _HEIGHT.sub(r'\1aria-hidden="true" focusable="false"', svg)
    return _BETWEEN.sub(">\n<", _smaller(svg, name))


def _smaller(svg: str, name: str) -> str:
    """The same drawing in half the bytes: looks named once, groups that say nothing taken away."""
    svg = _without_plain_groups(_PATH_LINES.sub("", _UNTURNED.sub("", svg)))
    looks: dict[str, str] = {}
    svg = _STYLE.sub(lambda found: f'class="{looks.setdefault(found[1], f"{name}-{len(looks)}")}"', svg)
    sheet = "".join(f".{look}{{{text}}}" for text, look in looks.items())
    return re.sub(r"(<svg [^>]*>)", rf"\1<style>{sheet}</style>", svg, count=1)


def _without_plain_groups(svg: str) -> str:
    """`<g>` without attributes changes nothing; its end goes with it."""
    kept: list[bool] = []

    def told(found: re.Match[str]) -> str:
        tag = found[1]
        if tag == "<g/>":
            return ""
        if tag != "</g>":
            kept.append(tag != "<g>")
        return found[0] if (kept.pop() if tag == "</g>" else kept[-1]) else ""

    return _GROUP.sub(told, svg)


def _only_used_ids(svg: str, name: str) -> str:
    """Ids that something refers to, as `name-a`, `name-b` and so on; the others go."""
    used = dict.fromkeys(re.findall(r'(?:url\(|href=")#([^)"]+)', svg))
    short = {long: f"{name}-{_letters(place)}" for place, long in enumerate(used)}
    svg = re.sub(r'\s+id="([^"]+)"', lambda found: f' id="{short[found[1]]}"' if found[1] in short else "", svg)
    return re.sub(r'(url\(|href=")#([^)"]+)', lambda found: f"{found[1]}#{short[found[2]]}", svg)


def _letters(number: int) -> str:
    """a, b ... z, ba, bb ...: never a digit, which classes have."""
    head, last = divmod(number, 26)
    return (_letters(head) if head else "") + chr(ord("a") + last)
