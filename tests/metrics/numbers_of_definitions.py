"""The shipped numbers of the family `definitions`, for tests of single metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from handmade import Handmade, value_of

from sim.metrics.definitions import definitions
from sim.recorder import Run

_SHIPPED = Path(__file__).parents[2] / "configs" / "metrics" / "definitions.yaml"


def numbers(**changes: Any) -> dict[str, Any]:
    tree = yaml.safe_load(_SHIPPED.read_text())["definitions"]
    shipped = {key: value for key, value in tree.items() if not key.startswith("_")}
    return {**shipped, "start_date": "2026-01-05", "scale_low": 0.0, "scale_high": 10.0, **changes}


def measured(tables: Handmade | Run, **changes: Any) -> pd.DataFrame:
    run = tables.run() if isinstance(tables, Handmade) else tables
    return definitions(run, **numbers(**changes))


def defined(frame: pd.DataFrame, metric: str, definition: str) -> float:
    return value_of(frame, f"{metric}_defined", definition)
