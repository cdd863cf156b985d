"""The theses on personas, true and false, on a seed that was not used to find them."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims


@pytest.mark.full
@pytest.mark.slow
def test_who_the_customers_are_decides() -> None:
    """Six paired replications of a quarter of the market: intervals of half the differences seen on other seeds."""
    small = ("size=small", "replications=6")
    found = {(judged.claim, judged.context): judged.word for judged in try_claims("persona_mix", *small, seed=9303)}
    assert found == {
        ("treating_people_well_keeps_more", "achievers"): "fails",
        ("treating_people_well_keeps_more", "guests"): "holds",
        ("personal_treatment_pleases", "guests"): "holds",
        ("personal_treatment_pleases", "guarded"): "fails",
    }
