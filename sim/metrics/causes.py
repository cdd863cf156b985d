"""Why first contracts end: cumulative incidence by cause, but-for causes beside what is said.

A table for reports, not a family: shares of all won customers that have left by each cause at each
tenure, all causes competing (Aalen-Johansen), so that they add up to one minus retention.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import SAME_DAY, Index, coded, identity, is_only, need
from sim.metrics.retention import tenure
from sim.metrics.survival import cumulative_incidence, level_at
from sim.units import days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

SOURCES: Final = {"but_for": "churned", "largest_term": "exit_largest", "stated": "exit_stated"}
"""Where each account of the causes is recorded; involuntary churn and cancellation are in all of them."""
CANCELLED: Final = "cancelled before go-live"


def _causes(run: Run, kind: str, people: Index, size: int) -> pd.Series[str]:
    """Cause of each customer's end as words, by row of `customers`; empty where none is recorded."""
    import pandas as pd

    found = np.full(size, "", dtype=object)
    first = run.events["contract"].to_numpy() == 1
    for event, label in (("churned", None), (kind, None), ("implementation_cancelled", CANCELLED)):
        rows = run.events[first & is_only(run.events, "event", event)]
        codes, words = coded(rows, "detail")
        at = people.rows(identity(rows))
        found[at] = label if label else np.array([*words, ""], dtype=object)[codes]
    return pd.Series(found)


def causes(run: Run, months: Sequence[float]) -> pd.DataFrame:
    """Columns source, cause, months, share, n (customers won); tenures nobody was followed to are left out."""
    import pandas as pd

    need(run.events, "events", ("event", "contract", "detail"), "causes")
    life, people = tenure(run), Index(identity(run.customers))
    duration, n = life.duration[life.signed], int(life.signed.sum())
    rows = []
    for source, kind in SOURCES.items():
        words = _causes(run, kind, people, life.won.size)[life.signed].to_numpy()
        words = np.where(life.ended[life.signed], words, "")
        labels = sorted(set(words) - {""})
        number = np.searchsorted(np.array(labels, dtype=object), words) + 1 if labels else np.zeros(n, int)
        number = np.where(words == "", 0, number)
        for index, cause in enumerate(labels, start=1):
            curve = cumulative_incidence(duration, number, index)
            reached = [m for m in months if days(m) <= curve.last + SAME_DAY]
            rows += [(source, cause, float(m), level_at(curve, days(m) + SAME_DAY), n) for m in reached]
    return pd.DataFrame(rows, columns=["source", "cause", "months", "share", "n"])
