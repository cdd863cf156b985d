"""The theses on attraction, true and false, on a seed that was not used to find them."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims


@pytest.mark.full
@pytest.mark.slow
def test_gates_quotas_and_hidden_charges_pay_in_one_world_only() -> None:
    """Twelve paired replications of a quarter of the market, for half of the differences seen on other seeds."""
    small = ("size=small", "replications=12")
    found = {(judged.claim, judged.context): judged.word for judged in try_claims("attraction", *small, seed=9501)}
    assert found == {
        (claim, context): word
        for claim in ("gating_pays", "quota_beats_quality", "hiding_a_charge_pays")
        for context, word in (("reachable", "holds"), ("wary", "fails"))
    }
