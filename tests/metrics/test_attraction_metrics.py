"""How people came, on known events."""

from __future__ import annotations

import pytest
from handmade import Handmade, count_of, value_of

from sim.metrics.attraction import attraction

WHAT = {
    "put_off": [1], "deterred": [2, 3], "address_left": [4, 5, 6], "meeting_refused": [7], "checkout_abandoned": [8],
    "won": [9, 10],
}  # fmt: skip


def test_every_way_to_come_or_not() -> None:
    tables = Handmade(60)
    for customer in range(1, 20):
        tables.customer(customer, won=5.0 if customer in WHAT["won"] else float("nan"))
    for kind, who in WHAT.items():
        for customer in who:
            tables.event(1.0, kind, customer, contract=0)
    for customer, made in ((4, 1.0), (5, 0.0), (6, 0.0)):
        tables.event(2.0, "called", customer, contract=0, value=made, detail="contact")
    tables.event(2.0, "called", 11, contract=0, value=1.0, detail="cold")
    for customer, why in (
        (4, "contact"),
        (11, "cold"),
        (7, "primary"),
        (8, "primary"),
        (9, "primary"),
        (10, "primary"),
    ):
        tables.event(3.0, "lead", customer, contract=0, detail=why)
    for touch in range(7):
        tables.event(4.0, "sales_touch", 9, contract=0, occurrence=touch)
    for days, detail in ((2.0, "bad"), (4.0, "bad"), (50.0, "good")):
        tables.event(20.0, "answered", -1, contract=0, value=days, detail=detail)
    frame = attraction(tables.run())
    exact = {
        "put_off_share": 1 / 7, "found_share": 2 / 6, "calls_answered": 2 / 4, "deterred_share": 2 / 8,
        "days_to_answer": 3.0, "meetings_refused": 1 / 6, "checkout_abandoned": 1 / 3, "touches_per_won": 3.5,
    }  # fmt: skip
    for metric, value in exact.items():
        assert value_of(frame, metric) == pytest.approx(value), metric
    by = frame[frame["metric"] == "calls_answered"].set_index("segment")["value"]
    assert by["contact"] == pytest.approx(1 / 3) and by["cold"] == 1.0
    assert count_of(frame, "days_to_answer") == 2
