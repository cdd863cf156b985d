"""What happens around the firm: each claim true and false where that is declared, on fresh seeds."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims

BOTH = {"true", "false"}
LOOKS = [
    ("shock", 9111, 14, 0.25, BOTH),
    ("imitation", 9304, 20, 0.25, BOTH),
    ("needs_drift", 9201, 20, 0.3, BOTH),
]
"""Experiment, seed, replications, share of the candidates, what its claims declare."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("experiment", "seed", "replications", "share", "declared"),
    [pytest.param(*look, marks=pytest.mark.full) for look in LOOKS],
    ids=[look[0] for look in LOOKS],
)
def test_a_claim_is_true_where_declared_and_false_where_declared(
    experiment: str, seed: int, replications: int, share: float, declared: set[str]
) -> None:
    """How often was looked, and on what, is on the experiment's page."""
    size = (f"replications={replications}", f"candidates_share={share}", "n_jobs=2")
    judged = try_claims(experiment, *size, seed=seed)
    assert {found.expected for found in judged} >= declared
    assert [found for found in judged if not found.as_expected] == []
