"""outcomelab: what-if simulator for customer relationships.

Public names are imported on first use, so that `import sim` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.build import load_scenario
    from sim.checks import InputError
    from sim.experiments.compare import Comparison, compare
    from sim.experiments.replicate import Replicated, replicate
    from sim.recorder import Run
    from sim.scenario import Scenario, Windows
    from sim.simulation import simulate

_HOME = {
    "Comparison": "sim.experiments.compare",
    "InputError": "sim.checks",
    "Replicated": "sim.experiments.replicate",
    "Run": "sim.recorder",
    "Scenario": "sim.scenario",
    "Windows": "sim.scenario",
    "compare": "sim.experiments.compare",
    "load_scenario": "sim.build",
    "replicate": "sim.experiments.replicate",
    "simulate": "sim.simulation",
}
__all__ = [
    "Comparison",
    "InputError",
    "Replicated",
    "Run",
    "Scenario",
    "Windows",
    "compare",
    "load_scenario",
    "replicate",
    "simulate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
