"""Tickets: raised by thinning, handled by the support team until solved and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.clock import CUSTOMER_RANK
from sim.agents.draws import ATTEMPTS, TICKETS
from sim.agents.sight import ticket_view
from sim.agents.surveying import ask
from sim.context.market import KINDS
from sim.policies.views import require_view
from sim.rules import tickets
from sim.rules.common import NOMINAL_EFFORT, NOMINAL_WARMTH, levered, saturate
from sim.streams import exponential, normal
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from simpy.events import Event

    from sim.agents.customer import Customer
    from sim.agents.firm import Firm



class TicketStream:
    """The candidate times of one customer's tickets, at a ceiling rate fixed by traits.

    Times run from the day the customer became a candidate, so they are the same under every policy.
    """

    __slots__ = ("ceiling_per_day", "next_days", "number")

    def __init__(self, firm: Firm, c: Customer) -> None:
        t = firm.market.tickets
        worst = tickets.misfit(c.traits.fit, t.misfit_weight) * tickets.early_life(0.0, t.early_height, t.early_days)
        self.ceiling_per_day = t.per_month / DAYS_PER_MONTH * worst
        self.number = -1
        self.next_days = c.traits.candidate_days if self.ceiling_per_day > 0.0 else float("inf")

    def forward(self, firm: Firm, c: Customer) -> None:
        """Move to the next candidate that is not sure to be rejected.

        The early-life factor of a future moment is known today and every other factor is at most at
        its maximum, so a candidate above that bound needs no visit.
        """
        t, draws, number = firm.market.tickets, firm.draws, c.traits.customer
        if self.ceiling_per_day <= 0.0:
            return
        top = 1.0 + t.early_height
        while True:
            self.number += 1
            self.next_days += exponential(draws.ticket_gap(number, self.number), 1.0 / self.ceiling_per_day)
            if self.next_days < firm.clock.now:
                continue
            bound = tickets.early_life(self.next_days - c.account.go_live_days, t.early_height, t.early_days) / top
            if draws.ticket(number, self.number) < bound:
                return


class Ticket:
    """One problem of one customer."""

    __slots__ = ("contract", "kind", "number", "raised_days")

    def __init__(self, number: int, kind: int, raised_days: float, contract: int) -> None:
        self.number = number
        self.kind = kind
        self.raised_days = raised_days
        self.contract = contract


def rate_share(firm: Firm, c: Customer) -> float:
    """Ticket rate now as a share of the customer's ceiling, in [0, 1]; the state must have been advanced."""
    t, process = firm.market.tickets, firm.world.process
    release = firm.releases[max(0, c.latent.release)]
    worst = tickets.misfit(c.traits.fit, t.misfit_weight) * (1.0 + t.early_height)
    return (
        tickets.use(process.use(c), t.use_floor)
        * tickets.defects(release.defect_level, t.defect_share)
        * tickets.misfit(process.fit(c, firm), t.misfit_weight)
        * tickets.early_life(firm.clock.now - c.account.go_live_days, t.early_height, t.early_days)
        * (1.0 - release.prevention)
        / worst
    )


def maybe_raise(firm: Firm, c: Customer, candidate: int) -> None:
    """Accept or reject ticket candidate number `candidate`, whose time is now."""
    number, now = c.traits.customer, firm.clock.now
    if firm.draws.ticket(number, candidate) >= rate_share(firm, c):
        return
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
    handling, levers = firm.policy.support.handle(view), firm.world.levers
    place = attempt * TICKETS + ticket.number
    hours = exponential(firm.draws.contact_work(c.traits.customer, place), firm.market.tickets.handling_hours)
    hours *= levered(handling.effort, NOMINAL_EFFORT, levers.work)
    effort = levered(handling.effort, NOMINAL_EFFORT, levers.handling)
    warmth = levered(handling.warmth, NOMINAL_WARMTH, levers.handling)
    job = firm.support.request(c.traits.customer, hours, handling.priority)
    assert job.callbacks is not None
    job.callbacks.append(lambda event: _end_contact(firm, c, ticket, attempt, effort, warmth, event))


def _end_contact(
    firm: Firm, c: Customer, ticket: Ticket, attempt: int, effort: float, warmth: float, job: Event
) -> None:
    """Courtesy and solution are separate: a kind call can leave the problem where it was."""
    number, now, process, gains = c.traits.customer, firm.clock.now, firm.world.process, firm.world.efforts
    place = attempt * TICKETS + ticket.number
    process.advance(c, firm)
    noise = normal(firm.draws.contact_quality(number, place), 0.0, gains.courtesy_noise_sd)
    felt = process.touch(c, now, saturate(effort * warmth, gains.courtesy_half), float(job.value), noise)
    cap = firm.market.tickets.solvable[ticket.kind]
    chance = tickets.resolution_probability(cap, effort * (1.0 - warmth), gains.resolution_half)
    solved = firm.draws.contact_solves(number, place) < chance
    detail = "resolved" if solved else "unresolved"
    firm.record.event(now, "contact_end", number, ticket.contract, place, felt, detail)
    if solved:
        _solve(firm, c, ticket)
    process.refresh(c, firm)
    if _still(c, ticket):
        ask(firm, c, "contact_end", place)
        if solved:
            ask(firm, c, "at_resolution", ticket.number)
    if not solved and attempt + 1 < ATTEMPTS:
        delay = exponential(firm.draws.reopen(number, place), firm.market.tickets.reopen_days)
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
    firm.record.event(now, "ticket_resolved", c.traits.customer, ticket.contract, ticket.number, now - ticket.raised_days)
    if _still(c, ticket):
        c.account.open_tickets -= 1
        c.latent.open_problems = max(0.0, c.latent.open_problems - firm.market.tickets.severity[ticket.kind])
        if c.account.open_tickets == 0:
            c.latent.open_problems = 0.0

