"""Customers of old: they stand in the middle of a term, are paid for until then, and are in no cohort."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

import numpy as np
import pandas as pd
import pytest
from labkit import shipped

from sim.events import CUSTOMER_DECIDED
from sim.metrics.long import newcomers
from sim.recorder import Run
from sim.simulation import simulate
from sim.units import days

OLD = "world/installed=twelve_of_old"
SMALL = ("candidates_share=0.12", "horizon_months=24")
TENURES = (2, 5, 9, 13, 17, 22, 26, 31, 37, 44, 51, 58)


@lru_cache(maxsize=4)
def run(*more: str) -> Run:
    return simulate(shipped(*SMALL, *more), 8)


def of_old(table: pd.DataFrame, who: str = "customer") -> pd.DataFrame:
    people = run(OLD).customers
    return table[table[who].isin(people.loc[people["stream"] == "installed", "customer"])]


def test_the_first_decision_and_the_first_invoice_come_when_the_term_ends() -> None:
    """Terms and bills of twelve months from a signature so long ago; nothing is booked or told before time 0."""
    notices = of_old(run(OLD).events[run(OLD).events["event"] == "price_notice"])
    first = notices.groupby("customer")["time_days"].min().to_numpy()
    due = [days(12 * ceil(t / 12) - t) for t in TENURES]
    assert first == pytest.approx(due)
    bills = of_old(run(OLD).ledger[run(OLD).ledger["account"] == "invoice_regular"], "party")
    renewed = of_old(run(OLD).events[run(OLD).events["event"] == "renewed"])
    assert bills["time_days"].min() == pytest.approx(min(due))
    assert len(bills) == len(renewed)
    assert notices["value"].abs().max() < 1e-9


def test_they_use_the_product_as_a_customer_does() -> None:
    """At the first wave they are in full use, and no two have the same outcome."""
    seen = of_old(run(OLD).surveys)
    first = seen[(seen["occurrence"] == 1) & (seen["trigger"] == "wave")].drop_duplicates("customer")
    assert len(first) >= len(TENURES) - 3  # some leave at the end of a term before it
    assert (first["adoption"] > 0.4).all()
    assert first["outcome"].nunique() == len(first)


def test_no_cohort_counts_them_and_the_rest_of_the_world_does() -> None:
    assert newcomers(run()) is run()
    followed = newcomers(run(OLD))
    assert not (followed.customers["stream"] == "installed").any()
    assert np.isnan(run(OLD).customers.loc[run(OLD).customers["stream"] == "installed", "won_days"]).all()
    for table, who in (("events", "customer"), ("surveys", "customer"), ("ledger", "party")):
        assert of_old(followed.tables[table], who).empty
        assert not of_old(run(OLD).tables[table], who).empty


def test_the_budget_grows_with_them_for_every_arm_alike() -> None:
    def budget(of: Run) -> np.ndarray:
        rows = of.ledger[of.ledger["account"] == "budget"]
        return rows.groupby("time_days")["amount"].sum().to_numpy()

    assert (budget(run(OLD)) == budget(run(OLD, "policy=outcome_focused"))).all()
    assert (budget(run(OLD)) > budget(run())).all()


def test_in_no_effect_they_too_are_the_same_under_every_policy() -> None:
    one, other = (run(OLD, "world=no_effect", f"policy={name}") for name in ("balanced", "experience_focused"))
    pd.testing.assert_frame_equal(one.customers, other.customers, check_exact=True)
    chosen = [*CUSTOMER_DECIDED, "present"]
    shown = [r.events[r.events["event"].isin(chosen)].reset_index(drop=True) for r in (one, other)]
    text = {"event": "str", "detail": "str"}
    pd.testing.assert_frame_equal(shown[0].astype(text), shown[1].astype(text), check_exact=True)
