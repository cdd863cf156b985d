"""Upgrades offered in the middle of a term: who is asked, who takes one, what it costs and brings."""

from __future__ import annotations

from typing import Any

import pytest
from labkit import changed, firm_of, person, shipped

from sim.agents.billing import Bill, surcharge
from sim.events import CUSTOMER_DECIDED
from sim.recorder import Run
from sim.rules.renewal import price_burden
from sim.simulation import simulate

SMALL = ("candidates_share=0.15", "horizon_months=30")
OFFERED = "policy/upgrade=mid_term"
WORTH = "world/upgrading=worth_having"


def upgraded(run: Run) -> Any:
    return run.events[run.events["event"] == "upgraded"]


def test_what_is_not_offered_or_does_not_exist_changes_nothing() -> None:
    plain = simulate(shipped(*SMALL), 17)
    for name, table in simulate(shipped(*SMALL, WORTH), 17).tables.items():
        assert plain.tables[name].equals(table)
    assert len(upgraded(simulate(shipped(*SMALL, OFFERED), 17))) == 0
    assert len(upgraded(simulate(shipped(*SMALL, WORTH, OFFERED), 17))) > 2


def test_the_rest_of_the_period_is_invoiced_and_the_burden_stays_the_same() -> None:
    """A fifth dearer with a quarter of the year left: a twentieth of the year's invoice more."""
    firm, c = firm_of(shipped()), person()
    c.bill = Bill(0, -274.0, 91.0 + 1.0 / 3.0, c)
    c.bill.paid = c.latent.charged = 1100.0
    before = price_burden(1.0, c.latent.charged, 12.0 * c.account.list_price_per_month)
    surcharge(firm, c, 1.2)
    (row,) = firm.record.tables["ledger"].frame(0).to_dict("records")
    assert row["account"] == "invoice_regular"
    assert row["amount"] == pytest.approx(0.2 * 1100.0 * 0.25)
    assert (row["covers_from_days"], row["covers_to_days"]) == (0.0, c.bill.to_days)
    assert price_burden(1.0, c.latent.charged, 1.2 * 12.0 * c.account.list_price_per_month) == pytest.approx(before)


def test_one_offer_a_term_well_before_its_end_and_none_to_the_hold_out() -> None:
    """Everybody who is asked takes it."""
    base = shipped(*SMALL, WORTH, OFFERED, "survey.hold_out_share=0.5")
    run = simulate(changed(base, {"world.upgrading.intercept": 20.0}), 17)
    found = upgraded(run)
    assert len(found) > 10
    assert not found.duplicated(["customer", "contract", "occurrence"]).any()
    assert not found["customer"].isin(run.customers["customer"][run.customers["hold_out"]]).any()
    won = run.customers.set_index("customer")["won_days"]
    first = found[(found["contract"] == 1) & (found["occurrence"] == 1)]
    assert (first["time_days"].to_numpy() <= won.reindex(first["customer"]).to_numpy() + 365.25).all()
    blind = shipped(*SMALL, WORTH, OFFERED, "policy/listening=traditional")
    assert len(upgraded(simulate(blind, 17))) == 0


def test_it_brings_what_the_world_says() -> None:
    """Everybody who is asked takes it: outcomes rise where it delivers; where it does not, only the price does."""

    def run_of(world: str) -> Run:
        scenario = shipped(*SMALL, OFFERED, world)
        return simulate(changed(scenario, {"world.upgrading.intercept": 20.0, "world.value.weight": 0.0}), 17)

    absent, same, worth = (run_of(f"world/upgrading={name}") for name in ("absent", "more_of_the_same", "worth_having"))

    def outcome(run: Run) -> float:
        return float(run.surveys.loc[run.surveys["trigger"] == "wave", "outcome"].mean())

    def revenue(run: Run) -> float:
        return float(run.ledger.loc[run.ledger["account"] == "invoice_regular", "amount"].sum())

    gain, beside = outcome(worth) - outcome(same), outcome(same) - outcome(absent)
    assert gain > 0.01
    assert abs(beside) < 0.1 * gain
    assert revenue(same) > revenue(absent)


@pytest.mark.parametrize("lever", [0.0, 0.1])
def test_no_effect_holds_and_its_lever_is_the_one_for_contacts(lever: float) -> None:
    """Where contacts act, the same two policies part (negative control)."""
    groups = (*SMALL, "world=no_effect", WORTH, "policy/success=nobody")
    change = {"world.levers.contact": lever, "world.upgrading.intercept": 20.0}
    nobody, asked = (simulate(changed(shipped(*groups, *more), change), 17) for more in ((), (OFFERED,)))

    def decided(run: Run) -> Any:
        return run.events[run.events["event"].isin(list(CUSTOMER_DECIDED))].reset_index(drop=True).astype(str)

    same = nobody.customers.equals(asked.customers) and decided(nobody).equals(decided(asked))
    assert same == (lever == 0.0)
