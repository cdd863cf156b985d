"""Ways to buy: the web, an app, or a seller whom the lead has agreed to meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.context.attracting import WAYS
from sim.rules import coming
from sim.rules.tickets import kind_of
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.attracting import Meetings, Ways

REP = WAYS.index("rep")


def chosen_way(firm: Firm, c: Customer, ways: Ways) -> tuple[bool, float]:
    """(whether a seller sells, win logit lost because the preferred way is not open)."""
    number, now, presence = c.traits.customer, firm.clock.now, firm.presence
    prefers = kind_of(firm.draws.way(number, 0), coming.drifted(ways.shares, ways.drift, now / DAYS_PER_YEAR))
    is_open = prefers == REP or firm.draws.way_open(number, 0) < (presence.web, presence.app)[prefers]
    way = prefers if is_open else REP
    firm.record.event(now, "way_chosen", number, value=float(is_open), detail=WAYS[way])
    return way == REP, 0.0 if is_open else ways.missed


def refuses_meeting(firm: Firm, c: Customer, meetings: Meetings, courtesy: float) -> bool:
    """Whether the lead does not want to meet a seller who appears like this."""
    number = c.traits.customer
    if firm.draws.meeting(number, 0) < coming.meets(meetings.refused, courtesy):
        return False
    c.status = "lost"
    firm.record.event(firm.clock.now, "meeting_refused", number, value=courtesy)
    return True
