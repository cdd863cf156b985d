"""The long table every metric family returns, and what is said about each metric."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

INSTALLED = "installed"
"""Stream of the customers of old."""
MONEY_PER_CANDIDATE = "money per candidate"
"""Unit of what is earned, spent or gained per primary candidate of the acquisition window, discounted."""
LONG_COLUMNS = ("metric", "view", "segment", "time_days", "value", "n")


class Measure(NamedTuple):
    """What one metric means; names with a tenure (`logo_retention_12`) share one Measure."""

    definition: str
    unit: str
    higher_is_better: bool = True
    view: str = "truth"
    """The view named in verdict lines; other views and segments are details."""
    timed: bool = False
    """Whether `time_days` belongs to the metric (a tenure), rather than being one reading of many. A family whose
    `months` say at which tenures adds each of them to the name."""
    attained: bool = False
    """Whether it is undefined where something was not attained (paid back, reached by half), not where cases lack: then
    a replication in which one arm alone has it is bad news for the other, and leaving it out would favour that one."""


class Family(Protocol):
    """A metric family with its parameters bound: one replication's tables to long rows."""

    def __call__(self, run: Run) -> pd.DataFrame: ...


class Rows:
    """Collects long rows; a value from no cases is undefined, never zero."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, str, float, float, int]] = []

    def add(
        self,
        metric: str,
        value: float,
        n: float,
        view: str = "truth",
        segment: str = "all",
        time_days: float = math.nan,
    ) -> None:
        """One number from `n` cases (customers, answers, tickets: whatever the metric counts)."""
        self._rows.append((metric, view, segment, time_days, float(value) if n > 0 else math.nan, int(n)))

    def frame(self) -> pd.DataFrame:
        """The long table: columns LONG_COLUMNS."""
        import pandas as pd

        kinds: tuple[Any, ...] = ("str", "str", "str", "float64", "float64", "int64")
        columns = zip(*self._rows, strict=True) if self._rows else ((),) * len(LONG_COLUMNS)
        arrays = [pd.array(list(column), dtype=kind) for column, kind in zip(columns, kinds, strict=True)]
        return pd.DataFrame(dict(zip(LONG_COLUMNS, arrays, strict=True)), copy=False)


def measure(run: Run, families: Iterable[Family]) -> pd.DataFrame:
    """All families on one replication's tables, in their order; those that follow people from their start see nobody
    who was there before."""
    import pandas as pd

    followed = newcomers(run)
    frames = [family(run if of_everybody(family) else followed) for family in families]
    return pd.concat(frames, ignore_index=True) if frames else Rows().frame()


def ratio(part: float, whole: float) -> float:
    """part / whole, nan when the whole is zero."""
    return part / whole if whole else math.nan


def of_everybody(family: Family) -> bool:
    """Whether a family is about the firm as it stands, with the customers of old: its module says EVERYBODY."""
    return _says(family, "EVERYBODY")


def needs_arrivals(family: Any) -> bool:
    """Whether a family means nothing once candidates stop coming: its module says THROUGHOUT."""
    return _says(family, "THROUGHOUT")


def _says(family: Any, word: str) -> bool:
    module = sys.modules.get(getattr(getattr(family, "func", family), "__module__", ""))
    return bool(getattr(module, word, False))


def newcomers(run: Run) -> Run:
    """The run without customers of old, whose first years nobody has seen (left truncation)."""
    old = run.customers["stream"] == INSTALLED
    if not old.any():
        return run
    names = set(run.customers.loc[old, "customer"].tolist())

    def without(table: pd.DataFrame, column: str) -> pd.DataFrame:
        return table[~table[column].isin(names)].reset_index(drop=True)

    return replace(
        run,
        customers=without(run.customers, "customer"),
        events=without(run.events, "customer"),
        surveys=without(run.surveys, "customer"),
        ledger=without(run.ledger, "party"),
    )
