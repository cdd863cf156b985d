"""The firm as it stands, month by month: what it settles at once the start is forgotten.

Series of a firm whose candidates come until the horizon (`entry=throughout`). How long the start is remembered is
suggested over replications (sim.experiments.steady_state); with that number as `warm_up_months` every replication has
its mean after it, and arms are compared by it as by any metric.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.checks import real
from sim.metrics.defined.books import contracts
from sim.metrics.facts import SAME_DAY, Floats, floats, is_any, is_only, need
from sim.metrics.growth import recurring_revenue
from sim.metrics.long import INSTALLED, Measure, Rows
from sim.metrics.recurring import INVOICED, longest_wait
from sim.metrics.scores import answers, net_promoter_score
from sim.units import DAYS_PER_MONTH, days

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

EVERYBODY: Final = True
"""Of the firm as it stands, customers of old included."""
THROUGHOUT: Final = True
"""Where candidates stop coming nothing is steady."""
MONTHLY: Final = {
    "monthly_customers": Measure("Customers under contract at the end of the stated month.", "customers"),
    "monthly_recurring_revenue": Measure(
        "Money per month that invoices say is paid for the end of the stated month (every contract, at list); up to "
        "the last month whose bills have all come.",
        "money",
    ),
    "monthly_logo_churn": Measure(
        "Contracts that ended within the stated month by those open at its start.", "share", higher_is_better=False
    ),
    "monthly_backlog": Measure(
        "Requests that wait or are in hand at support, on average over the stated month.", "jobs", False
    ),
    "monthly_nps": Measure(
        "True net promoter score of everybody under contract at the survey waves of the stated month; months without "
        "a wave are left out.",
        "points",
    ),
}
MEASURES: Final = {
    **MONTHLY,
    **{
        name.replace("monthly", "steady"): Measure(
            f"Mean of {name} over the months after metrics.steady_state.warm_up_months; undefined without that number.",
            measure.unit,
            measure.higher_is_better,
        )
        for name, measure in MONTHLY.items()
    },
}


class Series(NamedTuple):
    """Readings of one quantity; arrays share their length."""

    time_days: Floats
    values: Floats
    n: Floats
    """Cases behind each reading; a reading of none is undefined."""


def steady_state(run: Run, *, warm_up_months: float | None) -> pd.DataFrame:
    """Family `steady_state` (see MEASURES). Reads every table.

    n is contracts signed until the horizon, bills until it, contracts open, 1 (a month of the team), answers; of the
    steady means the readings averaged.
    """
    need(run.customers, "customers", ("stream", "won_days", "end_days"), "steady_state")
    need(run.events, "events", ("event", "contract"), "steady_state")
    need(run.resources, "resources", ("team", "busy", "queue"), "steady_state")
    if warm_up_months is not None:
        most = run.windows.horizon_days / DAYS_PER_MONTH
        warm_up_months = real("metrics.steady_state.warm_up_months", warm_up_months, 0, most)
    rows = Rows()
    for name, series in zip(MONTHLY, _all(run), strict=True):
        known = series.n > 0.0
        for time, value, n in zip(*(column[known] for column in series), strict=True):
            rows.add(name, value, n, time_days=time)
        if not known.any():
            rows.add(name, math.nan, 0)
        late = known & (series.time_days > days(warm_up_months or 0.0) + SAME_DAY)
        n = 0 if warm_up_months is None else int(late.sum())
        rows.add(name.replace("monthly", "steady"), float(series.values[late].mean()) if n else math.nan, n)
    return rows.frame()


def _all(run: Run) -> tuple[Series, ...]:
    """In the order of MONTHLY."""
    months = np.arange(1.0, math.floor(run.windows.horizon_days / DAYS_PER_MONTH + SAME_DAY) + 1.0)
    ends = months * DAYS_PER_MONTH
    customers, churn = _logos(run, ends)
    return customers, _revenue(run, ends), churn, _backlog(run, ends), _nps(run, ends)


def _logos(run: Run, ends: Floats) -> tuple[Series, Series]:
    """Contracts open at month ends, and those that ended in a month by those open at its start."""
    signed, old = contracts(run), is_only(run.customers, "stream", INSTALLED)
    left = floats(run.customers, "end_days")[old]
    start = np.sort(np.r_[np.zeros(int(old.sum())), signed.start])
    end = np.sort(np.r_[left[np.isfinite(left)], signed.end])
    begun = np.searchsorted(start, np.r_[0.0, ends] + SAME_DAY, side="right")
    over = np.searchsorted(end, np.r_[0.0, ends] + SAME_DAY, side="right")
    open_then = (begun - over).astype(np.float64)
    before = open_then[:-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        churn = Series(ends, np.diff(over) / before, before)
    return Series(ends, open_then[1:], np.full(ends.size, float(start.size))), churn


def _revenue(run: Run, ends: Floats) -> Series:
    bills = run.ledger[is_any(run.ledger, "account", INVOICED)]
    told = ends[ends + longest_wait(bills) <= run.windows.horizon_days + SAME_DAY]
    level, _ = recurring_revenue(bills, told)
    return Series(told, level, np.full(told.size, float(len(bills))))


def _backlog(run: Run, ends: Floats) -> Series:
    """Of whole months; a month of the team is described at its end."""
    team = run.resources[is_only(run.resources, "team", "support")]
    month = np.rint(floats(team, "time_days") / DAYS_PER_MONTH).astype(np.int64)
    whole = np.abs(month * DAYS_PER_MONTH - floats(team, "time_days")) < SAME_DAY
    held = (floats(team, "busy") + floats(team, "queue"))[whole]
    return Series(ends[month[whole] - 1], held, np.ones(held.size))


def _nps(run: Run, ends: Floats) -> Series:
    asked = answers(run.surveys, "nps")
    time, given = asked.time[asked.views["truth"]], asked.true[asked.views["truth"]]
    inside = time <= ends[-1] + SAME_DAY if ends.size else np.zeros(time.size, dtype=np.bool_)
    month = np.ceil((time[inside] - SAME_DAY) / DAYS_PER_MONTH).astype(np.int64)
    count = np.bincount(month, minlength=ends.size + 1)[1:]
    score = np.array([net_promoter_score(given[inside][month == number]) for number in range(1, ends.size + 1)])
    return Series(ends, score, count.astype(np.float64))
