"""Time to value, activation and time to resolution under every definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from handmade import Handmade, count_of, endless
from numbers_of_definitions import defined, measured

from sim.scenario import Windows
from sim.units import days

SIX_MP = (
    *("6", "6", "6", "6+", "7", "9+", "10", "10+", "11+", "13", "16", "17+"),
    *("19+", "20+", "22", "23", "25+", "32+", "32+", "34+", "35+"),
)
"""Freireich's 6-MP patients; + is censored."""
HOUR = 1.0 / 24.0


def implementations(limit: float) -> Handmade:
    """4,000 customers: three exponential stages of rate .1 a day, given up at rate .005 a day (oracle)."""
    rng = np.random.default_rng(11)
    value, given_up = rng.gamma(3.0, 10.0, 4000), rng.exponential(200.0, 4000)
    tables = Handmade(span=endless(follow=limit))
    for customer, (reached, left) in enumerate(zip(value, given_up, strict=True)):
        done = reached < left
        tables.customer(customer, won=0.0, end=math.nan if done else left, go_live_days=reached if done else math.nan)
        if done:
            tables.event(reached, "first_value", customer, value=reached)
    return tables


def test_leavers_compete_with_value() -> None:
    """P(value) = (mu/(mu + theta))^3; 4 standard errors are .022, the trap is .117 away."""
    frame = measured(implementations(60.0))
    error = 4.0 * math.sqrt(0.8638 * 0.1362 / 4000)
    assert defined(frame, "activation", "of_all") == pytest.approx(0.821, abs=error)
    assert defined(frame, "activation", "censored") == pytest.approx(0.938, abs=error)
    everything = measured(implementations(1000.0))
    assert defined(everything, "activation", "of_all") == pytest.approx(0.863838, abs=error)
    assert defined(everything, "activation", "censored") == pytest.approx(1.0, abs=1e-9)
    assert defined(everything, "activation", "of_live") == 1.0
    reached = defined(everything, "ttv", "mean_of_attainers")
    assert reached == pytest.approx(28.5714, abs=4 * 28.5714 / math.sqrt(3 * 3455))
    share = defined(everything, "activation", "of_all")
    assert defined(everything, "ttv", "mean_with_limit") == pytest.approx(share * reached + (1 - share) * days(24))


def test_half_of_whom() -> None:
    """Of five, two reach value after 10 and 20 days, one cancels on day 5, two on day 30; live on days 8 and 16."""
    tables = Handmade(span=Windows(400.0, 400.0, 100.0, 400.0))
    for customer, (value, end) in enumerate([(10.0, 0.0), (20.0, 0.0), (0.0, 5.0), (0.0, 30.0), (0.0, 30.0)]):
        live = 0.8 * value if value else math.nan
        tables.customer(customer, won=0.0, end=end or math.nan, go_live_days=live)
        if value:
            tables.event(value, "first_value", customer, value=value)
    frame = measured(tables)
    expected = {
        "median_of_all": math.nan, "median_censored": 20.0, "median_of_attainers": 15.0, "mean_of_attainers": 15.0,
        "mean_to_go_live": 12.0, "mean_with_limit": (10 + 20 + 3 * 100) / 5,
    }  # fmt: skip
    for name, value in expected.items():
        assert defined(frame, "ttv", name) == pytest.approx(value, nan_ok=True), name
    assert defined(frame, "activation", "counted") == pytest.approx(0.4)
    assert defined(frame, "activation", "of_all") == pytest.approx(0.4)
    assert defined(frame, "activation", "censored") == pytest.approx(1 - 3 / 4 * 2 / 3)


def tickets() -> Handmade:
    """The 6-MP remission times in hours as tickets, open ones left at the end of their contract."""
    tables = Handmade(span=endless())
    for customer, word in enumerate(SIX_MP):
        hours = float(word.rstrip("+"))
        tables.customer(customer, won=0.0, end=hours * HOUR if word.endswith("+") else math.nan)
        tables.event(0.0, "ticket_raised", customer, occurrence=7)
        tables.event(2.0 * HOUR, "contact_end", customer, occurrence=7, detail="unresolved")
        tables.event(4.0 * HOUR, "contact_end", customer, occurrence=99, detail="unresolved")
        kind = "churned" if word.endswith("+") else "ticket_resolved"
        tables.event(hours * HOUR, kind, customer, occurrence=0 if kind == "churned" else 7)
    return tables


def test_open_tickets_are_censored_left_out_or_aged() -> None:
    frame = measured(tickets())
    hours = [float(word.rstrip("+")) for word in SIX_MP]
    solved = [float(word) for word in SIX_MP if not word.endswith("+")]
    assert defined(frame, "ttr", "median_calendar") == pytest.approx(23.0)
    assert defined(frame, "ttr", "median_solved") == pytest.approx(float(np.median(solved)))
    assert defined(frame, "ttr", "mean_solved") == pytest.approx(float(np.mean(solved)))
    assert count_of(frame, "ttr_defined", "mean_solved") == 9
    assert defined(frame, "ttr", "mean_open_aged") == pytest.approx(float(np.mean(hours)))
    assert defined(frame, "ttr", "first_contact") == pytest.approx(2.0), "not the second contact's four"
    assert defined(frame, "ttr", "mean_solved") < defined(frame, "ttr", "mean_with_limit")


@pytest.mark.parametrize(("start", "business"), [("2026-01-05", 8.0), ("2026-01-09", 2.0)])
def test_business_hours_depend_on_the_weekday(start: str, business: float) -> None:
    """Raised at 16:00 and solved at 16:00 the next day: a Tuesday's working day, or one Friday hour and no Saturday."""
    tables = Handmade(span=endless())
    tables.customer(1, won=0.0)
    tables.event(15.0 * HOUR, "ticket_raised", 1)
    tables.event(39.0 * HOUR, "ticket_resolved", 1)
    frame = measured(tables, start_date=start)
    assert defined(frame, "ttr", "mean_solved") == pytest.approx(24.0)
    assert defined(frame, "ttr", "mean_solved_business") == pytest.approx(business)
    assert defined(frame, "ttr", "median_business") == pytest.approx(business)
