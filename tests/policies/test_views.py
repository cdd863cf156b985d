"""Policies see views: by type, at run time, and by what a recording strategy could learn."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from math import isnan, nan
from typing import Any

import numpy as np
import pytest
from labkit import changed, firm_of, person, shipped

import sim.policies
from sim.policies import views
from sim.policies.success import NONE, Contact
from sim.policies.views import AccountView, LeadView, SurveyView, TicketView, require_view
from sim.recorder import Run
from sim.simulation import simulate
from sim.streams import Streams

VIEWS = {v for v in vars(views).values() if isinstance(v, type) and issubclass(v, tuple) and hasattr(v, "_fields")}
PLAIN = {int, float, bool}
WAVE_BITS = 4


def strategies() -> Iterator[type]:
    """Every strategy class shipped, and every Protocol that strategies fulfil."""
    for info in pkgutil.walk_packages(sim.policies.__path__, "sim.policies."):
        module = importlib.import_module(info.name)
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ == info.name and value.__name__ != "Policy":
                yield value


def methods(kind: type) -> list[Any]:
    return [m for name, m in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")]


@pytest.mark.parametrize("kind", [k for k in strategies() if is_dataclass(k)], ids=lambda k: k.__name__)
def test_strategies_take_views_and_return_plain_numbers(kind: type) -> None:
    """Annotations of every public method: exactly one argument, a view; the answer holds plain numbers."""
    assert kind.__dataclass_params__.frozen
    for method in methods(kind):
        hints = typing.get_type_hints(method)
        answer = hints.pop("return")
        assert len(hints) == 1
        assert set(hints.values()) <= VIEWS
        fields = typing.get_type_hints(answer).values() if hasattr(answer, "_fields") else [answer]
        assert set(fields) <= PLAIN


def test_views_hold_plain_numbers_only() -> None:
    assert {v.__name__ for v in VIEWS} == {
        "LeadView", "ProjectView", "TicketView", "AccountView", "AlarmView", "FeedbackView", "PlanView", "SurveyView",
        "SteeringView",
    }  # fmt: skip
    for view in VIEWS:
        assert set(typing.get_type_hints(view).values()) <= {int, float}


@pytest.mark.parametrize(
    "smuggled",
    [
        person(),
        person().latent,
        person().account,
        person().traits,
        (1.0, 2.0, 3.0),
        LeadView(person().latent, 1.0, 1.0),
        LeadView(np.float64(0.5), 1.0, 1.0),
        LeadView("0.5", 1.0, 1.0),
        LeadView(True, 1.0, 1.0),
        SurveyView(1.0, None, 1.0),
        TicketView(1, 0, 1.0, lambda: 1.0, 1.0),
        type("Sly", (LeadView,), {"fit": 0.3})(0.5, 1.0, 1.0),
    ],
    ids=lambda x: type(x).__name__,
)
def test_anything_else_is_refused_at_run_time(smuggled: object) -> None:
    with pytest.raises(TypeError, match="view"):
        require_view(smuggled)


def test_a_view_passes_also_with_what_is_unseen() -> None:
    require_view(AccountView(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, nan, nan, nan, 0.5))


def test_a_process_that_hands_out_a_customer_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: a view replaced by the customer itself ends the run."""
    import sim.agents.caring as caring

    monkeypatch.setattr(caring, "account_view", lambda account, now, lot: account)
    with pytest.raises(TypeError, match="view"):
        simulate(shipped("candidates_share=0.2", "horizon_months=18"), 1)


class Watching:
    """Wraps the strategies of a bundle and keeps every view they are handed."""

    def __init__(self, policy: Any) -> None:
        self.seen: list[Any] = []
        points = [f.name for f in fields(policy) if f.name != "name"]
        self.policy = replace(policy, **{name: Watched(getattr(policy, name), self.seen) for name in points})


class Watched:
    """One strategy that notes what it is asked."""

    def __init__(self, inner: Any, seen: list[Any]) -> None:
        self._inner = inner
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if not callable(value):
            return value

        def ask(view: Any) -> Any:
            self._seen.append(view)
            return value(view)

        return ask


def watched(scenario: Any, seed: int) -> tuple[Run, list[Any]]:
    watching = Watching(scenario.policy)
    return simulate(replace(scenario, policy=watching.policy), seed), watching.seen


BEFORE_ANY_RENEWAL = {"horizon_months": 22.0, "market.contract.term_months": 24}


def as_numbers(seen: list[Any]) -> list[tuple[Any, ...]]:
    return [(type(v).__name__, *(None if x != x else x for x in v)) for v in seen]


@pytest.mark.parametrize(
    "latent",
    [
        {"market.frailty.mean_logit": -3.0},
        {"world.deciding.renew_price": 5.0, "world.deciding.champion_loss": 5.0},
        {"market.people.reach_sigma": 0.0, "world.word_of_mouth.referral_on": False},
    ],
    ids=["frailty", "weights", "reach"],
)
def test_what_has_not_acted_yet_is_not_seen(latent: dict[str, Any]) -> None:
    """Other propensities to renew, weights of the renewal, social reach: before anybody has renewed or referred,
    every strategy is handed the very same numbers."""
    base = changed(
        shipped("candidates_share=0.5", "policy=outcome_focused"),
        {**BEFORE_ANY_RENEWAL, "world.word_of_mouth.referral_on": False},
    )
    _, plain = watched(base, 5)
    run, other = watched(changed(base, latent), 5)
    assert not run.events["event"].isin(["renewed", "churned"]).any()
    assert len(plain) > 1000
    assert as_numbers(plain) == as_numbers(other)


