"""The parcel case: its claim on a fresh seed, and the scores of the same customer over time."""

from __future__ import annotations

import pandas as pd
import pytest
from labkit import shipped

from sim.agents.draws import TICKETS
from sim.experiments.claims import try_claims
from sim.metrics.cases import cases
from sim.recorder import Run
from sim.simulation import simulate
from sim.statements.parcel_case import parcel_case
from sim.units import days


@pytest.mark.full
def test_the_claim_is_true_where_declared_and_false_where_declared() -> None:
    small = ("replications=7", "candidates_share=0.1", "metrics=[value]", "survey=relationship")
    found = {judged.context: judged.word for judged in try_claims("parcel_case", *small, seed=9302)}
    assert found == {"outcomes_decide": "holds", "experience_decides": "fails"}


@pytest.fixture(scope="module")
def kind() -> Run:
    kindness = ("policy/support=kind_only", "policy/conduct=refusing", "survey=parcel_case")
    return simulate(shipped("experiment=parcel_case", "candidates_share=0.3", "horizon_months=36", *kindness), 51)


def test_scores_of_the_same_customer_by_hand(kind: Run) -> None:
    """Recounted from the tables one ticket at a time."""
    told = cases(kind, step_months=3, steps=4)
    asked, solved = kind.surveys, kind.events[kind.events["event"] == "ticket_resolved"]
    done = set(zip(solved["customer"], solved["contract"], solved["occurrence"], strict=True))
    nps = asked[asked["instrument"] == "nps"]
    first = nps[(nps["trigger"] == "contact_end") & (nps["occurrence"] < TICKETS)]
    unsolved = [row for row in first.itertuples() if (row.customer, row.contract, row.occurrence) not in done]
    waves = nps[nps["trigger"] == "wave"]
    later = []
    for row in unsolved:
        mine = waves[(waves["customer"] == row.customer) & (waves["contract"] == row.contract)]
        after = mine["time_days"] - row.time_days
        later += list(mine["answer"][(after > days(3)) & (after <= days(6))])
    expected = {0.0: [row.answer for row in unsolved], days(6): later}
    chosen = told[(told["segment"] == "never_solved@nps") & (told["view"] == "surveyed")]
    assert len(unsolved) > 20
    for time, answers in expected.items():
        value, n = chosen.loc[chosen["time_days"] == time, ["value", "n"]].iloc[0]
        assert (value, n) == pytest.approx((sum(answers) / len(answers), len(answers)))


def test_one_customer_is_told_from_a_seven_or_eight_on(kind: Run) -> None:
    told = cases(kind, step_months=3, steps=4)
    story = told[told["metric"] == "case_story"].sort_values("time_days")
    who = told.loc[told["metric"] == "case_customer", "value"].item()
    assert story["value"].iloc[0] in (7.0, 8.0)
    mine = kind.surveys[kind.surveys["customer"] == who]
    waves = mine[(mine["trigger"] == "wave") & (mine["time_days"] > story["time_days"].min())]
    assert set(story["time_days"].iloc[1:]) <= {*waves["time_days"], story["time_days"].min()}
    assert len(story) >= 2 + 3 * 3
    lines = parcel_case(told.assign(context="here", arm="kind", replication=0))
    assert any(line.startswith(f"parcel_case here kind customer={who:.0f} replication=0 day ") for line in lines)
    assert sum("never_solved" in line for line in lines) == 2


def test_nothing_is_told_where_nobody_asked() -> None:
    quiet = simulate(shipped("candidates_share=0.1", "horizon_months=12"), 52)
    told = cases(quiet, step_months=3, steps=4)
    assert told["value"].isna().all()
    assert parcel_case(pd.concat([told.assign(context="", arm="", replication=0)])) == []
