"""What the outcome was worth to customers, integrated between the waves at which it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.metrics.facts import Floats, Index, discounted, floats, identity, is_any, is_only
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from sim.recorder import Run


class _Points:
    """Known values of outcome, one row each: customer row, contract, time, outcome."""

    def __init__(self) -> None:
        self.parts: list[tuple[NDArray[np.intp], NDArray[np.int64], Floats, Floats]] = []

    def add(self, row: NDArray[np.intp], contract: NDArray[np.int64], time: Floats, outcome: Floats) -> None:
        known = (row >= 0) & np.isfinite(time) & np.isfinite(outcome)
        self.parts.append((row[known], contract[known], time[known], outcome[known]))

    def sorted(self) -> tuple[NDArray[np.intp], NDArray[np.int64], Floats, Floats]:
        row, contract, time, outcome = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        order = np.lexsort((time, contract, row))
        return row[order], contract[order], time[order], outcome[order]


def _known(run: Run, people: Index) -> _Points:
    """Outcome is 0 at signature, recorded at waves and exits, and known at the end of life or the horizon.

    Other survey moments differ between arms; using them would let a survey programme move the integral.
    """
    points, customers = _Points(), run.customers
    asked = run.surveys[is_any(run.surveys, "trigger", ("wave", "exit"))]
    contract = asked["contract"].to_numpy(dtype=np.int64)
    points.add(people.rows(identity(asked)), contract, floats(asked, "time_days"), floats(asked, "outcome"))
    opened = run.events[is_any(run.events, "event", ("won", "won_back"))]
    contract = opened["contract"].to_numpy(dtype=np.int64)
    points.add(people.rows(identity(opened)), contract, floats(opened, "time_days"), np.zeros(len(opened)))
    end = np.fmin(floats(customers, "end_days"), run.windows.horizon_days)
    end[np.isnan(floats(customers, "won_days"))] = np.nan
    # The table holds the outcome of the last contract; a won-back customer's first ended with the exit survey.
    returned = people.rows(identity(run.events[is_only(run.events, "event", "won_back")]))
    end[returned[returned >= 0]] = np.nan
    first = np.ones(end.size, dtype=np.int64)
    points.add(np.arange(end.size), first, end, floats(customers, "outcome"))
    return points


def worth_of_outcome(run: Run, people: Index, start: Floats, follow_days: float) -> Floats:
    """(customers,) goal value x outcome within `follow_days` of `start`, discounted to time 0.

    Trapezoids between waves (quarterly by default), cut at the end of that time; a contract after a
    win-back counts from its start to its last wave.
    """
    row, contract, time, outcome = _known(run, people).sorted()
    if row.size < 2:
        return np.zeros(start.size)
    same = (row[1:] == row[:-1]) & (contract[1:] == contract[:-1])
    low, limit = time[:-1], start[row[:-1]] + follow_days
    high = np.minimum(time[1:], limit)
    share = np.clip((high - low) / np.maximum(time[1:] - low, 1e-12), 0.0, 1.0)
    mean = outcome[:-1] + 0.5 * share * (outcome[1:] - outcome[:-1])
    area = np.where(same, mean * np.maximum(high - low, 0.0), 0.0) / DAYS_PER_MONTH
    worth = area * discounted((low + high) / 2, run.discount_rate_per_year)
    total = np.bincount(row[:-1], weights=worth, minlength=start.size)
    return total * floats(run.customers, "goal_value_per_month")
