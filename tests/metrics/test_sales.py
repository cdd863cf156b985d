"""The funnel on known leads."""

from __future__ import annotations

import pytest
from handmade import Handmade, count_of, value_of

from sim.metrics.sales import sales


def test_every_way_not_to_buy_is_a_decision() -> None:
    """Half win, whatever the other way out; who never got to decide (a refused meeting, a wait too long) counts not."""
    for against, decided in (
        *(("lost", True), ("checkout_abandoned", True), ("broke_off", True), ("stopped_free", True)),
        *(("lead_abandoned", False), ("meeting_refused", False), ("disqualified", False)),
    ):
        tables = Handmade(60)
        for customer, end in enumerate(("won", against)):
            tables.customer(customer, won=30.0 if end == "won" else float("nan"))
            tables.event(0.0, "lead", customer, contract=0)
            tables.event(30.0, end, customer, contract=0)
        frame = sales(tables.run())
        found = value_of(frame, "win_rate"), count_of(frame, "win_rate")
        assert found == ((0.5, 2) if decided else (1.0, 1)), against


def test_funnel() -> None:
    tables = Handmade(60)
    ends = ["won", "won", "lost", "disqualified", "lead_abandoned", None, "lost"]
    for customer, end in enumerate(ends):
        tables.customer(customer, won=10.0 * customer + 30.0 if end == "won" else float("nan"))
        tables.event(0.0, "lead", customer, contract=0)
        if end:
            tables.event(10.0 * customer + 30.0, end, customer, contract=0)
    tables.customer(99)
    frame = sales(tables.run())
    assert value_of(frame, "leads") == 7
    assert value_of(frame, "qualified") == 6
    assert value_of(frame, "win_rate") == 0.5
    assert count_of(frame, "win_rate") == 4
    assert value_of(frame, "leads_abandoned") == pytest.approx(1 / 7)
    assert value_of(frame, "cycle_median_days") == 35.0
