"""What is known about metrics by name: definition, unit, direction, leading view.

A family's module says it in MEASURES; families are found, not registered: the shipped ones by listing
this folder, a user's own through the functions of the scenario.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.metrics.long import Measure

_UNKNOWN = Measure("No definition is given.", "")
TENURE = re.compile(r"_\d+(\.\d+)?$")
"""What a metric's name ends in where it is read at so many months."""


def measures_of(families: Iterable[Any]) -> dict[str, Measure]:
    """Measures declared in the modules of these functions (or partials of them)."""
    found: dict[str, Measure] = {}
    for family in families:
        module = sys.modules.get(getattr(getattr(family, "func", family), "__module__", ""))
        found |= getattr(module, "MEASURES", {})
    return found


def names_of(families: Iterable[Any]) -> dict[str, Measure]:
    """Every metric these functions compute, by its name in the long table: `nrr_12` and its like where a family has
    `months` at which it is read."""
    found: dict[str, Measure] = {}
    for family in families:
        months = getattr(family, "keywords", {}).get("months")
        months = months if isinstance(months, (list, tuple)) else ()
        for name, measure in measures_of([family]).items():
            read = [f"{name}_{month:g}" for month in months] if measure.timed and months else [name]
            found |= dict.fromkeys(read, measure)
    return found


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Measure]:
    """Measures of every module in this folder."""
    names = sorted(info.name for info in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [importlib.import_module(f"sim.metrics.{name}") for name in names]
    return {key: value for module in modules for key, value in getattr(module, "MEASURES", {}).items()}


def about(metric: str, known: Mapping[str, Measure] | None = None) -> Measure:
    """The Measure of a metric; `logo_retention_12` is found under `logo_retention`."""
    table = shipped() if known is None else {**shipped(), **known}
    return table.get(metric) or table.get(TENURE.sub("", metric)) or _UNKNOWN


def definitions(metrics: Iterable[str], known: Mapping[str, Measure] | None = None) -> dict[str, str]:
    """Metric -> its sentence, for `definitions.json`."""
    return {metric: about(metric, known).definition for metric in sorted(set(metrics))}
