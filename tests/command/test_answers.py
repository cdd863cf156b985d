"""The best of many arms and primary metrics, from the command line to the tables."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from .conftest import Said

Say = Callable[..., Said]
ARMS = "policy=balanced,experience_focused,outcome_focused"


def test_the_best_of_three_and_primary_metrics(say: Say) -> None:
    """The stand-in's effects of 5 and 9 are the same in every replication, so the best is known for sure."""
    said = say("run", "-m", ARMS, "replications=4", "output=there", "store=null", "primary_metrics=[logo_retention_12]")
    assert said.code == 0, said.err
    best = [line.split() for line in said.out if line.startswith("best ")]
    assert [row[1:5] for row in best] == [
        ["net_cash_per_candidate", "selected", "outcome_focused", "0.95"],
        ["logo_retention_12", "selected", "outcome_focused", "0.95"],
    ]
    primary = [line.split() for line in said.out if line.startswith("primary ")]
    assert len(primary) == 4 and {row[4] for row in primary} == {"better"} and all(len(row) == 8 for row in primary)
    table = pd.read_parquet("there/selection.parquet")
    assert len(table) == 6 and table["kept"].sum() == 2 and table.loc[table["best"], "below"].tolist() == [0.0, 0.0]
    assert set(pd.read_parquet("there/primary.parquet")["adjusted_verdict"]) == {"better"}


def test_wrong_primary_metrics(say: Say) -> None:
    assert "must be a list of names" in say("run", "primary_metrics=3").sentence
    assert "until=clear" in say("run", "-m", ARMS, "primary_metrics=[nps]", "until=clear").sentence
