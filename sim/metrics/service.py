"""Speed of service: time to value, time to resolution, ticket load.

Leaving before first value competes with it; an unsolved ticket is censored, never dropped.
"""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.checks import InputError
from sim.metrics.facts import SAME_DAY, Codes, Flags, Floats, Index, floats, identity, is_any, is_only, need
from sim.metrics.long import Measure, Rows, ratio
from sim.metrics.retention import tenure
from sim.metrics.survival import cumulative_incidence, kaplan_meier, level_at, quantile, restricted_mean
from sim.units import (
    BUSINESS_DAY_END_HOUR,
    BUSINESS_DAY_START_HOUR,
    BUSINESS_DAYS_PER_WEEK,
    DAYS_PER_MONTH,
    DAYS_PER_WEEK,
    HOURS_PER_DAY,
    days,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.recorder import Run

EVERYBODY: Final = True
"""Of the firm as it stands, customers of old included."""
MEASURES: Final = {
    "ttv_share": Measure(
        "Share of won customers that reach first value within this time of signing: Aalen-Johansen cumulative "
        "incidence with cancellation and churn competing.",
        "share",
        timed=True,
    ),
    "ttv_median_days": Measure(
        "Time from signing by which half of ALL won customers have reached first value (same cumulative "
        "incidence); undefined if half never do: an arm is not judged where one alone has it, see ttv_share.",
        "days",
        higher_is_better=False,
        attained=True,
    ),
    "ttv_mean_days_conditional": Measure(
        "Conditional: mean time from signing to first value among those seen to reach it.",
        "days",
        higher_is_better=False,
    ),
    "ttr_median_hours": Measure(
        "Median time from first contact to solved and customer told (Kaplan-Meier over tickets, unsolved tickets "
        "censored when the contract ends or at the horizon); calendar hours, or business hours (Monday to Friday, "
        "9 to 17). Undefined if half never are: an arm is not judged where one alone has it.",
        "hours",
        higher_is_better=False,
        view="calendar",
        attained=True,
    ),
    "ttr_mean_hours": Measure(
        "Mean time to resolution up to the stated limit (restricted mean of the same curve).",
        "hours",
        higher_is_better=False,
        view="calendar",
    ),
    "tickets_open": Measure(
        "Tickets not solved by the end of the contract or the horizon (censored).", "tickets", higher_is_better=False
    ),
    "tickets_per_customer_month": Measure(
        "Tickets of first contracts per month under contract.", "1/month", higher_is_better=False
    ),
    "first_contact_resolution": Measure(
        "Share of tickets, contacted at least once, whose first contact ended resolved.", "share"
    ),
}


def business_hours(time_days: Floats, start_weekday: int) -> Floats:
    """Working hours between Monday 0:00 of the week of time 0 and `time_days` (weekday 0: Monday)."""
    per_day = BUSINESS_DAY_END_HOUR - BUSINESS_DAY_START_HOUR
    day = np.floor(time_days)
    hour = (time_days - day) * HOURS_PER_DAY
    weeks, weekday = np.divmod(day + start_weekday, DAYS_PER_WEEK)
    worked = np.minimum(weekday, BUSINESS_DAYS_PER_WEEK) * per_day
    today = np.clip(hour - BUSINESS_DAY_START_HOUR, 0.0, per_day) * (weekday < BUSINESS_DAYS_PER_WEEK)
    return weeks * BUSINESS_DAYS_PER_WEEK * per_day + worked + today


def weekday_of(start_date: str) -> int:
    """0 for Monday, from an ISO date."""
    try:
        return datetime.date.fromisoformat(start_date).weekday()
    except (TypeError, ValueError):
        raise InputError(f"start_date must be a date like 2025-01-06, got {start_date!r}") from None


class FirstValue(NamedTuple):
    """Won customers and their way to first value, in days from signing."""

    reached: Floats
    """nan where not seen to reach it"""
    duration: Floats
    """to first value, to leaving, or to the horizon"""
    cause: Codes
    """1 first value, 2 left before it, 0 censored"""


def first_values(run: Run) -> FirstValue:
    """One row per won customer."""
    life, events = tenure(run), run.events
    people = Index(identity(run.customers))
    first = events[is_only(events, "event", "first_value") & (events["contract"].to_numpy() == 1)]
    reached = np.full(life.won.size, np.nan)
    row = people.rows(identity(first))
    reached[row[row >= 0]] = floats(first, "value")[row >= 0]
    attained = np.isfinite(reached) & life.signed
    duration = np.where(attained, reached, life.duration)[life.signed]
    cause = np.where(attained, 1, np.where(life.ended, 2, 0))[life.signed]
    return FirstValue(reached[life.signed], duration, cause)


def _time_to_value(rows: Rows, run: Run, within_days: float) -> None:
    found = first_values(run)
    curve = cumulative_incidence(found.duration, found.cause, 1)
    limit, n = min(within_days, run.windows.follow_days), found.reached.size
    rows.add("ttv_share", level_at(curve, limit + SAME_DAY), n, time_days=limit)
    rows.add("ttv_median_days", quantile(curve, 0.5), n)
    attained = found.reached[np.isfinite(found.reached)]
    rows.add("ttv_mean_days_conditional", float(attained.mean()) if attained.size else math.nan, attained.size)


class Tickets(NamedTuple):
    """One row per ticket; an unsolved one closes (is censored) with its contract or at the horizon."""

    raised: Floats
    closed: Floats
    resolved: Flags


def _of_customer(frame: pd.DataFrame, column: str) -> Codes:
    """Customer and a number of its own (ticket, contract) as one number."""
    keys: Codes = (identity(frame) << 20) + frame[column].to_numpy(dtype=np.int64)
    return keys


def _time_of(found: pd.DataFrame, column: str, raised: pd.DataFrame) -> Floats:
    """When each of `raised` met the event in `found` that shares its `column`; inf if never."""
    at = Index(_of_customer(found, column)).rows(_of_customer(raised, column))
    return np.where(at >= 0, np.r_[floats(found, "time_days"), np.inf][at], np.inf)


def tickets(run: Run) -> Tickets:
    """Every ticket raised, with its end."""
    events = run.events
    raised = events[is_only(events, "event", "ticket_raised")]
    solved = _time_of(events[is_only(events, "event", "ticket_resolved")], "occurrence", raised)
    left = _time_of(events[is_any(events, "event", ("churned", "stopped_free"))], "contract", raised)
    resolved = np.isfinite(solved)
    closed = np.where(resolved, solved, np.minimum(left, run.windows.horizon_days))
    return Tickets(floats(raised, "time_days"), closed, resolved)


def first_contact_days(run: Run) -> Floats:
    """(tickets,) when each ticket's first contact ended, in the order of `tickets`; inf if it never did.

    The first contact of a ticket carries the ticket's own number, later ones numbers no ticket has.
    """
    events = run.events
    raised = events[is_only(events, "event", "ticket_raised")]
    return _time_of(events[is_only(events, "event", "contact_end")], "occurrence", raised)


def _time_to_resolution(rows: Rows, all_: Tickets, weekday: int, limit_hours: float) -> None:
    n = all_.raised.size
    calendar = (all_.closed - all_.raised) * HOURS_PER_DAY
    business = business_hours(all_.closed, weekday) - business_hours(all_.raised, weekday)
    for view, spent in (("calendar", calendar), ("business", business)):
        curve = kaplan_meier(spent, all_.resolved)
        rows.add("ttr_median_hours", quantile(curve, 0.5), n, view=view)
        rows.add("ttr_mean_hours", restricted_mean(curve, limit_hours), n, view=view)
    rows.add("tickets_open", int((~all_.resolved).sum()), n)


def _first_contact(rows: Rows, run: Run) -> None:
    """The first contact of a ticket carries the ticket's own number, later ones numbers no ticket has."""
    events = run.events
    raised = Index(_of_customer(events[is_only(events, "event", "ticket_raised")], "occurrence"))
    contacts = events[is_only(events, "event", "contact_end")]
    first = raised.rows(_of_customer(contacts, "occurrence")) >= 0
    n = int(first.sum())
    rows.add("first_contact_resolution", ratio(int((first & is_only(contacts, "detail", "resolved")).sum()), n), n)


def _load(rows: Rows, run: Run) -> None:
    life, events = tenure(run), run.events
    exposed = float(life.duration[life.signed].sum()) / DAYS_PER_MONTH
    first = is_only(events, "event", "ticket_raised") & (events["contract"].to_numpy() == 1)
    rows.add("tickets_per_customer_month", ratio(int(first.sum()), exposed), int(life.signed.sum()))


def service(run: Run, *, value_within_months: float, resolution_limit_days: float, start_date: str) -> pd.DataFrame:
    """Family `service` (see MEASURES). Reads customers and events; n customers or tickets."""
    need(run.customers, "customers", ("won_days", "end_days"), "service")
    need(run.events, "events", ("event", "contract", "occurrence", "value", "detail"), "service")
    rows = Rows()
    _time_to_value(rows, run, days(value_within_months))
    _time_to_resolution(rows, tickets(run), weekday_of(start_date), resolution_limit_days * HOURS_PER_DAY)
    _load(rows, run)
    _first_contact(rows, run)
    return rows.frame()
