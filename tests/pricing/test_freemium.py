"""A plan without a price: who takes it, who pays, what it costs, and that nothing of it is wired."""

from __future__ import annotations

from functools import lru_cache
from math import exp
from typing import Any

import numpy as np
import pandas as pd
import pytest
from labkit import PLAIN, changed, firm_of, person, shipped

from sim.agents.customer import FREE, Customer
from sim.agents.firm import Firm
from sim.agents.helping import Ticket, open_ticket
from sim.agents.sight import ticket_view
from sim.agents.ticket_stream import TicketStream
from sim.agents.trying import paying_probability, set_up, sign_up
from sim.checks import InputError
from sim.events import CUSTOMER_DECIDED
from sim.experiments.tariffs import tariff_facts
from sim.metrics.facts import Index, identity
from sim.metrics.free import free
from sim.metrics.retention import tenure
from sim.pricing.matching import expected_first_year
from sim.pricing.menu import Menu
from sim.recorder import Run
from sim.rules.trying import alone, covered, kept
from sim.scenario import Scenario
from sim.simulation import simulate
from sim.statements.paying_share import paying_share
from sim.units import days

OUTCOMES = ("world.share_experience", 0.25)
"""What decides is mostly what the product is known to do."""


def scenario_of(pricing: str, *changes: tuple[str, Any]) -> Scenario:
    small = shipped("market=smb", f"pricing={pricing}", "candidates_share=0.15")
    return changed(small, {"horizon_months": 30.0, **dict(changes)})


@lru_cache(maxsize=8)
def run_of(pricing: str, *changes: tuple[str, Any]) -> Run:
    return simulate(scenario_of(pricing, *changes), 41)


def of_free() -> Run:
    return run_of("freemium", OUTCOMES)


def firm_with(*changes: tuple[str, Any]) -> Firm:
    return firm_of(scenario_of("freemium", OUTCOMES, *changes))


def kinds(run: Run, *names: str) -> pd.DataFrame:
    return run.events[run.events["event"].isin(names)]


def test_what_a_plan_covers_and_what_is_done_alone() -> None:
    assert covered(3.0, 0.3, 6.0, 0.6) == pytest.approx(0.25)
    assert covered(3.0, 0.3, 2.0, 0.1) == 1.0, "who needs little has all of it for nothing"
    assert alone(4.0, 2.0) == 1.0 and alone(4.0, 16.0) == 0.25
    assert kept(0.9, 3, 12) == pytest.approx(kept(0.9, 1, 12) ** 3), "how often one looks does not matter"


def test_nobody_sells_and_nobody_is_invoiced_before_paying() -> None:
    run = of_free()
    assert not len(kinds(run, "sales_touch", "lost", "disqualified", "implementation_cancelled"))
    teams = run.resources.groupby("team", observed=True)["arrivals"].sum()
    assert teams["sales"] == 0 and teams["onboarding"] == 0 and teams["support"] > 0
    assert len(kinds(run, "signed_up_free")) == len(kinds(run, "lead")) > 30
    assert (run.surveys["contract"] > 0).all()
    before = run.ledger[(run.ledger["contract"] == 0) & (run.ledger["party"] >= 0)]
    assert set(before["account"]) == {"hosting"}
    assert len(kinds(run, "ticket_raised").query("contract == 0")) > 10, "they ask for help like others"


def test_who_pays_is_a_customer_from_that_day_on() -> None:
    run = of_free()
    paid = kinds(run, "converted").set_index("customer")["time_days"]
    people = run.customers.set_index("customer")
    assert len(paid) > 5 and set(people.index[people["won_days"].notna()]) == set(paid.index)
    assert (people.loc[paid.index, "won_days"] == paid).all()
    assert (people.loc[paid.index, "go_live_days"] == paid).all()
    assert tenure(run).signed.sum() == len(paid), "retention is about those who pay"
    assert set(people["status"][people["won_days"].isna()]) <= {"candidate", "free", "lost"}


def test_serving_costs_the_part_that_is_free() -> None:
    """hosting = covered x free_hosting x hosting_share x list price x months, every period until the free use ends."""
    run, scenario = of_free(), scenario_of("freemium")
    plan = scenario.pricing.free
    assert plan is not None
    signed = kinds(run, "signed_up_free").set_index("customer")
    over = kinds(run, "stopped_free", "converted").set_index("customer")["time_days"]
    people = run.customers.set_index("customer").loc[signed.index]
    price = people["list_price_per_month"] * signed["value"]
    each = scenario.market.costs.hosting_share * plan.hosting * price * plan.period_months
    until = over.reindex(signed.index).fillna(run.windows.horizon_days)
    periods = np.ceil(((until - signed["time_days"]) / days(plan.period_months)).to_numpy() - 1e-9)
    book = run.ledger[(run.ledger["account"] == "hosting") & (run.ledger["contract"] == 0)]
    paid = -book.groupby("party")["amount"].sum().reindex(signed.index)
    assert np.allclose(paid, each * periods)


