"""A lesson of full size out of a synthetic table, and a tiny real one, each made once."""

from __future__ import annotations

import pytest
from lessons import SHARES, Taught, Whole, long_table, teach

from sim.classroom.lesson import lesson


@pytest.fixture(scope="session")
def whole() -> Whole:
    table = long_table(SHARES)
    return Whole(table, lesson(table, SHARES, "EUR"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Taught:
    """A real lesson: two policies of one's own, two steps, two replications of a small market over 30 months."""
    folder = tmp_path_factory.mktemp("lesson")
    steps = ",".join(f"step_{share}:['world.share_experience={share}']" for share in (0, 1))
    words = ("~contexts", f"+contexts={{{steps}}}", "replications=2", "candidates_share=0.1", "horizon_months=30")
    own = ("--policies=traditional,outcome_focused", "n_jobs=1", f"store={folder / 'store'}")
    return teach(folder / "tiny.html", *words, *own)