def test_what_has_acted_is_seen() -> None:
    """Negative control: more fit shows in the seller's signal and in readings."""
    base = changed(shipped("candidates_share=0.5", "policy=outcome_focused"), BEFORE_ANY_RENEWAL)
    _, plain = watched(base, 5)
    _, other = watched(changed(base, {"market.people.fit_alpha": 9.0}), 5)
    assert as_numbers(plain) != as_numbers(other)


def test_the_success_screen_can_be_rebuilt_from_recorded_facts() -> None:
    """Every AccountView of a run, told apart by its lot, against events and answers a firm has taken part in."""
    scenario = changed(
        shipped("candidates_share=0.5", "policy=outcome_focused"),
        {"horizon_months": 26.0, "world.deciding.win_back_intercept": -20.0, "policy.listening.usage": True},
    )
    run, seen = watched(scenario, 5)
    draw = Streams(5, 0).purpose("lot", WAVE_BITS)
    people, waves = run.customers.set_index("customer"), range(1, 10)
    won = people.index[people["won_days"].notna()]
    whose = {draw(int(customer), wave): (customer, wave) for customer in won for wave in waves}
    screens = [view for view in seen if type(view) is AccountView]
    assert len(screens) > 100
    for view in screens:
        customer, wave = whose[view.lot]
        assert view == pytest.approx(rebuilt(run, scenario, customer, wave, view.lot), nan_ok=True, rel=1e-9, abs=1e-6)
    assert any(not isnan(view.outcome) for view in screens)
    assert any(not isnan(view.last_score) for view in screens)


def rebuilt(run: Run, scenario: Any, customer: int, wave: int, lot: float) -> AccountView:
    """The view of a wave, from the fact tables alone."""
    now = wave * scenario.survey.wave_months * 365.25 / 12
    before = now - scenario.survey.wave_months * 365.25 / 12
    who = run.customers[run.customers["customer"] == customer].iloc[0]
    events = run.events[(run.events["customer"] == customer) & (run.events["time_days"] <= now)]
    kinds = events["event"].astype(str)
    raised, solved = events["time_days"][kinds == "ticket_raised"], events["time_days"][kinds == "ticket_resolved"]
    size = float(np.prod(events["value"][kinds.isin(["expanded", "contracted"])]))
    term_days = scenario.market.contract.term_months * 365.25 / 12
    terms = 1 + int((kinds == "renewed").sum())
    told = run.surveys[(run.surveys["customer"] == customer) & (run.surveys["time_days"] <= now + 1e-9)]
    told = told[(told["trigger"] == "wave") & told["answered"]]
    usage = run.surveys[(run.surveys["customer"] == customer) & (run.surveys["time_days"] <= now + 1e-9)]
    usage = usage[usage["trigger"] == "wave"]
    return AccountView(
        now - who["go_live_days"],
        who["won_days"] + terms * term_days - now,
        who["seats"] * size,
        who["list_price_per_month"] * size,
        float(len(raised) - len(solved)),
        float((raised > before).sum()),
        last(told["answer"][told["instrument"] == "nps"]),
        last(usage["adoption"]),
        last(told["answer"][told["instrument"] == "outcome_reading"]),
        lot,
        who["breadth"] * last(usage["adoption"]),
        now - last(events["time_days"][kinds == "success_contact"]),
    )


def last(values: Any) -> float:
    return float(values.iloc[-1]) if len(values) else nan


def test_hold_out_is_left_alone_by_metrics_only() -> None:
    """Customers in the hold-out are never contacted by a metric-triggered policy, but are by a calendar one."""
    for policy, expected in (("outcome_focused", 0), ("balanced", 1)):
        scenario = shipped("candidates_share=0.5", "horizon_months=30", f"policy={policy}", "survey.hold_out_share=0.5")
        run = simulate(scenario, 2)
        held = run.customers["customer"][run.customers["hold_out"]]
        contacts = run.events[run.events["event"] == "success_contact"]
        assert len(contacts) > 0
        assert contacts["customer"].isin(held).any() == bool(expected)


def test_nobody_is_contacted_for_an_unseen_number() -> None:
    """A metric that was never measured triggers nothing."""
    unseen = AccountView(1.0, 2.0, 3.0, 4.0, 0.0, 0.0, nan, nan, nan, 0.5)
    for name in ("on_score", "on_usage", "on_outcome"):
        strategy = shipped(f"policy/success={name}").policy.success
        assert strategy.contact(unseen) == NONE
        assert strategy.by_metric
    assert shipped("policy/success=at_random").policy.success.contact(unseen._replace(lot=0.01)) == Contact(1.0, 0.5)


def test_nothing_is_bought_that_is_not_asked() -> None:
    """Outcome readings are paid for at the moments that take one, and only while there is money."""
    from sim.agents.surveying import ask

    scenario = shipped("policy=outcome_focused", "survey=relationship")
    firm, c = firm_of(scenario), person()
    firm.purse.fill(1000.0)
    ask(firm, c, "at_purchase", 1)
    assert firm.purse.balance == pytest.approx(1000.0 - scenario.market.costs.survey_invitation)
    ask(firm, c, "wave", 1)
    spent = 2 * scenario.market.costs.survey_invitation + scenario.market.costs.outcome_reading
    assert firm.purse.balance == pytest.approx(1000.0 - spent)
