"""What an organisation can see: named tuples of plain numbers, the only input of every strategy."""

from __future__ import annotations

from math import nan
from typing import NamedTuple

UNSEEN = nan
"""A number the organisation does not have under its observability regime."""


class LeadView(NamedTuple):
    """A lead at the first touch."""

    fit_signal: float
    """the seller's own noisy reading of fit, share"""
    seats: float
    list_price_per_month: float
    turn: float = 0.0
    """the customer's fixed place in a change of ways, share; see sim.policies.transforming"""
    reached: float = 1.0
    """share of customers that this decision is taken for in the new way"""


class ProjectView(NamedTuple):
    """A signed customer before the implementation."""

    seats: float
    list_price_per_month: float
    promise: float
    turn: float = 0.0
    """the customer's fixed place in a change of ways, share; see sim.policies.transforming"""
    reached: float = 1.0
    """share of customers that this decision is taken for in the new way"""


class TicketView(NamedTuple):
    """A ticket waiting for its next contact."""

    kind: int
    """index into sim.context.market.KINDS"""
    attempt: int
    """contacts before this one"""
    seats: float
    tenure_days: float
    days_to_renewal: float
    turn: float = 0.0
    """the customer's fixed place in a change of ways, share; see sim.policies.transforming"""
    reached: float = 1.0
    """share of customers that this decision is taken for in the new way"""
    raised_days: float = 0.0
    """time the ticket was raised"""
    pays: float = 1.0
    """0 for a user of a plan without a price"""


class AccountView(NamedTuple):
    """A customer as the success team's screen shows it; UNSEEN (nan) where nothing was measured."""

    tenure_days: float
    days_to_renewal: float
    seats: float
    list_price_per_month: float
    open_tickets: float
    tickets_last_quarter: float
    last_score: float
    """last answer to the fielded relationship survey"""
    usage: float
    """last usage reading, share of full use"""
    outcome: float
    """last outcome reading, share of the goal"""
    lot: float
    """a uniform number of this customer and wave: what a lottery would use"""
    breadth: float = UNSEEN
    """share of the functions in use at the last usage reading"""
    days_since_contact: float = UNSEEN
    """since the last contact by success management"""
    turn: float = 0.0
    """the customer's fixed place in a change of ways, share; see sim.policies.transforming"""
    reached: float = 1.0
    """share of customers that this decision is taken for in the new way"""


class AlarmView(NamedTuple):
    """A hint of telemetry that something is wrong with a customer who has not said so."""

    by_outcome: int
    """1 if outcome telemetry gives the hint, 0 if usage telemetry does"""
    usage: float
    """last usage reading, share of full use"""
    outcome: float
    """last outcome reading, share of the goal"""
    tenure_days: float
    days_to_renewal: float
    turn: float = 0.0
    """the customer's fixed place in a change of ways, share; see sim.policies.transforming"""
    reached: float = 1.0
    """share of customers that this decision is taken for in the new way"""


class FeedbackView(NamedTuple):
    """Something a customer said, with what is known of who said it."""

    source: int
    """where: 0 a complaint, 1 a survey answer, 2 a silent problem found, 3 a success manager's talk"""
    matter: int
    """about what: a ticket type as in TicketView, or the number after the last for nothing in particular"""
    score: float
    """its last answer to the fielded relationship survey"""
    tenure_days: float
    seats: float
    turn: float = 0.0
    """the customer's fixed place in a change of ways, share; see sim.policies.transforming"""
    reached: float = 1.0
    """share of customers that this decision is taken for in the new way"""


class SteeringView(NamedTuple):
    """The dashboard at the start of a quarter: what seems to be at stake, and where the money goes now."""

    quarter: float
    onboarding_stake: float
    """standard deviations of its metric that the average customer seems to lose to a late start; UNSEEN if unknown"""
    support_stake: float
    """the same for waiting"""
    success_stake: float
    """the same for the time since success management was there"""
    product_stake: float
    """the same for results missing at the use they have"""
    onboarding_spend: float
    """share of the money of these four that onboarding has"""
    support_spend: float
    success_spend: float
    product_spend: float
    onboarding_emphasis: float
    """emphasis decided so far"""
    support_emphasis: float
    success_emphasis: float
    product_emphasis: float
    reached: float = 1.0
    """how far a transformation has come, share"""


class PlanView(NamedTuple):
    """The organisation at the start of a month."""

    month: float
    months_planned: float
    reached: float = 1.0
    """share of the organisation that works in the new way"""


class SurveyView(NamedTuple):
    """A customer whom a survey could be sent to."""

    tenure_days: float
    days_to_renewal: float
    seats: float
    days_since_invited: float = UNSEEN
    """since the last invitation of the fielded programme"""
    last_score: float = UNSEEN
    """last answer to the fielded relationship survey"""
    open_tickets: float = 0.0
    turn: float = 0.0
    """the customer's fixed place in a change of ways, share; see sim.policies.transforming"""
    reached: float = 1.0
    """share of customers that this decision is taken for in the new way"""


def require_view(view: object) -> None:
    """Raise TypeError unless `view` is one of the views above and holds plain numbers only."""
    if type(view) not in _VIEWS:
        raise TypeError(f"a policy is handed a view, got {type(view).__name__}")
    for number in view:  # type: ignore[attr-defined]
        if type(number) is not float and type(number) is not int:
            raise TypeError(f"a view must hold plain numbers only, got {view!r}")


_VIEWS = frozenset(
    (LeadView, ProjectView, TicketView, AccountView, AlarmView, FeedbackView, PlanView, SteeringView, SurveyView)
)
