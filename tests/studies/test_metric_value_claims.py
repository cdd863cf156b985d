"""Readings of the outcome pay where problems stay silent, and not where everybody speaks; on a fresh seed."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims


@pytest.mark.full
@pytest.mark.slow
def test_readings_pay_where_problems_stay_silent() -> None:
    """How often was looked, and on what, is on the experiment's page."""
    judged = try_claims("metric_value", "replications=32", "n_jobs=2", "store=null", seed=9002)
    assert {found.expected for found in judged} == {"true", "false"}
    assert [found for found in judged if not found.as_expected] == []
