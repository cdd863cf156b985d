"""The points of a design as a table, read back out of the long table: contexts x keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.arms import NO_CONTEXT, POINT
from sim.metrics.facts import Floats

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Points:
    """The points of one design within one declared context."""

    base: str
    """The declared context and swept keys that the points were added to; `-` for none."""
    contexts: tuple[str, ...]
    keys: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    """Per point the value of every key, as written."""

    @property
    def places(self) -> Floats:
        """(points, keys) numbers; words are numbered in the order of their first appearance."""
        columns = [_numbers(column) for column in zip(*self.labels, strict=True)]
        return np.array(columns, np.float64).T

    def words(self, key: str) -> tuple[str, ...]:
        """The words a key takes, in the order of their numbers; empty for a key of numbers."""
        column = [row[self.keys.index(key)] for row in self.labels]
        return () if all(map(_is_number, column)) else tuple(dict.fromkeys(column))


def points_of(metrics: pd.DataFrame) -> list[Points]:
    """Every design of a long table with a column `point`; none without."""
    names = list(metrics.columns)
    if POINT not in names:
        return []
    keys = names[names.index(POINT) + 1 : names.index("replication")]
    rows = metrics.dropna(subset=[POINT])[["context", *keys]].drop_duplicates("context")
    rows = rows.assign(base=[base_name(str(context)) for context in rows["context"]])
    return [
        Points(
            str(base),
            tuple(map(str, group["context"])),
            tuple(keys),
            tuple(tuple(map(str, row)) for row in group[keys].to_numpy()),
        )
        for base, group in rows.groupby("base", sort=False)
    ]


def design_table(designs: list[Points]) -> pd.DataFrame:
    """Rows (base, context, key, value, label): what `design.parquet` holds."""
    import pandas as pd

    rows = [
        (one.base, context, key, float(number), label)
        for one in designs
        for context, numbers, labels in zip(one.contexts, one.places, one.labels, strict=True)
        for key, number, label in zip(one.keys, numbers, labels, strict=True)
    ]
    return pd.DataFrame(rows, columns=["base", "context", "key", "value", "label"])


def base_name(context: str) -> str:
    """The declared context (and swept keys) that a point was added to; `-` for none."""
    head, _, _ = context.rpartition(f"{POINT}=")
    return head.rstrip(",") or NO_CONTEXT


def _is_number(label: str) -> bool:
    try:
        return bool(np.isfinite(float(label)))
    except ValueError:
        return False


def _numbers(column: tuple[str, ...]) -> list[float]:
    if all(map(_is_number, column)):
        return [float(label) for label in column]
    known = list(dict.fromkeys(column))
    return [float(known.index(label)) for label in column]