def user(firm: Firm, breadth: float = 0.6) -> Customer:
    """Somebody a year into the free plan, using all it covers."""
    c = person(seats=12.0, breadth=breadth)
    assert firm.free is not None
    sign_up(firm, c, firm.free)
    c.latent.adoption = c.latent.restraint
    c.latent.noticed_days = 365.0
    return c


def odds(probability: float) -> float:
    return probability / (1.0 - probability)


def hopeless(firm: Firm) -> float:
    """Odds of paying for nothing more, at price sensitivity 1 and without a reputation."""
    d = firm.world.deciding
    return exp(d.win_intercept + firm.market.selling.win_logit - d.win_price)


def test_paying_is_the_decision_of_a_lead_with_value_in_the_place_of_hope() -> None:
    """Closed form where paying brings nothing; more outcome brings more payers where outcomes count, and only there."""
    for share in (0.0, 1.0):
        firm = firm_with(("world.share_experience", share))
        c = user(firm)
        chance = paying_probability(firm, c)
        c.latent.adoption = 0.0
        nothing = paying_probability(firm, c)
        assert odds(nothing) == pytest.approx(hopeless(firm))
        assert (chance > 2.0 * nothing) if share == 0.0 else (chance == nothing)


def test_who_has_all_for_nothing_gains_nothing_by_paying() -> None:
    """Would-be payers stay free where the plan covers their needs: the plan's limits are what is paid for."""
    tight, wide = (firm_with(("pricing.free_seats", seats)) for seats in (3.0, 1e6))
    assert odds(paying_probability(wide, user(wide, breadth=0.2))) == pytest.approx(hopeless(wide))
    assert paying_probability(tight, user(tight, breadth=0.2)) > 2.0 * hopeless(tight)


def test_the_special_price_of_nothing() -> None:
    """A logit less, whatever else counts."""
    chances = [
        paying_probability(firm, user(firm)) for firm in (firm_with(), firm_with(("world.trying.zero_price", 1.0)))
    ]
    assert odds(chances[1]) == pytest.approx(odds(chances[0]) * exp(-1.0))


def test_what_takes_much_work_is_not_set_up_alone() -> None:
    """Depth of use falls with the work an implementation takes."""
    depths = [user(firm_with(("market.onboarding.task_hours", hours))).latent.depth for hours in (0.01, 2.0, 9.0, 70.0)]
    assert depths[0] == depths[1] > 1.5 * depths[2] > 4.0 * depths[3] > 0.0
    firm, c = firm_with(), person()
    c.account.contract = 1
    assert next(set_up(firm, c), None) is None and c.status == "active", "alone, and at once"


def test_who_pays_is_helped_first() -> None:
    """A user of the free plan asked before, and waits behind a customer; without the condition, in order."""
    for last, first in ((True, 8), (False, 7)):
        firm = firm_with(("pricing.served_last", last))
        payer = person(customer=8)
        payer.status, payer.account.contract = "active", 1
        firm.support.set_people(0.0)
        for c in (user(firm), payer):
            open_ticket(firm, c, Ticket(0, 0, 0.0, c.account.contract))
        assert min(firm.support._line)[2] == first
    assert [ticket_view(c.account, 0.0, 0, 0, 0.0).pays for c in (user(firm), payer)] == [0.0, 1.0]


def test_who_pays_is_no_beginner_again() -> None:
    """Problems come at the times that the first use has set, paid for or not (control: a stream begun anew)."""
    firm = firm_with(("market.tickets.early_height", 5.0))
    c = user(firm)

    def times(stream: TicketStream) -> list[float]:
        found = []
        for _ in range(60):
            stream.forward(firm, c)
            found.append(stream.next_days)
        return found

    free, paid = TicketStream(firm, c), TicketStream(firm, c)
    expected = times(free)
    c.account.go_live_days = expected[5]
    assert times(paid) == expected
    assert times(TicketStream(firm, c)) != expected


