"""Time to value, time to resolution, ticket load."""

from __future__ import annotations

import math

import numpy as np
import pytest
from handmade import Handmade, count_of, endless, value_of
from hypothesis import given
from hypothesis import strategies as st

from sim.checks import InputError
from sim.metrics.service import business_hours, service, weekday_of
from sim.units import DAYS_PER_MONTH

MONDAY = "2025-01-06"


def measured(tables: Handmade, start_date: str = MONDAY, value_within_months: float = 1e6):
    return service(
        tables.run(), value_within_months=value_within_months, resolution_limit_days=90, start_date=start_date
    )


def test_share_reaching_value_from_events() -> None:
    """Three stages at .1 per day against abandonment .005: .863838 at 4 SE over 20 replications."""
    shares, means = [], []
    for seed in range(20):
        rng, tables = np.random.default_rng(seed), Handmade(span=endless())
        work, patience = rng.exponential(10, (500, 3)).sum(axis=1), rng.exponential(200, 500)
        for customer in range(500):
            reached = bool(work[customer] <= patience[customer])
            tables.customer(customer, won=5.0, end=math.nan if reached else 5.0 + patience[customer])
            if reached:
                tables.event(5.0 + work[customer], "first_value", customer, value=work[customer])
        frame = measured(tables)
        shares.append(value_of(frame, "ttv_share"))
        means.append(value_of(frame, "ttv_mean_days_conditional"))
    for found, exact in ((shares, 0.863838), (means, 28.5714)):
        assert abs(np.mean(found) - exact) <= 4 * np.std(found, ddof=1) / math.sqrt(20)
    assert 5 * np.std(shares, ddof=1) / math.sqrt(20) < 0.03, "detects 3 points; censoring would be 13 off"


def test_median_time_to_value_is_of_all_customers() -> None:
    """Two of four reach value, at 10 and 30 days: half of all by day 30; the mean is conditional."""
    tables = Handmade(span=endless())
    for customer, ttv in enumerate((10.0, 30.0)):
        tables.customer(customer, won=0.0)
        tables.event(ttv, "first_value", customer, value=ttv)
    tables.customer(2, won=0.0, end=5.0)
    tables.customer(3, won=0.0, end=40.0)
    frame = measured(tables)
    assert value_of(frame, "ttv_median_days") == 30.0
    assert value_of(frame, "ttv_mean_days_conditional") == 20.0
    assert count_of(frame, "ttv_mean_days_conditional") == 2
    assert value_of(frame, "ttv_share") == 0.5


def with_tickets() -> Handmade:
    """Tickets solved after 1, 2 and 4 days and one still open at day 30."""
    tables = Handmade(30 / DAYS_PER_MONTH)
    tables.customer(7, won=0.0)
    for number, raised in enumerate((1.0, 2.0, 3.0, 4.0)):
        tables.event(raised, "ticket_raised", 7, occurrence=number)
    for number, solved in enumerate((2.0, 4.0, 7.0)):
        tables.event(solved, "ticket_resolved", 7, occurrence=number)
    contacts = ((1.5, 0, "unresolved"), (2, 65536, "resolved"), (4, 1, "resolved"), (7, 2, "resolved"))
    for time, contact, detail in contacts:
        tables.event(time, "contact_end", 7, occurrence=contact, detail=detail)
    return tables


def test_open_tickets_are_censored_not_dropped() -> None:
    frame = measured(with_tickets())
    assert value_of(frame, "ttr_median_hours", "calendar") == 48.0
    assert value_of(frame, "ttr_mean_hours", "calendar") == pytest.approx((1 + 2 + 4) * 24 / 4 + 90 * 24 / 4)
    assert value_of(frame, "tickets_open") == 1
    assert count_of(frame, "ttr_median_hours", "calendar") == 4
    assert value_of(frame, "first_contact_resolution") == pytest.approx(2 / 3)
    assert value_of(frame, "tickets_per_customer_month") == pytest.approx(4 / (30 / DAYS_PER_MONTH))


def test_every_ticket_of_a_simulation_has_one_first_contact() -> None:
    from sim.build import load_scenario
    from sim.simulation import simulate

    run = simulate(load_scenario("size=small", "horizon_months=24"))
    frame = service(run, value_within_months=24, resolution_limit_days=90, start_date=MONDAY)
    raised = int((run.events["event"] == "ticket_raised").sum())
    waiting = raised - count_of(frame, "first_contact_resolution")
    assert 0 <= waiting <= 0.05 * raised, "only tickets still queued at the horizon had no contact"
    assert 0.3 < value_of(frame, "first_contact_resolution") < 1.0


def test_a_leaver_stops_waiting() -> None:
    """The unsolved ticket of a customer who leaves on day 10 waited six days."""
    tables = with_tickets()
    tables.event(10.0, "churned", 7, detail="chance")
    assert value_of(measured(tables), "ttr_mean_hours", "calendar") == pytest.approx(7 * 24 / 4 + 90 * 24 / 4)
    assert value_of(measured(tables), "tickets_open") == 1


def test_dropping_the_open_ticket_would_show() -> None:
    """Negative control: the same tickets with the open one left out give another mean."""
    tables = with_tickets()
    tables.rows["events"] = [row for row in tables.rows["events"] if row["occurrence"] != 3]
    assert value_of(measured(tables), "ttr_mean_hours", "calendar") == pytest.approx(7 * 24 / 3)


def test_business_hours_by_hand() -> None:
    """Friday 16:00 to Monday 10:00 is two working hours."""
    friday, monday = 4 + 16 / 24, 7 + 10 / 24
    spent = business_hours(np.array([monday]), 0) - business_hours(np.array([friday]), 0)
    assert spent[0] == pytest.approx(2.0)
    wednesday = weekday_of("2025-01-08")
    assert wednesday == 2
    assert business_hours(np.array([1.0]), wednesday) - business_hours(np.array([0.0]), wednesday) == pytest.approx(8.0)


@given(st.floats(0, 4000), st.floats(0, 60), st.integers(0, 6))
def test_business_hours_never_exceed_calendar_hours(start: float, length: float, weekday: int) -> None:
    low, high = business_hours(np.array([start]), weekday)[0], business_hours(np.array([start + length]), weekday)[0]
    assert -1e-6 <= high - low <= 24 * length + 1e-6
    assert business_hours(np.array([start + 7]), weekday)[0] - low == pytest.approx(40.0, abs=1e-5)


def test_a_bad_start_date_is_named() -> None:
    with pytest.raises(InputError, match="start_date must be a date"):
        weekday_of("06.01.2025")
