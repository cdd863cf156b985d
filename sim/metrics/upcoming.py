"""Ends of terms, when each was decided, and which one a reading looks ahead to.

A term is decided on its last day, or on the day on which notice was given for it: what is read after that no longer
looks ahead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.metrics.facts import SAME_DAY, Codes, Flags, Floats, Index, floats, identity, is_any, is_only, of_rows

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run


def contract_of(frame: pd.DataFrame) -> Codes:
    """One number per (replication, customer, contract)."""
    keys: Codes = (identity(frame) << 10) + frame["contract"].to_numpy(dtype=np.int64)
    return keys


def _term_of(frame: pd.DataFrame) -> Codes:
    keys: Codes = (contract_of(frame) << 10) + frame["occurrence"].to_numpy(dtype=np.int64)
    return keys


def decided_days(events: pd.DataFrame, ended: pd.DataFrame) -> Floats:
    """Day on which each of these ends of terms was decided: that of the notice given for it, else its own."""
    given = events[is_only(events, "event", "notice_given")]
    noticed = of_rows(floats(given, "time_days"), Index(_term_of(given)).rows(_term_of(ended)))
    decided: Floats = np.where(np.isnan(noticed), floats(ended, "time_days"), noticed)
    return decided


def decided_before(events: pd.DataFrame, contract: Codes, time: Floats) -> Flags:
    """Which moments of contracts are not before the day on which notice was given: nothing is left to foretell."""
    given = events[is_only(events, "event", "notice_given")]
    noticed = of_rows(floats(given, "time_days"), Index(contract_of(given)).rows(contract))
    late: Flags = time > noticed - SAME_DAY
    return late


class Ends(NamedTuple):
    """Ends of terms sorted by contract and time; arrays share their length."""

    contract: Codes
    time: Floats
    """Of the decision."""
    stayed: Flags
    voluntary: Flags
    """False where a failed payment decided."""
    probability: Floats
    """Renewal probability."""
    person: NDArray[np.intp]
    """Row of `customers`."""
    burden: Floats
    """Price burden told before the decision; 0 where none was."""
    champion_left: Flags
    noticed: Flags
    """Decided by a notice, in anger and without a thought of the price."""


def ends(run: Run) -> Ends:
    """Every end of a term after go-live, renewed or not."""
    events = run.events
    rows = events[is_any(events, "event", ("renewed", "churned"))]
    notices = events[is_only(events, "event", "price_notice")]
    told = Index(_term_of(notices)).rows(_term_of(rows))
    given = Index(_term_of(events[is_only(events, "event", "notice_given")])).rows(_term_of(rows)) >= 0
    without = Index(_term_of(events[is_only(events, "event", "champion_left")])).rows(_term_of(rows)) >= 0
    stayed = is_only(rows, "event", "renewed")
    contract, time = contract_of(rows), decided_days(events, rows)
    order = np.lexsort((time, contract))
    return Ends(
        contract[order],
        time[order],
        stayed[order],
        (stayed | ~is_only(rows, "detail", "involuntary"))[order],
        floats(rows, "value")[order],
        Index(identity(run.customers)).rows(identity(rows))[order],
        np.r_[floats(notices, "value"), 0.0][told][order],
        without[order],
        given[order],
    )


def next_end(contract: Codes, time: Floats, made: Ends, lead_days: float = 0.0) -> NDArray[np.intp]:
    """(readings,) place in `made` of the first end of the same contract decided after the reading; -1 where none.

    -1 too where that end comes within `lead_days` of the reading.
    """
    if not made.time.size:
        return np.full(time.size, -1, dtype=np.intp)
    # Readings and ends share one ranking: contracts as whole numbers, time squeezed below 1.
    scale = 2.0 * max(float(time.max(initial=1.0)), float(made.time.max()))
    number = np.unique(made.contract)
    place = np.searchsorted(number, made.contract) + made.time / scale
    mine = np.minimum(np.searchsorted(number, contract), number.size - 1)
    at = np.searchsorted(place, mine + (time + SAME_DAY) / scale, side="right")
    at = np.minimum(at, made.time.size - 1)
    ahead = made.time[at] - time
    fits = (made.contract[at] == contract) & (ahead > SAME_DAY) & (ahead >= lead_days - SAME_DAY)
    return np.where(fits, at, -1)


def last_readings(contract: Codes, time: Floats, made: Ends, lead_days: float = 0.0) -> NDArray[np.intp]:
    """(ends,) the last reading of the term each of `made` ends, at least `lead_days` before it; -1 where none."""
    found = np.full(made.time.size, -1, dtype=np.intp)
    order = np.argsort(time, kind="stable")
    target = next_end(contract, time, made, lead_days)[order]
    found[target[target >= 0]] = order[target >= 0]
    return found
