"""The thesis of the virtuous cycle, true in one shipped context and false in another, on seeds not looked at before."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims


@pytest.mark.full
def test_each_claim_is_true_where_declared_and_false_where_declared() -> None:
    """Eight replications on a quarter of the market."""
    found = try_claims("virtuous_cycle", "size=small", "small_share=0.25", seed=9001)
    assert [(f.claim, f.context, f.word) for f in found if not f.as_expected] == []
    assert {f.claim for f in found} == {"cycle_beats_bundle", "engage_adds", "monitor_adds", "improve_adds"}
    assert {f.word for f in found} == {"holds", "fails"}
