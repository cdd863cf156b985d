"""Dates told to waiting customers: made with a contact, kept by a solution in time, broken on the day."""

from __future__ import annotations

from math import isnan, nan
from typing import TYPE_CHECKING

from sim.agents.clock import CUSTOMER_RANK

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.agents.helping import Ticket


def promise(firm: Firm, c: Customer, ticket: Ticket, place: int, within_days: float) -> None:
    """Promise a solution by a day, unless an earlier promise is outstanding."""
    if not isnan(ticket.due_days):
        return
    due = ticket.due_days = firm.clock.now + within_days
    if due < firm.windows.horizon_days:
        day = firm.clock.at(due, CUSTOMER_RANK, c.traits.customer)
        day.callbacks = [lambda _: _fall_due(firm, c, ticket, place)]


def waited_in_mind(firm: Firm, ticket: Ticket, waited: float) -> float:
    """Days waited as they are felt: a date that has not passed yet comforts."""
    return waited if isnan(ticket.due_days) else waited * (1.0 - firm.world.service.promises.comfort)


def keep(firm: Firm, c: Customer, ticket: Ticket) -> None:
    """The problem has been solved while a promise was outstanding."""
    early = ticket.due_days - firm.clock.now
    firm.record.event(firm.clock.now, "promise_kept", c.traits.customer, ticket.contract, ticket.number, early)
    ticket.due_days = nan


def _fall_due(firm: Firm, c: Customer, ticket: Ticket, place: int) -> None:
    """Nothing has been heard by the promised day: felt like a contact of that quality."""
    if ticket.solved or not c.still_under(ticket.contract):
        return
    ticket.due_days = nan
    now, number, process = firm.clock.now, c.traits.customer, firm.world.process
    felt = firm.world.service.promises
    firm.record.event(now, "promise_broken", number, ticket.contract, place, now - ticket.raised_days)
    if felt.broken_strength > 0.0:
        process.advance(c, firm)
        process.touch(c, now, felt.broken_quality, 0.0, 0.0, felt.broken_strength)
        process.refresh(c, firm)
