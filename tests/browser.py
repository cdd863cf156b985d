"""A page in headless Chromium with the network off; where there is no browser, tests are skipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@dataclass
class Opened:
    """An open page, what it asked for and what it complained about."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def executable() -> str:
    """The browser of this machine, or the test is skipped."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the report is not opened")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("chromium is not installed: the report is not opened in a browser")
    return str(found)


@contextmanager
def opened(path: Path, width: int = 1280) -> Iterator[Opened]:
    """`path` in a fresh profile, offline; every address but the file's own is refused as well."""
    binary = executable()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=list(FLAGS))
        context = browser.new_context(offline=True, viewport={"width": width, "height": 900})
        page = context.new_page()
        seen = Opened(page)
        page.route(lambda url: not url.startswith(("file:", "data:")), lambda route: route.abort())
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("requestfailed", lambda request: seen.complaints.append(f"failed: {request.url}"))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("console", lambda said: seen.complaints.append(f"{said.type}: {said.text}"))
        page.goto(path.resolve().as_uri(), wait_until="networkidle")
        yield seen
        browser.close()
