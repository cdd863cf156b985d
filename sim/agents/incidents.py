"""Systemic failures: one cause hits many customers on the same day, who then all turn to the desk."""

from __future__ import annotations

from bisect import bisect_right
from math import inf
from typing import TYPE_CHECKING

from sim.agents.attending import attended, notify
from sim.agents.helping import Ticket, open_ticket
from sim.context.market import KINDS
from sim.streams import exponential
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.draws import Draws
    from sim.agents.firm import Firm
    from sim.context.service import Incidents

FIRST_TICKET = 60_000
"""Tickets about incidents are numbered from here, above every ticket candidate."""
DEFECT = KINDS.index("defect")
EVERYBODY = 0
"""Address of what happens to nobody in particular."""


def possible_days(incidents: Incidents, draws: Draws, horizon_days: float) -> tuple[float, ...]:
    """When an incident can happen: a Poisson stream, the same under every policy; () where there are none."""
    if incidents.per_year <= 0.0 or incidents.reach <= 0.0:
        return ()
    found: list[float] = []
    now, mean_gap = 0.0, DAYS_PER_YEAR / incidents.per_year
    while True:
        now += exponential(draws.incident_gap(EVERYBODY, len(found)), mean_gap)
        if now >= horizon_days:
            return tuple(found)
        found.append(now)


class Exposure:
    """The next possible incident that would reach a customer."""

    __slots__ = ("next_days", "number")

    def __init__(self, firm: Firm, c: Customer) -> None:
        self.number = bisect_right(firm.incident_days, firm.clock.now) - 1
        self.next_days = inf
        self.forward(firm, c)

    def forward(self, firm: Firm, c: Customer) -> None:
        """Move to the next one."""
        days, reach = firm.incident_days, firm.world.service.incidents.reach
        self.number += 1
        while self.number < len(days) and firm.draws.incident_hit(c.traits.customer, self.number) >= reach:
            self.number += 1
        self.next_days = days[self.number] if self.number < len(days) else inf


def exposure_of(firm: Firm, c: Customer) -> Exposure | None:
    """None where nothing can happen."""
    return Exposure(firm, c) if firm.incident_days else None


def strike(firm: Firm, c: Customer, number: int) -> None:
    """Possible incident `number`, whose time is now: it happens unless few defects are left or it was prevented.

    A notice spares some the call: they know, and know what to do meanwhile.
    """
    who, release = c.traits.customer, firm.releases[-1]
    if firm.draws.incident(EVERYBODY, number) >= release.defect_level * (1.0 - release.prevention):
        return
    told = attended(firm, c).alert and notify(firm)
    detail = "told" if told else "untold"
    firm.record.event(firm.clock.now, "incident", who, c.account.contract, number, detail=detail)
    calmed = min(1.0, firm.world.levers.handling) * firm.world.service.notices.calmed
    if not (told and firm.draws.incident_calm(who, number) < calmed):
        open_ticket(firm, c, Ticket(FIRST_TICKET + number, DEFECT, firm.clock.now, c.account.contract))
