"""Plot functions: axes in, axes out, no global state, readable without colour."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from sim.report import plot
from sim.report.plot.course import course
from sim.report.plot.differences import row_height
from sim.report.plot.panels import panels
from sim.report.result import read_result
from sim.report.sections.budget import allocation
from sim.report.sections.retention import curves
from sim.report.style import ACCOUNTS, NARROW_INCHES, WIDE_INCHES, arm_style
from sim.report.svg import draw, house_style, lay_out


def test_every_plot_returns_axes_and_accepts_them(folder: Path) -> None:
    result = read_result(folder)
    context = result.contexts[0]
    curve, money = curves(result), allocation(result)
    points = pd.DataFrame({"arm": ["a"], "months": [12], "mean": [0.9], "low": [0.8], "high": [1.0]})
    calls = (
        lambda ax: plot.differences(result.findings(result.decision_metric), ax=ax),
        lambda ax: plot.differences(result.comparison, currency="EUR", ax=ax),
        lambda ax: plot.retention(curve[curve["context"] == context], ax=ax),
        lambda ax: plot.budget(money, "EUR", ax=ax),
        lambda ax: plot.tenure(points, ax=ax),
    )
    for call in calls:
        mine = Figure().subplots()
        assert call(mine) is mine
        assert call(None).figure is not mine.figure


def test_importing_the_report_imports_no_matplotlib() -> None:
    code = "import sys, sim.report, sim.report.plot; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_drawing_leaves_no_global_state(folder: Path) -> None:
    code = (
        "import sys, matplotlib; known = [k for k in matplotlib.rcParams if k != 'backend']; "
        "before = [matplotlib.rcParams[k] for k in known]; "
        "from pathlib import Path; from sim.report.page import page; from sim.report.result import read_result; "
        f"page(read_result(Path({str(folder)!r}))); "
        "assert 'matplotlib.pyplot' not in sys.modules; assert [matplotlib.rcParams[k] for k in known] == before"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_svg_is_the_same_bytes_and_holds_no_date_or_address() -> None:
    def one(figure: Figure) -> None:
        figure.subplots().fill_between([0, 1], [0, 1], hatch="//")

    first, second = draw(one, 3.0, 2.0, "a"), draw(one, 3.0, 2.0, "a")
    assert first == second
    assert "http" not in first and "date" not in first.lower() and "metadata" not in first
    assert 'id="a-' in first and "url(#a-" in first


@pytest.mark.parametrize("width", [NARROW_INCHES, WIDE_INCHES])
def test_long_names_of_arms_stay_clear_of_verdicts_and_of_panels(folder: Path, width: float) -> None:
    long = [f"operations optimised+outcome trued up+{kind} moments" for kind in ("all", "some", "few")] * 5
    (first, *_) = read_result(folder).findings("net_cash_per_candidate")
    rows = [first._replace(arm=f"{name} {number}", context="-") for number, name in enumerate(long)]
    curves = pd.DataFrame({"arm": [row.arm for row in rows], "months": 12, "mean": 0.9, "low": 0.8, "high": 1.0})
    with house_style(), warnings.catch_warnings(action="error"):
        figure = Figure(figsize=(width, row_height(len(rows))), layout="constrained")
        ax = plot.differences(rows, ax=figure.subplots())
        lay_out(figure)
        boxes = [(text, text.get_window_extent()) for text in ax.texts]
        for text, box in boxes:
            others = [other for one, other in boxes if one is not text]
            assert not any(box.overlaps(other) for other in others), text.get_text()
        stack = Figure(figsize=(width, 3.1), layout="constrained")
        panels(stack, ["here"], lambda ax, _: course(curves, ax=ax))
        lay_out(stack)
        assert stack.axes[0].get_position().height * stack.get_figheight() > 1.0


def test_arms_and_accounts_differ_without_colour() -> None:
    looks = [(arm_style(i).marker, str(arm_style(i).dash)) for i in range(16)]
    assert len(set(looks)) == len(looks)
    greys = [(round(_grey(style.colour), 1), style.hatch) for style in ACCOUNTS.values()]
    assert len(set(greys)) >= len(greys) - 1


def _grey(colour: str) -> float:
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue
