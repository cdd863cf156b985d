"""Why first contracts end: cumulative incidence by cause, but-for causes beside what is said.

A table for reports, not a family: shares of all won customers that have left by each cause at each
tenure, all causes competing (Aalen-Johansen), so that they add up to one minus retention.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.facts import SAME_DAY, Flags, Floats, Index, coded, identity, is_only, need
from sim.metrics.retention import tenure
from sim.metrics.survival import kaplan_meier
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


def incidence_weights(duration: Floats, ended: Flags) -> Floats:
    """(n,) what each end adds to the cumulative incidence of its cause: S(just before) / number at risk; else 0.

    The Aalen-Johansen estimator as a sum over those who left, so that all causes cost one pass.
    """
    curve = kaplan_meier(duration, ended)
    before = np.r_[1.0, curve.level[:-1]][: curve.time.size]
    at = np.searchsorted(curve.time, duration[ended])
    weights = np.zeros(duration.size)
    weights[ended] = before[at] / curve.at_risk[at]
    return weights


def causes(run: Run, months: Sequence[float]) -> pd.DataFrame:
    """Columns source, cause, months, share, n (customers won); tenures nobody was followed to are left out."""
    import pandas as pd

    need(run.events, "events", ("event", "contract", "detail"), "causes")
    life, people = tenure(run), Index(identity(run.customers))
    duration, ended, n = life.duration[life.signed], life.ended[life.signed], int(life.signed.sum())
    weights = incidence_weights(duration, ended)[ended]
    reached = [m for m in months if n and days(m) <= float(duration.max()) + SAME_DAY]
    early = [(m, duration[ended] <= days(m) + SAME_DAY) for m in reached]
    rows = []
    for source, kind in SOURCES.items():
        words = _causes(run, kind, people, life.won.size)[life.signed].to_numpy()[ended]
        labels, number = np.unique(words.astype(str), return_inverse=True)
        sums = [(m, np.bincount(number[by], weights[by], len(labels))) for m, by in early]
        known = [(place, str(label)) for place, label in enumerate(labels) if label]
        rows += [(source, cause, float(m), float(total[place]), n) for place, cause in known for m, total in sums]
    return pd.DataFrame(rows, columns=["source", "cause", "months", "share", "n"])
