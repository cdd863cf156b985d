"""What a design answers, written beside the comparison: points, discovery, regret, sensitivity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.experiments.designs.discovery import (
    Discoveries,
    Discovery,
    Limit,
    Passed,
    discoveries,
    discovery_lines,
)
from sim.experiments.designs.regret import Asked, regret_lines, regrets, robustness
from sim.experiments.designs.sensitivity import Sensitivity, sensitivities, sensitivity_lines
from sim.experiments.designs.table import Points, design_table, points_of
from sim.tables import write_result

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from sim.experiments.plan import Study
    from sim.metrics.long import Measure


def write_answers(
    study: Study, folder: Path, metrics: pd.DataFrame, comparison: pd.DataFrame | None, known: Mapping[str, Measure]
) -> list[str]:
    """Write the tables of a study with a design; lines to print. Nothing without one."""
    designs = points_of(metrics)
    if not designs:
        return []
    write_result(design_table(designs), folder / "design.parquet")
    if comparison is None:
        return []
    settings, limit = study.settings, study.design.satisfied_at if study.design else None
    asked = Asked(settings.decision_metric, settings.worthwhile_difference, limit, known)
    lost = [regrets(metrics, one, asked, study.baseline) for one in designs]
    robust = [robustness(table) for table in lost if len(table)]
    found = [discoveries(comparison, one, settings.seed) for one in designs]
    _write(folder, "regret", lost)
    _write(folder, "robustness", robust)
    _write_discoveries(folder, found)
    told = [line for one in found for line in discovery_lines(one.rows)]
    told += _write_sensitivities(study, folder, comparison, designs)
    return told + [line for table in robust for line in regret_lines(table)]


def _write_sensitivities(study: Study, folder: Path, comparison: pd.DataFrame, designs: list[Points]) -> list[str]:
    import pandas as pd

    if study.design is None:
        return []
    rows = [row for one in designs for row in sensitivities(comparison, one, study.design, study.settings.seed)]
    _write(folder, "sensitivity", [pd.DataFrame(rows, columns=list(Sensitivity._fields))])
    return sensitivity_lines(rows)


def _write_discoveries(folder: Path, found: list[Discoveries]) -> None:
    import pandas as pd

    tables = {
        "discovery": pd.DataFrame([row for one in found for row in one.rows], columns=list(Discovery._fields)),
        "conditions": pd.DataFrame([row for one in found for row in one.limits], columns=list(Limit._fields)),
        "peeling": pd.DataFrame([row for one in found for row in one.passed], columns=list(Passed._fields)),
    }
    for name, table in tables.items():
        _write(folder, name, [table])


def _write(folder: Path, name: str, tables: list[pd.DataFrame]) -> None:
    import pandas as pd

    if any(len(table) for table in tables):
        write_result(pd.concat(tables, ignore_index=True), folder / f"{name}.parquet")
