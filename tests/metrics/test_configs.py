"""Every metric family's YAML: keyed by its own name, complete, with the grade of each default."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import pytest
import yaml
from handmade import weights

from sim.metrics.catalogue import names_of
from sim.metrics.long import LONG_COLUMNS, Measure

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

FOLDER = Path(__file__).parents[2] / "configs" / "metrics"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_yaml_says_all_that_the_family_asks(path: Path) -> None:
    tree = yaml.safe_load(path.read_text())
    assert list(tree) == [path.stem]
    keys = dict(tree[path.stem])
    module, _, name = keys.pop("_target_").rpartition(".")
    assert keys.pop("_partial_") is True
    family = getattr(importlib.import_module(module), name)
    parameters = list(inspect.signature(family).parameters.values())
    assert parameters[0].name == "run"
    assert {p.name for p in parameters[1:]} == set(keys)
    assert all(p.kind is p.KEYWORD_ONLY and p.default is p.empty for p in parameters[1:])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_default_states_its_grade(path: Path) -> None:
    for line in path.read_text().splitlines():
        key, _, value = line.strip().partition(":")
        if value.strip() and not key.startswith("_") and "${" not in value:
            assert "# " in line, f"{key} needs a grade and a source"


def bound(path: Path) -> tuple[ModuleType, Callable[[Run], pd.DataFrame]]:
    """The module of a family, and the family as its YAML sets it."""
    tree = yaml.safe_load(path.read_text())[path.stem]
    module = importlib.import_module(tree["_target_"].rpartition(".")[0])
    arguments = {key: value for key, value in tree.items() if not key.startswith("_")}
    arguments = {key: 1.0 if "${" in str(value) else value for key, value in arguments.items()}
    if "besides" in arguments:
        arguments["besides"] = weights()
    if "start_date" in arguments:
        arguments["start_date"] = "2025-01-06"
    return module, partial(getattr(module, path.stem), **arguments)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_firm_to_which_nobody_came_is_measured(path: Path) -> None:
    from handmade import Handmade

    tables = Handmade(3)
    for account, amount in (("budget", 50.0), ("spend_sales", -20.0), ("reserve", -30.0)):
        tables.money(0.0, -1, account, amount)
    assert not np.isinf(bound(path)[1](tables.run())["value"]).any()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_family_defines_what_it_returns(path: Path) -> None:
    from handmade import Handmade

    module, family = bound(path)
    tables = Handmade(60)
    tables.customer(1, won=0.0)
    frame = family(tables.run())
    assert tuple(frame.columns) == LONG_COLUMNS
    assert set(frame["metric"]) == set(names_of([family]))
    assert set(names_of([family]).values()) == set(module.MEASURES.values())
    assert all(isinstance(m, Measure) for m in module.MEASURES.values())
    assert not frame.duplicated(["metric", "view", "segment", "time_days"]).any()
    for metric, measure in module.MEASURES.items():
        views = set(frame.loc[frame["metric"].str.startswith(metric), "view"])
        assert measure.view in views, f"{metric} has no rows in its leading view"
