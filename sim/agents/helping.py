"""Tickets: raised by thinning, handled by the support team until solved and told."""

from __future__ import annotations

from math import inf, log
from typing import TYPE_CHECKING, NamedTuple

from sim.agents.clock import CUSTOMER_RANK
from sim.agents.draws import ATTEMPTS, TICKETS
from sim.agents.hearing import COMPLAINT
from sim.agents.sight import ticket_view
from sim.agents.surveying import ask
from sim.context.market import KINDS
from sim.policies.views import require_view
from sim.processes.needs import needs_change
from sim.rules import tickets
from sim.rules.effort import Treatment, treatment
from sim.streams import exponential, normal
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from array import array

    from sim.agents.customer import Customer
    from sim.agents.firm import Firm



class TicketStream:
    """The candidate times of one customer's tickets, at a ceiling rate fixed by traits.

    Times run from the day the customer became a candidate, so they are the same under every policy.
    Candidates that are sure to be rejected are passed over without a visit: the early-life factor of
    a future moment is known today, use is at most full, a release only ever lowers the rest, and where needs
    change the worst fit is allowed for.
    """

    __slots__ = (
        "_early",
        "_fit",
        "_level",
        "_live_days",
        "_luck",
        "_mean_gap_days",
        "_most",
        "_release",
        "next_days",
        "number",
    )

    def __init__(self, firm: Firm, c: Customer) -> None:
        t = firm.market.tickets
        ceiling = t.per_month * tickets.misfit(_least_fit(firm, c), t.misfit_weight) * (1.0 + t.early_height)
        self._mean_gap_days = DAYS_PER_MONTH / ceiling if ceiling > 0.0 else inf
        self._live_days = c.account.go_live_days
        self._release = -1
        self._fit = -1.0
        self.number = -1
        self.next_days = c.traits.candidate_days if ceiling > 0.0 else inf
        self.forward(firm, c)

    def forward(self, firm: Firm, c: Customer) -> None:
        """Move to the next candidate that could become a ticket."""
        if self.next_days == inf:
            return
        t, number, live = firm.market.tickets, c.traits.customer, self._live_days
        gap, accept = firm.draws.ticket_gap, firm.draws.ticket
        self._see_release(firm, c)
        while True:
            self.number += 1
            self.next_days -= log(gap(number, self.number)) * self._mean_gap_days
            if self.next_days >= live:
                self._early = tickets.early_life(self.next_days - live, t.early_height, t.early_days)
                self._luck = accept(number, self.number)
                if self._luck < self._most * self._early:
                    return

    def accepted(self, firm: Firm, c: Customer) -> bool:
        """Whether the candidate whose time is now becomes a ticket; the state must have been advanced."""
        self._see_release(firm, c)
        used = tickets.use(firm.world.process.use(c), firm.market.tickets.use_floor)
        return self._luck < self._level * self._early * used

    def _see_release(self, firm: Firm, c: Customer) -> None:
        """Rate at full use and without early life, as a share of the ceiling, under the release in use; `_most` is
        as high as it can become before the next release."""
        if self._release == c.latent.release and self._fit == c.latent.fit:
            return
        self._release, self._fit = c.latent.release, c.latent.fit
        self._level = self._most = self._level_at(firm, c, firm.world.process.fit(c, firm))
        if needs_change(firm.world):
            self._most = self._level_at(firm, c, 0.0)

    def _level_at(self, firm: Firm, c: Customer, fit: float) -> float:
        t, release = firm.market.tickets, firm.releases[max(0, self._release)]
        worst = tickets.misfit(_least_fit(firm, c), t.misfit_weight) * (1.0 + t.early_height)
        return (
            tickets.defects(release.defect_level, t.defect_share)
            * tickets.misfit(fit, t.misfit_weight)
            * (1.0 - release.prevention)
            / worst
        )


def _least_fit(firm: Firm, c: Customer) -> float:
    """The lowest fit this customer can come to."""
    return 0.0 if needs_change(firm.world) else c.traits.fit


class Ticket:
    """One problem of one customer."""

    __slots__ = ("contract", "kind", "number", "raised_days")

    def __init__(self, number: int, kind: int, raised_days: float, contract: int) -> None:
        self.number = number
        self.kind = kind
        self.raised_days = raised_days
        self.contract = contract


WORK, QUALITY, SOLVES, REOPEN = range(4)
"""Places in the luck of one contact."""


