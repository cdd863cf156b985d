"""The report in a real browser with the network off: nothing asked for, nothing to complain about."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import opened
from builder import write_result
from divergent import add_divergence

from sim.report import build_report

DESKTOP, PHONE = 1280, 390
SHOWN = "node => getComputedStyle(node).display !== 'none' && node.getBoundingClientRect().width > 0"
CUT_OFF = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).length"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_report(add_divergence(write_result(tmp_path_factory.mktemp("browser") / "demo")))


@pytest.mark.parametrize(("width", "drawing"), [(DESKTOP, "wide"), (PHONE, "narrow")])
def test_opens_offline_without_a_request_a_complaint_or_a_cut(report: Path, width: int, drawing: str) -> None:
    with opened(report, width) as seen:
        assert seen.requests == [report.resolve().as_uri()]
        assert seen.complaints == []
        assert seen.page.title() == "Experience against outcome"
        assert seen.page.locator(".drawing svg").count() > 0
        for figure in seen.page.locator("figure").all():
            visible = [one.get_attribute("class") for one in figure.locator(".drawing").all() if one.evaluate(SHOWN)]
            assert visible == [f"drawing {drawing}"]
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.page.locator("h1, h2, h3, p, .card, figure").evaluate_all(CUT_OFF) == 0


def test_a_page_that_asks_for_something_is_caught(tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text('<!DOCTYPE html><link rel="icon" href="data:,"><img src="http://example.org/x.png" alt="">')
    with opened(page) as seen:
        assert len(seen.requests) == 2
        assert seen.complaints
