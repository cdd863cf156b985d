"""The customer's story, told once: lead, customer, user, and perhaps customer again."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.agents.contracting import win_back
from sim.agents.relationship import live_together
from sim.agents.selling import sell
from sim.agents.trying import set_up, sign_up

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm


def life(firm: Firm, c: Customer) -> Generator[Any, Any, None]:
    """One long-lived process per customer."""
    if firm.free is not None:
        sign_up(firm, c, firm.free)
    elif not (yield from sell(firm, c)) or not (yield from set_up(firm, c)):
        return
    while True:
        yield from live_together(firm, c)
        if not c.account.contract or not (yield from win_back(firm, c)) or not (yield from set_up(firm, c)):
            return
