"""What pays under which conditions, true and false, on seeds that were not used to find it."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims

pytestmark = [pytest.mark.full, pytest.mark.slow]
"""Paired intervals of 8 replications; each context alone would mislead in 1 of 40 where nothing is to be found."""


def test_pay_by_outcome_beats_a_fixed_fee_only_where_effort_follows_it_and_the_meter_is_good() -> None:
    """Forty replications. The claim was about net cash before, and was tried on another seed then."""
    found = {judged.context: judged.word for judged in try_claims("outcome_pricing_risk", seed=9311)}
    assert found == {"exact": "holds", "blurred": "fails", "as_told": "fails"}


def test_treating_people_well_pays_more_only_where_experience_counts() -> None:
    found = {judged.context: judged.word for judged in try_claims("frontier", "size=small", seed=9302)}
    assert found == {"as_is_0": "fails", "as_is_100": "holds"}
