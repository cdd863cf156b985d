"""What happens around the firm: each claim true in one shipped context and false in another, on fresh seeds."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims

LOOKS = [("shock", 9111, 14, 0.25), ("imitation", 9102, 8, 0.25), ("needs_drift", 9201, 20, 0.3)]
"""Experiment, seed, replications, share of the candidates."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("experiment", "seed", "replications", "share"),
    [pytest.param(*look, marks=pytest.mark.full) for look in LOOKS],
    ids=[look[0] for look in LOOKS],
)
def test_a_claim_is_true_where_declared_and_false_where_declared(
    experiment: str, seed: int, replications: int, share: float
) -> None:
    """How often was looked, and on what, is on the experiment's page."""
    size = (f"replications={replications}", f"candidates_share={share}", "n_jobs=2")
    judged = try_claims(experiment, *size, seed=seed)
    assert {found.expected for found in judged} >= {"true", "false"}
    assert [found for found in judged if not found.as_expected] == []
