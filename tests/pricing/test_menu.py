"""A menu of tariffs: who chooses what, what a lot does, and what selection adds to it."""

from __future__ import annotations

import pandas as pd
import pytest
from labkit import changed, crowd_at_once, firm_of, person, shipped

from sim.agents.offering import choose, quote, tariff_of
from sim.pricing.matching import expected_first_year
from sim.recorder import Run
from sim.simulation import simulate

CROWD = {
    **crowd_at_once(300), "world.deciding.win_intercept": 20.0, "world.capacity_unlimited": True,
    "market.people.fit_signal_sd": 0.05,
}  # fmt: skip


def test_every_option_is_matched_by_itself() -> None:
    scenario = shipped("pricing=menu")
    for option in scenario.pricing.options.values():
        assert expected_first_year(option, scenario.market.reference) == pytest.approx(1.0, rel=1e-9)
    assert list(scenario.pricing.options) == ["fixed", "at_risk"]


def test_who_expects_little_leaves_the_risk_with_the_provider() -> None:
    """The cheapest year by one's own expectation; a rich goal makes the share of the gain dear."""
    firm = firm_of(shipped("pricing=menu"))
    mean = firm.market.people.fit_mean
    low, high = person(goal_value_per_month=400.0), person(goal_value_per_month=400.0)
    assert choose(firm, low, 0.5 * mean) == "at_risk"
    assert choose(firm, high, 1.5 * mean) == "fixed"
    assert tariff_of(firm, low) is firm.tariff.options["at_risk"]
    assert quote(firm, high) == pytest.approx(1200.0), "the quote is that of the option taken"


def test_without_a_menu_nothing_is_chosen() -> None:
    firm, c = firm_of(shipped()), person()
    assert choose(firm, c, 0.5) == ""
    assert tariff_of(firm, c) is firm.tariff


def won(run: Run) -> pd.DataFrame:
    events = run.events[run.events["event"] == "won"]
    who = run.customers.set_index("customer").loc[events["customer"]]
    return pd.DataFrame({"option": events["detail"].astype(str).to_numpy(), "fit": who["fit"].to_numpy()})


def test_choosers_differ_where_lots_do_not() -> None:
    """Fit of those at fixed price minus at risk: above 0 where they choose, within 4 SE of 0 by lot.

    300 customers who know their fit well: the standard error of the difference is .025, the choice moves it by .15.
    """
    gap = {}
    for pricing in ("menu", "menu_by_lot"):
        people = won(simulate(changed(shipped(f"pricing={pricing}"), {**CROWD, "horizon_months": 12.0}), 21))
        fit = people.groupby("option")["fit"]
        assert set(people["option"]) == {"fixed", "at_risk"}
        error = float(((fit.var() / fit.size()).sum()) ** 0.5)
        gap[pricing] = (fit.mean()["fixed"] - fit.mean()["at_risk"], error)
    assert gap["menu"][0] > 4 * gap["menu"][1]
    assert abs(gap["menu_by_lot"][0]) < 4 * gap["menu_by_lot"][1]


def test_customers_are_charged_by_their_own_option() -> None:
    run = simulate(changed(shipped("pricing=menu_by_lot"), {**CROWD, "horizon_months": 18.0}), 22)
    events = run.events[run.events["event"] == "won"].set_index("customer")["detail"].astype(str)
    paid = run.ledger[run.ledger["account"] == "invoice_outcome"]
    assert len(paid) and set(events.loc[paid["party"].unique()]) == {"at_risk"}
