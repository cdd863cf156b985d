"""A bill that falls due while a project waits in line must not hold the project up."""

from __future__ import annotations

import pytest
from labkit import QUIET, changed, shipped

from sim.simulation import simulate

CROWDED = {
    **QUIET,
    "market.arrival.candidates_per_month": 20.0,
    "policy.staffing.onboarding": 0.4,
    "world.deciding.win_price": 0.0,
    "world.deciding.renew_price": 0.0,
    "horizon_months": 36.0,
}


@pytest.mark.parametrize("abandon_per_day", [0.0, 0.002])
def test_the_billing_period_moves_no_go_live(abandon_per_day: float) -> None:
    """Two fifths of the specialists it takes: projects wait for months. Monthly and yearly bills, one tariff otherwise:
    the same customers go live on the same days."""
    live, waits = {}, {}
    for billing in (1, 12):
        scenario = changed(shipped(), {**CROWDED, "market.onboarding.abandon_per_day": abandon_per_day})
        run = simulate(changed(scenario, {"pricing.billing_months": billing}), 41)
        people = run.customers[run.customers["won_days"].notna()]
        live[billing] = people["go_live_days"].to_numpy()
        waits[billing] = float((people["go_live_days"] - people["won_days"]).median())
    assert live[1].tolist() == pytest.approx(live[12].tolist(), nan_ok=True)
    assert waits[12] > 60.0, "bills do fall due while projects wait"
