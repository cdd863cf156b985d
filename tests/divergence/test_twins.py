"""Twins: fates exclude each other, cover everybody, and their money adds up to the estimand's."""

from __future__ import annotations

import sys
from dataclasses import replace
from math import nan
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.twins import FATES, fates, twin_customers, twins
from sim.metrics.value import value

sys.path.insert(0, str(Path(__file__).parents[1] / "metrics"))
from handmade import Handmade, value_of


@pytest.mark.parametrize(
    ("won", "ended", "fate"),
    [
        ((nan, nan), (nan, nan), "neither"),
        ((nan, 5.0), (nan, nan), "won"),
        ((nan, 5.0), (nan, 50.0), "won"),
        ((5.0, nan), (nan, nan), "never"),
        ((5.0, 9.0), (nan, nan), "stayed"),
        ((5.0, 9.0), (370.0, nan), "kept"),
        ((5.0, 9.0), (nan, 374.0), "lost"),
        ((5.0, 9.0), (370.0, 374.0), "left_alike"),
        ((5.0, 9.0), (370.0, 739.0), "delayed"),
        ((5.0, 9.0), (735.0, 374.0), "hastened"),
    ],
)
def test_fates(won: tuple[float, float], ended: tuple[float, float], fate: str) -> None:
    arrays = [tuple(np.array([days]) for days in pair) for pair in (won, ended)]
    assert list(FATES)[fates(*arrays)[0]] == fate


def lives(*told: tuple[float, float, float]) -> Handmade:
    """Customers 1, 2, ... of two replications with (won, end, receipts)."""
    tables = Handmade(60.0)
    for replication in (0, 1):
        for customer, (won, end, paid) in enumerate(told, start=1):
            tables.customer(customer, won=won, end=end, replication=replication)
            tables.money(won if won == won else 0.0, customer, "invoice_regular", paid, replication=replication)
    return tables


def test_money_of_the_fates_adds_up_to_the_difference_in_receipts() -> None:
    baseline = lives((10.0, 375.25, 100.0), (20.0, nan, 200.0), (nan, nan, 0.0)).run()
    arm = lives((12.0, nan, 260.0), (nan, nan, 0.0), (30.0, nan, 70.0)).run()
    customers = twin_customers(baseline, arm)
    table = twins(customers).set_index("fate")
    assert list(table.index) == list(FATES)
    assert table["customers"].sum() == 6 and table["share"].sum() == pytest.approx(1.0)
    assert dict(table.loc[["kept", "never", "won"], "customers"]) == {"kept": 2, "never": 2, "won": 2}
    receipts = [
        value_of(value(run, acquisition_accounts=["spend_sales"]), "receipts_per_candidate") for run in (baseline, arm)
    ]
    assert table["money_per_candidate"].sum() == pytest.approx(receipts[1] - receipts[0])
    assert table.loc["kept", "money_per_twin"] == pytest.approx(160.0)


def test_a_candidate_whom_one_arm_lacks_has_no_twin() -> None:
    baseline, arm = lives((10.0, nan, 1.0), (10.0, nan, 1.0)).run(), lives((10.0, nan, 1.0)).run()
    assert set(twin_customers(baseline, arm)["customer"]) == {1}


def test_identical_arms_change_nobody() -> None:
    run = lives((10.0, 375.25, 100.0), (20.0, nan, 200.0), (nan, nan, 0.0)).run()
    table = twins(twin_customers(run, replace(run))).set_index("fate")
    assert set(table.index[table["customers"] > 0]) == {"stayed", "left_alike", "neither"}
    assert (table["money_per_candidate"] == 0.0).all()
