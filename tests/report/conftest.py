"""One synthetic result and its page, built once for all tests of the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from builder import write_result


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_result(tmp_path_factory.mktemp("result") / "demo")


@pytest.fixture(scope="session")
def html(folder: Path) -> str:
    from sim.report import build_report

    return build_report(folder).read_text(encoding="utf-8")
