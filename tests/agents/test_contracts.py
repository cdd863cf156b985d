"""Contracts in time: terms during long implementations, the decision day, releases, what a life leaves behind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from labkit import (
    EVERYBODY_BUYS_AT_ONCE,
    EVERYBODY_GOES_LIVE_AT_ONCE,
    ONLY_FRAILTY_DECIDES,
    QUIET,
    changed,
    crowd_at_once,
    shipped,
)

from sim.agents.clock import CUSTOMER_RANK, ORGANISATION_RANK, Clock
from sim.context.frailty import NormalFrailty
from sim.events import CAUSES, ORGANISATION
from sim.recorder import Run
from sim.simulation import simulate
from sim.units import days

MONTHLY = {"market.contract.term_months": 1, "market.contract.billing_months": 1}


def at(run: Run, kind: str) -> pd.DataFrame:
    return run.events[run.events["event"] == kind]


def test_terms_that_end_during_the_implementation_are_decided_on_their_day() -> None:
    """Monthly terms, product live after 100 days: three renewals before go-live, invoices every month, nobody is
    billed after leaving."""
    changes = {
        **QUIET, **MONTHLY, **EVERYBODY_BUYS_AT_ONCE, **EVERYBODY_GOES_LIVE_AT_ONCE, **ONLY_FRAILTY_DECIDES,
        **crowd_at_once(300), "market.onboarding.lag_days": 100.0, "market.frailty": NormalFrailty(1.4, 0.0),
        "horizon_months": 8.0,
    }  # fmt: skip
    run = simulate(changed(shipped("world=no_effect"), changes), 3)
    won = at(run, "won").set_index("customer")["time_days"]
    decided = run.events[run.events["event"].isin(["renewed", "churned"])]
    due = won.reindex(decided["customer"]).to_numpy() + decided["occurrence"].to_numpy() * days(1)
    assert np.allclose(decided["time_days"], due)
    early = decided[decided["time_days"] < won.reindex(decided["customer"]).to_numpy() + 100.0]
    assert set(early["occurrence"]) == {1, 2, 3}
    kept = (early["event"] == "renewed").mean()
    assert kept == pytest.approx(1 / (1 + np.exp(-1.4)), abs=4 * np.sqrt(0.16 / len(early)))
    bills = run.ledger[run.ledger["account"] == "invoice_regular"]
    assert np.allclose(bills["time_days"], bills["covers_from_days"])
    churned = decided[decided["event"] == "churned"].set_index("customer")["time_days"]
    assert not (bills["time_days"] >= churned.reindex(bills["party"]).to_numpy()).any()
    assert len(at(run, "go_live")) < len(won)


def test_order_on_the_decision_day() -> None:
    """Notice, then the decision, then seats; a survey before renewal came earlier; the invoice is of the same day."""
    run = simulate(changed(shipped("candidates_share=0.5"), {"horizon_months": 30.0}), 4)
    notices = at(run, "price_notice").set_index(["customer", "contract", "occurrence"])["time_days"]
    for kind in ("renewed", "churned", "expanded", "contracted"):
        rows = at(run, kind)
        assert np.array_equal(rows["time_days"], notices.reindex(pd.MultiIndex.from_frame(rows[notices.index.names])))
    renewed = at(run, "renewed")
    assert len(renewed) > 20
    bills = run.ledger[(run.ledger["account"] == "invoice_regular") & (run.ledger["covers_from_days"] > 0)]
    paid = set(zip(bills["party"], bills["time_days"], strict=True))
    assert set(zip(renewed["customer"], renewed["time_days"], strict=True)) <= paid
    asked = run.surveys[run.surveys["trigger"] == "pre_renewal"]
    ahead = asked.merge(renewed, on=["customer", "contract"], suffixes=("", "_then"))
    ahead = ahead[ahead["occurrence"] % 1024 == ahead["occurrence_then"]]
    assert ((ahead["time_days_then"] - ahead["time_days"]) <= 30.0 + 1e-9).all()


def test_causes_are_explained_beside_every_voluntary_churn() -> None:
    changes = {"market.frailty.mean_logit": 0.0, "horizon_months": 40.0}
    run = simulate(changed(shipped("candidates_share=0.5"), changes), 4)
    gone = at(run, "churned")
    voluntary = gone[gone["detail"] != "involuntary"]
    for kind in ("exit_largest", "exit_stated"):
        assert at(run, kind)["customer"].tolist() == voluntary["customer"].tolist()
    words = {word for detail in voluntary["detail"].astype(str) for word in detail.split("+")}
    assert words <= {*CAUSES, "chance"}
    assert {"experience", "outcome", "chance"} <= words
    assert set(at(run, "exit_stated")["detail"].astype(str)) <= set(CAUSES)


@pytest.mark.parametrize(("share", "never"), [(1.0, "outcome"), (0.0, "experience")])
def test_what_has_no_weight_is_no_cause(share: float, never: str) -> None:
    changes = {"world.share_experience": share, "market.frailty.mean_logit": 0.0, "horizon_months": 40.0}
    run = simulate(changed(shipped("candidates_share=0.5"), changes), 4)
    causes = at(run, "churned")["detail"].astype(str)
    assert len(causes) > 20
    assert not causes.str.contains(never).any()


def test_simultaneous_events_order_by_kind_and_customer() -> None:
    clock, seen = Clock(), []
    ranks = {9: CUSTOMER_RANK, 2: CUSTOMER_RANK, ORGANISATION: ORGANISATION_RANK, 5: CUSTOMER_RANK}
    for customer, rank in ranks.items():
        event = clock.at(3.0, rank, customer)
        event.callbacks = [lambda _, customer=customer: seen.append(customer)]
    clock.run()
    assert seen == [ORGANISATION, 2, 5, 9]
    assert clock.processed() == 4


def test_experience_and_outcome_end_with_the_relationship() -> None:
    """The row of a customer who left holds the truth of the last day, as the exit survey saw it, though a ticket
    may be closed later."""
    changes = {
        "market.frailty.mean_logit": -0.5, "world.deciding.win_back_intercept": -20.0, "horizon_months": 30.0,
        "market.tickets.per_month": 4.0, "market.tickets.handling_hours": 6.0, "policy.staffing.support": 0.5,
    }  # fmt: skip
    run = simulate(changed(shipped("candidates_share=0.5"), changes), 4)
    exits = run.surveys[run.surveys["trigger"] == "exit"].drop_duplicates("customer").set_index("customer")
    people = run.customers.set_index("customer").loc[exits.index]
    assert len(exits) > 20
    assert np.array_equal(people["experience"], exits["experience"])
    assert np.array_equal(people["outcome"], exits["outcome"])
    closed = run.events[run.events["event"] == "contact_end"].merge(people.reset_index(), on="customer")
    assert (closed["time_days"] > closed["end_days"]).any(), "the scenario does close tickets afterwards"
    signed = run.customers["won_days"].notna()
    assert run.customers.loc[signed, ["experience", "outcome"]].notna().all().all()
    assert run.customers.loc[~signed, ["experience", "outcome"]].isna().all().all()


def test_a_win_back_is_a_new_contract_of_the_same_person() -> None:
    changes = {
        **MONTHLY, "market.frailty.mean_logit": 0.0, "world.deciding.win_back_intercept": 20.0,
        "market.contract.win_back_days": 20.0, "horizon_months": 12.0,
    }  # fmt: skip
    run = simulate(changed(shipped("candidates_share=0.5"), changes), 4)
    back = at(run, "won_back")
    assert len(back) > 5
    assert np.allclose(back["value"], 20.0)
    left = at(run, "churned").set_index(["customer", "contract"])["time_days"]
    before = left.reindex(pd.MultiIndex.from_arrays([back["customer"], back["contract"] - 1]))
    assert np.allclose(back["time_days"], before + 20.0)
    assert (run.customers["customer"].duplicated()).sum() == 0


def test_releases_come_at_their_cadence_and_product_money_acts() -> None:
    """Twice the product money, better product: fewer tickets per customer-month and more outcome."""
    base = changed(shipped("world=both_matter"), {"horizon_months": 30.0, "world.capacity_unlimited": True})
    plain, rich = (
        simulate(changed(base, {"world.efforts.quality_per_month": q, "world.efforts.fit_per_month": q}), 2)
        for q in (0.0, 0.1)
    )
    waves = [r.surveys[(r.surveys["trigger"] == "wave") & (r.surveys["instrument"] == "nps")] for r in (plain, rich)]
    outcome = [wave["outcome"].mean() for wave in waves]
    load = [len(at(run, "ticket_raised")) / len(wave) for run, wave in zip((plain, rich), waves, strict=True)]
    assert outcome[1] > outcome[0] * 1.05
    assert load[1] < load[0] * 0.95


def test_use_is_metered_in_the_mirror_too() -> None:
    """Full use from go-live on: a year's usage bill is the year's share after go-live."""
    changes = {"horizon_months": 30.0, "market.tickets.per_month": 0.0}
    scenario = changed(shipped("candidates_share=0.3", "world=mirror", "pricing=usage_based"), changes)
    run = simulate(scenario, 4)
    people = run.customers.set_index("customer")
    bills = run.ledger[run.ledger["account"] == "invoice_usage"]
    later = bills[bills["covers_from_days"] > people["go_live_days"].reindex(bills["party"]).to_numpy()]
    first = later[later["time_days"] < people["won_days"].reindex(later["party"]).to_numpy() + 360.0]
    listed = people["list_price_per_month"].reindex(first["party"]).to_numpy()
    assert len(first) > 50
    assert np.allclose(first["amount"], scenario.pricing.level * listed)