class Contact(NamedTuple):
    """One contact about a ticket."""

    ticket: Ticket
    attempt: int
    treated: Treatment
    luck: array[float]
    """four uniforms of its own"""


def raise_ticket(firm: Firm, c: Customer, candidate: int) -> None:
    """Ticket candidate number `candidate`, whose time is now, has been accepted."""
    number, now = c.traits.customer, firm.clock.now
    kind = tickets.kind_of(firm.draws.ticket_kind(number, candidate), firm.market.tickets.kind_shares)
    firm.record.event(now, "ticket_raised", number, c.account.contract, candidate, detail=KINDS[kind])
    c.account.open_tickets += 1
    c.account.tickets_this_quarter += 1
    c.latent.open_problems += firm.market.tickets.severity[kind]
    _contact(firm, c, Ticket(candidate, kind, now, c.account.contract), 0)


def _contact(firm: Firm, c: Customer, ticket: Ticket, attempt: int) -> None:
    """Queue the next contact of a ticket."""
    view = ticket_view(c.account, firm.clock.now, ticket.kind, attempt)
    require_view(view)
    if firm.course:
        view = firm.course.seen(view, c.traits.customer, "support")
    handling, levers = firm.policy.support.handle(view), firm.world.levers
    treated = treatment(
        handling.effort, handling.warmth, levers.handling, levers.work, firm.climate.courtesy_half
    )
    luck = firm.draws.contact(c.traits.customer, attempt * TICKETS + ticket.number)
    contact = Contact(ticket, attempt, treated, luck)
    hours = exponential(luck[WORK], firm.market.tickets.handling_hours)
    job = firm.support.request(c.traits.customer, hours * treated.work, handling.priority)
    job.then(lambda waited: _end_contact(firm, c, contact, waited))


def _end_contact(firm: Firm, c: Customer, contact: Contact, waited: float) -> None:
    """Courtesy and solution are separate: a kind call can leave the problem where it was."""
    ticket, attempt, treated, luck = contact
    number, now, process, gains = c.traits.customer, firm.clock.now, firm.world.process, firm.world.efforts
    place = attempt * TICKETS + ticket.number
    process.advance(c, firm)
    noise = normal(luck[QUALITY], 0.0, gains.courtesy_noise_sd)
    felt = process.touch(c, now, treated.courtesy, waited, noise)
    cap = firm.market.tickets.solvable[ticket.kind]
    chance = tickets.resolution_probability(cap, treated.task * firm.support.skill, gains.resolution_half)
    solved = luck[SOLVES] < chance
    detail = "resolved" if solved else "unresolved"
    firm.record.event(now, "contact_end", number, ticket.contract, place, felt, detail)
    if solved:
        _solve(firm, c, ticket)
    process.refresh(c, firm)
    if firm.hearing and attempt == 0:
        firm.hearing.hear(firm, c, COMPLAINT, ticket.kind)
    if _still(c, ticket):
        ask(firm, c, "contact_end", place)
        if solved:
            ask(firm, c, "at_resolution", ticket.number)
    if not solved and attempt + 1 < ATTEMPTS:
        delay = exponential(luck[REOPEN], firm.market.tickets.reopen_days)
        again = firm.clock.at(now + delay, CUSTOMER_RANK, number)
        again.callbacks = [lambda _: _come_back(firm, c, ticket, attempt + 1)]


def _still(c: Customer, ticket: Ticket) -> bool:
    """Whether the contract the ticket belongs to is alive."""
    return c.status == "active" and c.account.contract == ticket.contract


def _come_back(firm: Firm, c: Customer, ticket: Ticket, attempt: int) -> None:
    """An unsolved problem returns, unless its owner has left."""
    if _still(c, ticket):
        firm.world.process.advance(c, firm)
        _contact(firm, c, ticket, attempt)


def _solve(firm: Firm, c: Customer, ticket: Ticket) -> None:
    """Solved and the customer told."""
    now = firm.clock.now
    taken = now - ticket.raised_days
    firm.record.event(now, "ticket_resolved", c.traits.customer, ticket.contract, ticket.number, taken)
    if firm.wheel is not None:
        firm.wheel.records.solve(c, taken)
    if _still(c, ticket):
        c.account.open_tickets -= 1
        c.latent.open_problems = max(0.0, c.latent.open_problems - firm.market.tickets.severity[ticket.kind])
        if c.account.open_tickets == 0:
            c.latent.open_problems = 0.0

