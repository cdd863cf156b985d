"""Monitor: a problem that is kept quiet lasts until telemetry gives it away or the customer complains at last.

Hints and the complaint have their own addressed times, counted from the day the problem arose, so they
are the same under every policy; what the policy decides is whether a hint exists and whether it is followed.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from sim.agents.clock import CUSTOMER_RANK
from sim.agents.hearing import FOUND
from sim.agents.helping import raise_ticket
from sim.agents.sight import alarm_view
from sim.agents.staking import spur
from sim.context.market import KINDS
from sim.policies.views import require_view
from sim.rules import tickets
from sim.rules.common import NOMINAL_WARMTH
from sim.rules.effort import treatment
from sim.streams import exponential

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.silence import Silence

KEPT, COMPLAINS, BY_USAGE, USAGE_DELAY, BY_OUTCOME, OUTCOME_DELAY = range(6)
"""Places in the luck of one problem."""
WORK, SOLVES = range(2)
"""Places in the luck of one fix."""
FIXES = 2
"""Fixes of one problem at most: one for each kind of telemetry."""


class Secret:
    """A silent problem of one customer."""

    __slots__ = ("contract", "kind", "number", "open", "severity", "since_days")

    def __init__(self, number: int, kind: int, severity: float, since_days: float, contract: int) -> None:
        self.number = number
        self.kind = kind
        self.severity = severity
        self.since_days = since_days
        self.contract = contract
        self.open = True

    def hurts(self, c: Customer) -> bool:
        """Whether it still depresses use: not over, and its contract alive."""
        return self.open and c.still_under(self.contract)


def meet_problem(firm: Firm, c: Customer, candidate: int) -> None:
    """Problem number `candidate`, whose time is now, is reported or, where people are like that, kept quiet."""
    if firm.silence is None:
        raise_ticket(firm, c, candidate)
    else:
        _arise(firm, c, candidate, firm.silence)


def _arise(firm: Firm, c: Customer, candidate: int, silence: Silence) -> None:
    """It may be kept quiet."""
    number, now = c.traits.customer, firm.clock.now
    luck = firm.draws.silence(number, candidate)
    if luck[KEPT] >= silence.share:
        raise_ticket(firm, c, candidate)
        return
    kind = tickets.kind_of(firm.draws.ticket_kind(number, candidate), firm.market.tickets.kind_shares)
    secret = Secret(candidate, kind, firm.market.tickets.severity[kind], now, c.account.contract)
    firm.record.event(now, "problem_silent", number, secret.contract, candidate, secret.severity, KINDS[kind])
    c.latent.silent += secret.severity
    _later(firm, c, exponential(luck[COMPLAINS], silence.surface_days), lambda: _complain(firm, c, secret))
    hints = ((silence.usage, BY_USAGE, USAGE_DELAY), (silence.outcome, BY_OUTCOME, OUTCOME_DELAY))
    for source, (trace, shows, delays) in enumerate(hints):
        if luck[shows] < trace.chance:
            _hint_later(firm, c, secret, source, exponential(luck[delays], trace.delay_days))


def _hint_later(firm: Firm, c: Customer, secret: Secret, source: int, delay_days: float) -> None:
    """A hint of one kind of telemetry, in some days."""
    _later(firm, c, delay_days, lambda: _hint(firm, c, secret, source))


def _later(firm: Firm, c: Customer, delay_days: float, act: Callable[[], None]) -> None:
    """Do something in some days."""
    event = firm.clock.at(firm.clock.now + delay_days, CUSTOMER_RANK, c.traits.customer)
    event.callbacks = [lambda _: act()]


def _complain(firm: Firm, c: Customer, secret: Secret) -> None:
    """After long enough even the silent report it."""
    if secret.hurts(c):
        firm.world.process.advance(c, firm)
        _over(c, secret)
        raise_ticket(firm, c, secret.number)
        firm.world.process.refresh(c, firm)


def _hint(firm: Firm, c: Customer, secret: Secret, by_outcome: int) -> None:
    """Telemetry that was bought gives the problem away; the hold-out is left alone."""
    account, number = c.account, c.traits.customer
    measured = account.last_outcome if by_outcome else account.last_usage
    if not secret.hurts(c) or isnan(measured) or c.traits.hold_out:
        return
    view = alarm_view(account, firm.clock.now, by_outcome)
    require_view(view)
    if firm.course:
        view = firm.course.seen(view, number, "monitoring")
    fix = firm.policy.monitoring.answer(view)
    if fix.effort <= 0.0:
        return
    effort, warmth, levers = fix.effort, NOMINAL_WARMTH, firm.world.levers
    if firm.stakes is not None:
        effort, warmth = spur(c, firm.stakes, effort, warmth)
    treated = treatment(effort, warmth, levers.handling, levers.work, firm.world.efforts.courtesy_half)
    luck = firm.draws.silent_fix(number, FIXES * secret.number + by_outcome)
    hours = exponential(luck[WORK], firm.market.tickets.handling_hours) * treated.work
    job = firm.support.request(number, hours, fix.priority)
    job.then(lambda _: _end_fix(firm, c, secret, treated.task, luck[SOLVES]))


def _end_fix(firm: Firm, c: Customer, secret: Secret, task: float, luck: float) -> None:
    """The work is done; it helps unless the problem was not the one or the customer was faster."""
    if not secret.hurts(c):
        return
    now, world, cap = firm.clock.now, firm.world, firm.market.tickets.solvable[secret.kind]
    works = world.silence.fix_share * tickets.resolution_probability(cap, task, world.efforts.resolution_half)
    solved = luck < min(1.0, world.levers.handling) * works
    detail = "resolved" if solved else "unresolved"
    hidden = now - secret.since_days
    firm.record.event(now, "proactive_fix", c.traits.customer, secret.contract, secret.number, hidden, detail)
    if firm.hearing:
        firm.hearing.hear(firm, c, FOUND, secret.kind)
    if solved:
        world.process.advance(c, firm)
        _over(c, secret)
        world.process.refresh(c, firm)


def _over(c: Customer, secret: Secret) -> None:
    """The problem is silent no longer."""
    secret.open = False
    c.latent.silent = max(0.0, c.latent.silent - secret.severity)
