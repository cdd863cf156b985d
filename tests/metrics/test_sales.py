"""The funnel on known leads."""

from __future__ import annotations

import pytest
from handmade import Handmade, count_of, value_of

from sim.metrics.sales import sales


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
