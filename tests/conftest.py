"""Options and shared helpers of all tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test is judged by the clock: machines are shared and noisy.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
sys.path.insert(0, str(Path(__file__).parent))
os.environ.pop("OUTCOMELAB_STORE", None)  # tests keep their replications in folders of their own


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--full`: long verification runs (queues to 2 %) instead of the suite's."""
    parser.addoption("--full", action="store_true", help="long verification runs instead of the suite's")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `full` are left out unless they are asked for: the suite has to stay below ten minutes."""
    if not config.getoption("--full"):
        for item in items:
            if item.get_closest_marker("full"):
                item.add_marker(pytest.mark.skip(reason="a long verification: pytest --full"))


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the long verification was asked for."""
    return bool(request.config.getoption("--full"))
