"""The claims of the steering experiment, true where they shall be and false where they shall not, on a seed nobody
had looked at when this was written."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims

SEED = 9101


def tried(*overrides: str) -> dict[tuple[str, str], str]:
    found = try_claims("steering_metric", *overrides, "baseline=on_nps", seed=SEED)
    return {(judged.claim, judged.context): judged.word for judged in found}


@pytest.mark.full
def test_nps_suffices_where_it_asks_what_decisions_weigh_and_fails_where_outcomes_do() -> None:
    """Settings of the experiment: half of the market, sixteen replications."""
    words = tried("~claims.a_target_is_inflated", "metrics=[retention]")
    assert words == {
        ("nps_suffices", "experience_decides"): "holds",
        ("nps_suffices", "outcomes_decide"): "fails",
    }


def test_a_target_is_inflated_where_people_game_it_and_identical_where_they_do_not() -> None:
    words = tried("~claims.nps_suffices", "metrics=[goodhart]", "candidates_share=0.15", "replications=5")
    assert words == {
        ("a_target_is_inflated", "nps_gamed"): "holds",
        ("a_target_is_inflated", "experience_decides"): "fails",
    }
