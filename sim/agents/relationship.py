"""Life with the product, under contract or not: a small agenda of due facts, one wait, one touchpoint at a time."""

from __future__ import annotations

from collections.abc import Generator
from math import floor, inf
from typing import TYPE_CHECKING, Any

from sim.agents.caring import meet_wave
from sim.agents.clock import CUSTOMER_RANK
from sim.agents.customer import FREE
from sim.agents.incidents import exposure_of, strike
from sim.agents.launches import MOMENTS, Launches
from sim.agents.noticing import meet_problem
from sim.agents.renewing import settle_period, term_place
from sim.agents.surveying import ask
from sim.agents.ticket_stream import TicketStream
from sim.agents.trying import consider_paying, meet_free_wave
from sim.units import days

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm


class Agenda:
    """What is due next; every time is a fact known today."""

    __slots__ = (
        "exposure",
        "launches",
        "notice_days",
        "renewal_days",
        "tickets",
        "wave",
        "wave_days",
    )

    def __init__(self, firm: Firm, c: Customer) -> None:
        self.tickets = TicketStream(firm, c)
        self.exposure = exposure_of(firm, c)
        wave_span = days(firm.programme.wave_months)
        self.wave = floor(firm.clock.now / wave_span) + 1
        self.wave_days = self.wave * wave_span
        self.launches: Launches | None = None
        self.plan_term(firm, c)

    def plan_term(self, firm: Firm, c: Customer) -> None:
        """Dates of the running term; terms too short for it have no pre-renewal survey. Who pays nothing has no term
        and is asked nothing."""
        if self.launches is None and c.status != FREE and any(moment in firm.questions for moment in MOMENTS):
            self.launches = Launches(firm)
        notice = c.account.term_end_days - firm.programme.pre_renewal_days
        self.renewal_days = notice if notice > c.account.term_start_days else inf
        self._see_next()

    def appointment(self, c: Customer) -> tuple[str, int]:
        """The survey whose time is now, as (moment, occurrence); the next one follows."""
        if self.launches is not None and self.launches.next_days == self.notice_days:
            found = self.launches.keep()
        else:
            self.renewal_days = inf
            found = "pre_renewal", term_place(c)
        self._see_next()
        return found

    def _see_next(self) -> None:
        """When the next survey that is no wave is due."""
        launch_days = inf if self.launches is None else self.launches.next_days
        self.notice_days = min(self.renewal_days, launch_days)

    def due_days(self, c: Customer) -> float:
        """When the next of all is due."""
        due = min(self.tickets.next_days, self.wave_days, self.notice_days, c.bill.to_days)
        return due if self.exposure is None else min(due, self.exposure.next_days)

    def next_wave(self, firm: Firm) -> None:
        """The following calendar wave."""
        self.wave += 1
        self.wave_days = self.wave * days(firm.programme.wave_months)


def live_together(firm: Firm, c: Customer) -> Generator[Any, Any, None]:
    """From the first use to the end of it."""
    number, process, agenda = c.traits.customer, firm.world.process, Agenda(firm, c)
    while True:
        due = agenda.due_days(c)
        yield firm.clock.at(max(due, firm.clock.now), CUSTOMER_RANK, number)
        process.advance(c, firm)
        if due == agenda.tickets.next_days:
            if agenda.tickets.accepted(firm, c):
                meet_problem(firm, c, agenda.tickets.number)
                process.refresh(c, firm)
            else:
                firm.rejections += 1
            agenda.tickets.forward(firm, c)
        elif agenda.exposure is not None and due == agenda.exposure.next_days:
            strike(firm, c, agenda.exposure.number)
            process.refresh(c, firm)
            agenda.exposure.forward(firm, c)
        elif due == agenda.notice_days:
            process.refresh(c, firm)
            ask(firm, c, *agenda.appointment(c))
        elif due == agenda.wave_days:
            (meet_free_wave if c.status == FREE else meet_wave)(firm, c, agenda.wave)
            agenda.next_wave(firm)
        else:
            term = c.account.term
            if not (consider_paying if c.status == FREE else settle_period)(firm, c):
                return
            if c.account.term != term:
                agenda.plan_term(firm, c)
