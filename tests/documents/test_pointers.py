"""Documents point at files and tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACE = re.compile(r"`((?:tests|sim|configs|experiments|docs)/[\w./-]+?)(?:::(\w+))?`")
PAGES = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("experiments/*.md"), ROOT / "README.md"])
MADE_BY_RUNNING = ("docs/figures/",)


def places(text: str) -> list[tuple[str, str]]:
    """(file or folder, test name or nothing) of every pointer in a document."""
    return [(file, name) for file, name in PLACE.findall(text) if not file.startswith(MADE_BY_RUNNING)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_pointer_leads_somewhere(page: Path) -> None:
    for file, name in places(page.read_text(encoding="utf-8")):
        target = ROOT / file
        assert target.exists(), f"{page.name} points at {file}"
        if name:
            assert f"def {name}(" in target.read_text(encoding="utf-8"), f"{page.name} points at {file}::{name}"


def test_the_check_would_notice_a_dead_pointer() -> None:
    assert places("see `tests/none.py::test_nothing`") == [("tests/none.py", "test_nothing")]
    assert not (ROOT / "tests/none.py").exists()
