"""Discounts: what the customer counts on is what the customer gets, and the budget pays for it."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

import numpy as np
import pytest
from labkit import changed, firm_of, person, shipped

from sim.agents.closing import Offer, decide
from sim.agents.contracting import end, next_bill, sign
from sim.agents.customer import Customer
from sim.agents.discounting import off_first_year, quotable, set_aside
from sim.agents.firm import Firm
from sim.agents.offering import quote
from sim.metrics.value import value
from sim.simulation import Run, simulate


def given(firm: Firm) -> float:
    """Money off, as the books show it; what customers were given is what the budget has paid."""
    firm.purse.settle()
    book = firm.record.tables["ledger"].frame(0).groupby("account", observed=True)["amount"].sum()
    assert book.get("discount", 0.0) == pytest.approx(-book.get("spend_discounts", 0.0))
    return float(book.get("discount", 0.0))


def firm_with(money: float, *overrides: str, **changes: Any) -> Firm:
    firm = firm_of(changed(shipped(*overrides), {key.replace("__", "."): value for key, value in changes.items()}))
    firm.purse.fill(money)
    return firm


def whole_first_term(firm: Firm, c: Customer) -> None:
    while c.bill.to_days < c.account.term_end_days:
        next_bill(firm, c)


@pytest.mark.parametrize("pricing", ["seat_subscription", "usage_based", "perpetual_licence"])
@pytest.mark.parametrize(("term", "money"), [(1, 1e6), (24, 1e6), (12, 20.0), (12, 0.0)])
def test_what_is_quoted_is_given(pricing: str, term: int, money: float) -> None:
    """On what this tariff asks in advance, in every billing period of the first term, as far as the money goes."""
    firm = firm_with(
        money, f"pricing={pricing}", market__contract__term_months=term, market__contract__billing_months=1
    )
    c = person()
    discount = quotable(firm, c, 0.25)
    assert discount <= money
    assert off_first_year(firm, discount) <= 0.25 * quote(firm, c) + 1e-9
    set_aside(firm, c, discount)
    sign(firm, c)
    whole_first_term(firm, c)
    assert given(firm) == pytest.approx(discount)
    assert firm.purse.balance == pytest.approx(money - discount)


def test_use_and_outcome_are_not_discounted() -> None:
    """Of a tariff that asks a tenth in advance a quarter of that tenth; the decision counts no more."""
    firm, c = firm_with(1e6, "pricing=usage_based"), person()
    platform = firm.tariff.invoice.__self__.platform_share
    assert quotable(firm, c, 0.25) == pytest.approx(0.25 * platform * 1200.0)


def test_an_early_end_gives_the_rest_back_and_a_later_contract_starts_without_it() -> None:
    """Three of twelve months are given; who comes back pays the list price."""
    firm, c = firm_with(1000.0, market__contract__billing_months=1), person()
    set_aside(firm, c, quotable(firm, c, 0.5))
    assert firm.purse.balance == pytest.approx(400.0)
    sign(firm, c)
    next_bill(firm, c)
    next_bill(firm, c)
    end(firm, c, firm.clock.now)
    assert firm.purse.balance == pytest.approx(850.0)
    sign(firm, c)
    whole_first_term(firm, c)
    assert given(firm) == pytest.approx(150.0)
    assert c.bill.paid == pytest.approx(100.0)


def test_who_does_not_sign_costs_nothing() -> None:
    firm, c = firm_with(1000.0, world__deciding__win_intercept=-20.0), person()
    assert not decide(firm, c, Offer(0.0, 0.5, 0.5, 0.0))
    assert firm.purse.balance == 1000.0
    assert c.account.discount_left == 0.0


ALONE = {
    "world.capacity_unlimited": True,
    "world.word_of_mouth.referral_on": False,
    "world.word_of_mouth.reputation_lead_gain": 0.0,
    "world.deciding.win_reputation": 0.0,
    "world.deciding.renew_price": 0.0,
    "policy.staffing.listening": 10.0,
}
"""Nobody is moved by others; enough money that many leads are quoted a discount, not so much that all are."""

SEEDS = (11, 12)
DEAR = 10.0
"""Logit that the whole list price is worth to a buyer."""


@lru_cache(maxsize=8)
def selling(discount_share: float, win_price: float, seed: int) -> Run:
    changes = {"policy.sales.discount_share": discount_share, "world.deciding.win_price": win_price}
    return simulate(changed(shipped("candidates_share=.2", "horizon_months=24"), {**ALONE, **changes}), seed)


def winners(run: Run) -> set[int]:
    return set(run.events["customer"][run.events["event"] == "won"])


def net_cash(run: Run) -> float:
    table = partial(value, acquisition_accounts=["spend_sales"])(run)
    return float(table["value"][table["metric"] == "net_cash_per_candidate"].iloc[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_won_by_a_discount_that_is_not_paid(seed: int) -> None:
    """Who signs with the discount and would not without it has got it. The books close every month."""
    with_it, without = selling(0.3, DEAR, seed), selling(0.0, DEAR, seed)
    got = with_it.ledger[with_it.ledger["account"] == "discount"]
    swayed = winners(with_it) - winners(without)
    assert swayed
    assert swayed <= set(got["party"])
    assert winners(without) <= winners(with_it)
    assert len(set(got["party"])) < len(winners(with_it)), "the money does not reach everybody"
    books = with_it.ledger[with_it.ledger["party"] == -1]
    assert np.abs(books.groupby("time_days")["amount"].sum()).max() < 1e-6
    assert got["amount"].sum() == pytest.approx(-books["amount"][books["account"] == "spend_discounts"].sum())


@pytest.mark.parametrize("seed", SEEDS)
def test_where_nobody_minds_the_price_a_discount_only_costs(seed: int) -> None:
    """Nobody's luck moves: the same people live the same lives, and the money is gone."""
    with_it, without = selling(0.3, 0.0, seed), selling(0.0, 0.0, seed)
    assert with_it.customers.equals(without.customers)
    assert net_cash(with_it) < net_cash(without)


def test_where_the_price_decides_a_discount_pays() -> None:
    gains = [net_cash(selling(0.3, DEAR, seed)) - net_cash(selling(0.0, DEAR, seed)) for seed in SEEDS]
    assert sum(gains) > 0.0
