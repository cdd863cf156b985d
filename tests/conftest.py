"""Options and shared helpers of all tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
os.environ.pop("OUTCOMELAB_STORE", None)  # tests keep their replications in folders of their own


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--full`: long verification runs (queues to 2 %) instead of the suite's."""
    parser.addoption("--full", action="store_true", help="long verification runs instead of the suite's")


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the long verification was asked for."""
    return bool(request.config.getoption("--full"))
