"""Theses on transformations, true and false, on seeds that were not used to find them."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims

WHERE = {"by_mandate": "holds", "by_example": "fails"}
FOLLOWED = "horizon_months=60"
"""As long as the customers who are counted are followed; what comes later moves no money of theirs."""


def words(experiment: str, *overrides: str, seed: int) -> dict[tuple[str, str], str]:
    """What the contexts that were declared say about each claim."""
    found = try_claims(experiment, *overrides, seed=seed)
    return {(judged.claim, judged.context): judged.word for judged in found if judged.expected != "-"}


def silent(*claims: str) -> list[str]:
    """Overrides under which nothing is expected of these claims, so that their arms need not run."""
    return [f"claims.{claim}.{side}=[]" for claim in claims for side in ("true_in", "false_in")]


LUCKLESS = ("replications=2", "candidates_share=0.01")
"""There is no luck in a course: two short replications say all."""
MONEY = ("candidates_share=0.25", FOLLOWED)


def test_a_leader_and_a_sponsor_matter_where_the_world_says_so() -> None:
    claims = ("without_leader_it_is_slower", "without_sponsor_it_is_slower")
    others = silent("without_authority_it_stalls", "a_stall_costs_money")
    found = words("transformation", *LUCKLESS, *others, seed=9201)
    assert found == {(c, where): word for c in claims for where, word in WHERE.items()}


def test_a_pilot_gets_further_where_one_is_needed_only() -> None:
    found = words("rollout_order", *LUCKLESS, *silent("services_first_pays"), seed=9202)
    claim = "a_pilot_gets_further"
    assert found == {(claim, "pilot_needed"): "holds", (claim, "outcomes_decide"): "fails"}


@pytest.mark.slow
def test_a_transformation_without_authority_stalls_and_costs_money_if_it_could_have_been_quick() -> None:
    others = silent("without_leader_it_is_slower", "without_sponsor_it_is_slower")
    quick = "claims.without_authority_it_stalls.true_in=[by_mandate_in_two_years]"
    found = words("transformation", "replications=12", *MONEY, *others, quick, seed=9203)
    claims, contexts = ("without_authority_it_stalls", "a_stall_costs_money"), ("by_mandate_in_two_years", "by_example")
    assert found == {(c, where): word for c in claims for where, word in zip(contexts, WHERE.values(), strict=True)}


@pytest.mark.slow
def test_services_first_pays_where_outcomes_decide_and_not_where_experience_does() -> None:
    found = words("rollout_order", "replications=16", *MONEY, *silent("a_pilot_gets_further"), seed=9204)
    claim = "services_first_pays"
    assert found == {(claim, "outcomes_decide"): "holds", (claim, "experience_decides"): "fails"}
