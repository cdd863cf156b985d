"""Theses on organisations that change or agree, true and false, on seeds that were not used to find them."""

from __future__ import annotations

import pytest

from sim.experiments.claims import try_claims

FOLLOWED = "horizon_months=60"
"""As long as the customers who are counted are followed; what comes later moves no money of theirs."""


def words(experiment: str, *overrides: str, seed: int) -> dict[tuple[str, str], str]:
    """What the contexts that were declared say about each claim."""
    found = try_claims(experiment, *overrides, seed=seed)
    return {(judged.claim, judged.context): judged.word for judged in found if judged.expected != "-"}


def silent(*claims: str) -> list[str]:
    """Overrides under which nothing is expected of these claims, so that their arms need not run."""
    return [f"claims.{claim}.{side}=[]" for claim in claims for side in ("true_in", "false_in")]


MONEY = ("candidates_share=0.25", FOLLOWED)
SLOWER = silent("without_leader_it_is_slower", "without_sponsor_it_is_slower")


@pytest.mark.slow
def test_a_transformation_without_authority_stalls_and_costs_money_if_it_could_have_been_quick() -> None:
    quick, claims = "by_mandate_in_two_years", ("without_authority_it_stalls", "a_stall_costs_money")
    there = [f"claims.{claim}.{key}" for claim in claims for key in (f"true_in=[{quick}]", "false_in=[]")]
    found = words("transformation", "replications=12", *MONEY, *SLOWER, *there, seed=9203)
    assert found == {(claim, quick): "holds" for claim in claims}


def test_where_change_spreads_by_example_authority_is_worth_nothing() -> None:
    """The arms are identical, so that two small replications say all."""
    claims = ("without_authority_it_stalls", "a_stall_costs_money")
    elsewhere = [f"claims.{claim}.true_in=[]" for claim in claims]
    found = words("transformation", "replications=2", "candidates_share=0.02", *SLOWER, *elsewhere, seed=9201)
    assert found == {(claim, "by_example"): "fails" for claim in claims}


@pytest.mark.full
@pytest.mark.slow
def test_services_first_pays_where_outcomes_decide_and_not_where_experience_does() -> None:
    found = words("rollout_order", "replications=16", *MONEY, *silent("a_pilot_gets_further"), seed=9204)
    claim = "services_first_pays"
    assert found == {(claim, "outcomes_decide"): "holds", (claim, "experience_decides"): "fails"}


@pytest.mark.full
def test_a_single_goal_pays_where_the_budget_is_contested_and_unity_is_cheap() -> None:
    found = words("one_goal", "replications=8", "candidates_share=0.2", FOLLOWED, "metrics=[value]", seed=9205)
    claim = "a_single_goal_pays"
    assert found == {(claim, "contested"): "holds", (claim, "costly_unity"): "fails"}
