"""Tickets: raised by thinning or by an incident, handled by the support desk until solved and told."""

from __future__ import annotations

from functools import partial
from math import isnan, nan
from typing import TYPE_CHECKING, NamedTuple

from sim.agents.clock import CUSTOMER_RANK
from sim.agents.customer import FREE
from sim.agents.desk import conducted
from sim.agents.draws import ATTEMPTS, TICKETS
from sim.agents.hearing import COMPLAINT
from sim.agents.promising import keep, promise, waited_in_mind
from sim.agents.reacting import CONTACT, react
from sim.agents.searching import search
from sim.agents.sight import ticket_view
from sim.agents.staking import spur
from sim.agents.surveying import ask
from sim.context.market import KINDS
from sim.policies.views import require_view
from sim.rules import tickets
from sim.rules.effort import Treatment, treatment
from sim.rules.manner import PLAIN, Manner, courtesy, solution
from sim.streams import exponential, normal

if TYPE_CHECKING:
    from array import array

    from sim.agents.customer import Customer
    from sim.agents.firm import Firm


class Ticket:
    """One problem of one customer."""

    __slots__ = ("contract", "due_days", "kind", "number", "raised_days", "solved", "vexed")

    def __init__(self, number: int, kind: int, raised_days: float, contract: int, vexed: float = 0.0) -> None:
        self.number = number
        self.kind = kind
        self.raised_days = raised_days
        self.contract = contract
        self.vexed = vexed
        """quality the next contact loses because of what came before it"""
        self.due_days = nan
        """promised day of an answer; nan: none is outstanding"""
        self.solved = False


WORK, QUALITY, SOLVES, REOPEN = range(4)
"""Places in the luck of one contact."""
LAST = 1e9
"""Priority behind everybody else's."""


class Contact(NamedTuple):
    """One contact about a ticket."""

    ticket: Ticket
    attempt: int
    treated: Treatment
    manner: Manner
    luck: array[float]
    """four uniforms of its own"""
    place: int
    """address of the contact among its customer's"""


def raise_ticket(firm: Firm, c: Customer, candidate: int) -> None:
    """Ticket candidate number `candidate`, whose time is now, has been accepted."""
    shares = firm.market.tickets.kind_shares
    kind = tickets.kind_of(firm.draws.ticket_kind(c.traits.customer, candidate), shares)
    answered, vexed = False, 0.0
    if firm.world.service.articles.looking > 0.0:
        answered, vexed = search(firm, c, candidate, kind)
    if not answered:
        open_ticket(firm, c, Ticket(candidate, kind, firm.clock.now, c.account.contract, vexed))


def open_ticket(firm: Firm, c: Customer, ticket: Ticket) -> None:
    """The customer turns to the desk."""
    kind = ticket.kind
    firm.record.event(
        firm.clock.now, "ticket_raised", c.traits.customer, ticket.contract, ticket.number, detail=KINDS[kind]
    )
    c.account.open_tickets += 1
    c.account.tickets_this_quarter += 1
    c.latent.open_problems += firm.market.tickets.severity[kind]
    _contact(firm, c, ticket, 0)


def _contact(firm: Firm, c: Customer, ticket: Ticket, attempt: int) -> None:
    """Queue the next contact of a ticket."""
    number = c.traits.customer
    view = ticket_view(c.account, firm.clock.now, ticket.kind, attempt, ticket.raised_days)
    require_view(view)
    if firm.course:
        view = firm.course.seen(view, c.traits.customer, "support")
    handling, levers = firm.policy.support.handle(view), firm.world.levers
    if firm.stakes is not None:
        effort, warmth = spur(c, firm.stakes, handling.effort, handling.warmth)
        handling = handling._replace(effort=effort, warmth=warmth)
    treated = treatment(handling.effort, handling.warmth, levers.handling, levers.work, firm.climate.courtesy_half)
    manner, team = (PLAIN, firm.support) if firm.support.plain else conducted(firm, number, ticket.number, view)
    place = attempt * TICKETS + ticket.number
    luck = firm.draws.contact(number, place)
    contact = Contact(ticket, attempt, treated, manner, luck, place)
    if manner.promise_days > 0.0:
        promise(firm, c, ticket, place, manner.promise_days)
    hours = exponential(luck[WORK], firm.market.tickets.handling_hours)
    priority = handling.priority
    if firm.free is not None and c.status == FREE and firm.free.served_last:
        priority += LAST
    job = team.request(number, hours * treated.work * manner.hours, priority)
    job.then(partial(_end_contact, firm, c, contact))


