"""The thesis on pay by outcome, true and false, on a seed that was not used to find it."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims


@pytest.mark.full
@pytest.mark.slow
def test_pay_by_outcome_beats_a_fixed_fee_only_where_effort_follows_it_and_the_meter_is_good() -> None:
    """Paired intervals of 8 replications; each context alone would mislead in 1 of 40 where nothing is to be found."""
    found = {judged.context: judged.word for judged in try_claims("outcome_pricing_risk", "size=small", seed=9301)}
    assert found == {"exact": "holds", "blurred": "fails", "as_told": "fails"}