def test_the_switch_is_the_tariff() -> None:
    """Without a free plan its world's numbers do nothing; with it they do."""
    other = (("world.trying.pull", 5.0), ("world.trying.zero_price", 3.0), ("world.trying.own_hours", 0.0))
    sold = run_of("seat_subscription", OUTCOMES)
    for name, table in run_of("seat_subscription", OUTCOMES, *other).tables.items():
        pd.testing.assert_frame_equal(table, sold.tables[name])
    pulled = run_of("freemium", OUTCOMES, ("world.trying.pull", 1.0))
    assert len(kinds(pulled, "lead")) > len(kinds(of_free(), "lead"))
    assert not len(kinds(sold, "signed_up_free"))


def test_nothing_a_policy_does_moves_its_users_where_nothing_has_effect() -> None:
    still = scenario_of("freemium", ("world", shipped("world=no_effect").world))
    other = changed(still, {"policy": shipped("policy=experience_focused").policy})
    first, second = (simulate(scenario, 41) for scenario in (still, other))
    pd.testing.assert_frame_equal(first.customers, second.customers, check_exact=True)
    decided = [
        run.events[run.events["event"].isin(list(CUSTOMER_DECIDED))].reset_index(drop=True).astype({"detail": "str"})
        for run in (first, second)
    ]
    pd.testing.assert_frame_equal(*decided, check_exact=True)
    assert len(kinds(first, "converted")) and len(kinds(first, "stopped_free"))


def test_the_same_person_decides_with_the_same_luck() -> None:
    """Some who would have bought from a seller stay free, others pay only because they have tried."""
    sold, tried = run_of("seat_subscription", OUTCOMES), of_free()
    assert sold.customers["fit"].equals(tried.customers["fit"])
    bought, paid = (set(run.customers["customer"][run.customers["won_days"].notna()]) for run in (sold, tried))
    kept_free = set(tried.customers["customer"][tried.customers["status"] == FREE])
    assert paid - bought, "who tries learns what no seller could tell"
    assert bought & (kept_free | set(kinds(tried, "stopped_free")["customer"])), "cannibalised"


def test_matching_is_about_those_who_pay() -> None:
    scenario = scenario_of("freemium")
    assert expected_first_year(scenario.pricing, scenario.market.reference) == pytest.approx(1.0)
    assert not tariff_facts(scenario)["is_reference"], "the report says what it was charged by"


def test_a_menu_has_no_plan_without_a_price() -> None:
    seats, plan = (scenario_of(name).pricing for name in ("seat_subscription", "freemium"))
    with pytest.raises(InputError, match="without a price"):
        Menu(
            name="menu",
            match="none",
            level=1.0,
            billing_months=0,
            conditions=PLAIN,
            self_selected=True,
            options={"fixed": seats, "free": plan},
        )


def test_the_family_counts_what_the_events_say() -> None:
    run = of_free()
    found = free(run, months=[1, 12]).set_index("metric")["value"]
    signed, paid, stopped = (kinds(run, kind) for kind in ("signed_up_free", "converted", "stopped_free"))
    assert found["signed_up"] == len(signed)
    assert found["free_users"] == len(signed) - len(paid) - len(stopped)
    assert found["days_to_paying_median"] == pytest.approx(paid["value"].median())
    assert 0.0 < found["conversion_1"] < found["conversion_12"] < 1.0
    contacts = kinds(run, "contact_end")
    assert found["free_contact_share"] == pytest.approx((contacts["contract"] == 0).mean())
    leads = kinds(run, "lead")
    referred = leads[leads["detail"].astype(str) == "referral"]
    at = Index(identity(run.customers)).rows(referred["value"].to_numpy(dtype=np.int64))
    first_paid = run.customers["won_days"].to_numpy()[at]
    assert found["referred_by_free_share"] == pytest.approx(
        float(np.mean(~(first_paid <= referred["time_days"].to_numpy())))
    )
    without = free(run_of("seat_subscription", OUTCOMES), months=[1]).set_index("metric")["value"]
    assert without[["conversion_1", "free_cost_per_paying", "referred_by_free_share"]].isna().all()


def test_the_published_share_stands_beside_what_comes_out() -> None:
    rows = pd.DataFrame(
        {"metric": "conversion_12", "context": ["a", "a", "b", "b"], "arm": "free", "value": [0.02, 0.04, 0.2, np.nan]}
    )
    assert paying_share(rows, months=12, low=0.02, high=0.05, source="C") == [
        "paying_share a free 0.0300 within published=0.02-0.05 C",
        "paying_share b free 0.2000 above published=0.02-0.05 C",
    ]
