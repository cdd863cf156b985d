"""One figure of a report as a file of its own, for a README or slides."""

from __future__ import annotations

from pathlib import Path

from sim.checks import InputError
from sim.report.blocks import Figure
from sim.report.page import sections
from sim.report.result import read_result
from sim.report.style import INK
from sim.report.svg import house_style, lay_out

KINDS = (".svg", ".png")
_TITLE_INCHES = 0.45


def write_figure(folder: Path, target: Path) -> Path:
    """Write the figure that the file is named after (`answer.svg` is the figure `answer`), question on top."""
    if target.suffix not in KINDS:
        raise InputError(f"--figure must be a file ending in {' or '.join(KINDS)}, got {target}")
    found = {one.name: one for one in figures(folder)}
    if target.stem not in found:
        raise InputError(f"--figure must be named after one of {', '.join(found)}, got {target.name}")
    save(found[target.stem], target)
    return target


def figures(folder: Path) -> list[Figure]:
    """Every figure of the report of a result folder."""
    return [block for one in sections(read_result(folder)) for block in one.blocks if isinstance(block, Figure)]


def save(figure: Figure, target: Path) -> None:
    """Write one figure with its question above it, clear of any legend; the file's ending says in which format."""
    import matplotlib
    from matplotlib.figure import Figure as Canvas
    from matplotlib.transforms import Bbox

    width, height = figure.wide
    metadata = {"Date": None, "Title": figure.question} if target.suffix == ".svg" else {"Software": None}
    target.parent.mkdir(parents=True, exist_ok=True)
    with house_style(), matplotlib.rc_context({"svg.fonttype": "path"}):
        whole = Bbox.from_extents(0.0, 0.0, width, height + _TITLE_INCHES)
        canvas = Canvas(figsize=(width, height), layout="constrained")
        figure.draw(canvas)
        lay_out(canvas)
        for legend in canvas.legends:  # where it was laid out, not at the top of what is saved
            legend.set_bbox_to_anchor((0.0, 0.0, 1.0, 1.0), canvas.transFigure)
        title = canvas.text(0.01, 1.0 + 0.5 * _TITLE_INCHES / height, figure.question, va="center", ha="left")
        title.set(fontweight="bold", fontsize="large", color=INK)
        canvas.savefig(target, dpi=160, metadata=metadata, bbox_inches=whole)