def _end_contact(firm: Firm, c: Customer, contact: Contact, waited: float) -> None:
    """Courtesy and solution are separate: a kind call can leave the problem where it was."""
    ticket, attempt, treated, manner, luck, place = contact
    number, now, process = c.traits.customer, firm.clock.now, firm.world.process
    process.advance(c, firm)
    cap, task = firm.market.tickets.solvable[ticket.kind], treated.task * firm.support.skill
    chance = tickets.resolution_probability(cap, task, firm.world.efforts.resolution_half)
    kindness = treated.courtesy
    if manner is not PLAIN:
        chance, kindness = solution(chance, manner), courtesy(kindness, manner)
        waited = waited_in_mind(firm, ticket, waited) * manner.waiting
    solved = luck[SOLVES] < chance
    kindness -= ticket.vexed if solved else ticket.vexed + _injury(firm, contact)
    noise = normal(luck[QUALITY], 0.0, firm.world.efforts.courtesy_noise_sd * manner.spread)
    felt = process.touch(c, now, kindness, waited, noise)
    ticket.vexed = 0.0
    detail = "resolved" if solved else "unresolved"
    firm.record.event(now, "contact_end", number, ticket.contract, place, felt, detail)
    still = c.still_under(ticket.contract)
    if solved:
        _solve(firm, c, ticket, still)
    process.refresh(c, firm)
    if firm.hearing and attempt == 0:
        firm.hearing.hear(firm, c, COMPLAINT, ticket.kind)
    if still:
        if firm.circle.reactions is not None:
            react(firm, c, firm.circle.reactions, CONTACT, place)
        if c.status != FREE:
            _ask(firm, c, contact, solved)
    if solved:
        return
    if manner.refuses:
        firm.record.event(now, "refused", number, ticket.contract, place)
    elif attempt + 1 < ATTEMPTS:
        delay = exponential(luck[REOPEN], firm.market.tickets.reopen_days)
        again = firm.clock.at(now + delay, CUSTOMER_RANK, number)
        again.callbacks = [lambda _: _come_back(firm, c, ticket, attempt + 1)]


def _injury(firm: Firm, contact: Contact) -> float:
    """Quality lost when a contact fails: again (double deviation), or for good and through no fault of the firm."""
    recovery = firm.world.service.recovery
    again = recovery.double_deviation if contact.attempt > 0 else 0.0
    return again + (recovery.blame if contact.manner.refuses else 0.0)


def _ask(firm: Firm, c: Customer, contact: Contact, solved: bool) -> None:
    """Surveys after a contact and after a solution; a failure made good lifts the answer, nothing else."""
    if "contact_end" not in firm.questions and "at_resolution" not in firm.questions:
        return
    lift = firm.world.service.recovery.paradox if solved and contact.attempt > 0 else 0.0
    ask(firm, c, "contact_end", contact.place, lift)
    if solved:
        ask(firm, c, "at_resolution", contact.ticket.number, lift)


def _come_back(firm: Firm, c: Customer, ticket: Ticket, attempt: int) -> None:
    """An unsolved problem returns, unless its owner has left."""
    if c.still_under(ticket.contract):
        firm.world.process.advance(c, firm)
        _contact(firm, c, ticket, attempt)


def _solve(firm: Firm, c: Customer, ticket: Ticket, still: bool) -> None:
    """Solved and the customer told, who is `still` one or has left."""
    now = firm.clock.now
    ticket.solved = True
    taken = now - ticket.raised_days
    firm.record.event(now, "ticket_resolved", c.traits.customer, ticket.contract, ticket.number, taken)
    if firm.wheel is not None:
        firm.wheel.records.solve(c, taken)
    if not isnan(ticket.due_days):
        keep(firm, c, ticket)
    if still:
        c.account.open_tickets -= 1
        c.latent.open_problems = max(0.0, c.latent.open_problems - firm.market.tickets.severity[ticket.kind])
        if c.account.open_tickets == 0:
            c.latent.open_problems = 0.0
