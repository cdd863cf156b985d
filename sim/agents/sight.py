"""What the organisation sees: views made from its own account of a customer, never from latent state."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from sim.policies.views import AccountView, AlarmView, FeedbackView, ProjectView, SurveyView, TicketView

if TYPE_CHECKING:
    from sim.agents.customer import Account


def _tenure(account: Account, now: float) -> float:
    return 0.0 if isnan(account.go_live_days) else now - account.go_live_days


def project_view(account: Account) -> ProjectView:
    """A signed customer."""
    return ProjectView(account.seats, account.list_price_per_month, account.promise)


def ticket_view(account: Account, now: float, kind: int, attempt: int, raised_days: float) -> TicketView:
    """A ticket and whose it is."""
    days_to_renewal = account.term_end_days - now
    pays = 1.0 if account.contract else 0.0
    return TicketView(
        kind, attempt, account.seats, _tenure(account, now), days_to_renewal, raised_days=raised_days, pays=pays
    )


def survey_view(account: Account, now: float) -> SurveyView:
    """A possible respondent."""
    return SurveyView(
        _tenure(account, now),
        account.term_end_days - now,
        account.seats,
        now - account.invited_days,
        account.last_score,
        float(account.open_tickets),
    )


def alarm_view(account: Account, now: float, by_outcome: int) -> AlarmView:
    """A hint of telemetry at a problem."""
    return AlarmView(
        by_outcome, account.last_usage, account.last_outcome, _tenure(account, now), account.term_end_days - now
    )


def feedback_view(account: Account, now: float, source: int, matter: int) -> FeedbackView:
    """Something a customer said."""
    return FeedbackView(source, matter, account.last_score, _tenure(account, now), account.seats)


def account_view(account: Account, now: float, lot: float) -> AccountView:
    """A customer on the success team's screen."""
    return AccountView(
        _tenure(account, now),
        account.term_end_days - now,
        account.seats,
        account.list_price_per_month,
        float(account.open_tickets),
        float(account.tickets_this_quarter),
        account.last_score,
        account.last_usage,
        account.last_outcome,
        lot,
        account.last_breadth,
        now - account.contacted_days,
    )
