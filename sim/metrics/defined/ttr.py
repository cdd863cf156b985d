"""Time to resolution: which hours, which end, and what becomes of tickets that are still open."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.metrics.defined.definition import OWN, Definition, Metric
from sim.metrics.facts import Floats
from sim.metrics.long import Rows
from sim.metrics.service import Tickets, business_hours, first_contact_days, tickets, weekday_of
from sim.metrics.survival import kaplan_meier, quantile, restricted_mean
from sim.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from sim.recorder import Run

ZENDESK = "Zendesk help centre, native Support time duration metrics"

TTR: Final = Metric(
    "ttr",
    "Time from a ticket's first contact to its solution.",
    "hours",
    False,
    (
        Definition("median_calendar", "Kaplan-Meier median over all tickets, open ones censored; calendar hours", OWN),
        Definition("median_business", "the same in business hours (Monday to Friday, 9 to 17)",
                   "Zendesk help centre, business hour metrics", "median_calendar",
                   "nights and weekends do not count"),
        Definition("median_solved", "median over solved tickets, calendar hours",
                   "named and advised against in Mind Your Own Data, Right censoring", "median_calendar",
                   "open tickets are left out"),
        Definition("mean_with_limit", "mean of min(hours, limit) over all tickets, open ones censored", OWN,
                   "median_calendar", "mean instead of median"),
        Definition("mean_solved", "mean over solved tickets, calendar hours (full resolution time)", ZENDESK,
                   "mean_with_limit", "open tickets are left out, and no ticket counts less than it took"),
        Definition("mean_open_aged", "mean over all tickets, an open one with its age when last seen",
                   "this project, after Carpenter, Thoughts on MTTR (open tickets shown beside the mean)",
                   "mean_solved", "open tickets count with their age"),
        Definition("mean_solved_business", "mean over solved tickets, business hours",
                   "Zendesk help centre, business hour metrics", "mean_solved", "nights and weekends do not count"),
        Definition("first_contact", "mean calendar hours to the end of a ticket's first contact, whatever it solved",
                   f"{ZENDESK} (first resolution: first time set to solved)", "mean_solved",
                   "the clock stops when the first contact is over, solved or not"),
    ),
    attained=True,
)  # fmt: skip
METRICS: Final = (TTR,)


def ttr(rows: Rows, run: Run, limit_hours: float, start_date: str) -> None:
    """Every definition of time to resolution; n tickets counted."""
    every, weekday = tickets(run), weekday_of(start_date)
    calendar = (every.closed - every.raised) * HOURS_PER_DAY
    business = business_hours(every.closed, weekday) - business_hours(every.raised, weekday)
    _with_open(rows, every, calendar, business, limit_hours)
    contact = (first_contact_days(run) - every.raised) * HOURS_PER_DAY
    means = {
        "mean_solved": calendar[every.resolved],
        "mean_open_aged": calendar,
        "mean_solved_business": business[every.resolved],
        "first_contact": contact[np.isfinite(contact)],
    }
    for name, hours in means.items():
        rows.add(TTR.row_name, float(hours.mean()) if hours.size else math.nan, hours.size, view=name)
    solved = calendar[every.resolved]
    rows.add(TTR.row_name, float(np.median(solved)) if solved.size else math.nan, solved.size, view="median_solved")


def _with_open(rows: Rows, every: Tickets, calendar: Floats, business: Floats, limit_hours: float) -> None:
    """Definitions that censor open tickets."""
    n, curve = every.raised.size, kaplan_meier(calendar, every.resolved)
    rows.add(TTR.row_name, quantile(curve, 0.5), n, view="median_calendar")
    rows.add(TTR.row_name, quantile(kaplan_meier(business, every.resolved), 0.5), n, view="median_business")
    rows.add(TTR.row_name, restricted_mean(curve, limit_hours), n, view="mean_with_limit")
