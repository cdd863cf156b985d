"""The customer's story, told once: lead, customer, user, and perhaps customer again."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.agents.contracting import win_back
from sim.agents.implementing import implement
from sim.agents.relationship import live_together
from sim.agents.selling import sell

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm


def life(firm: Firm, c: Customer) -> Generator[Any, Any, None]:
    """One long-lived process per customer."""
    if not (yield from sell(firm, c)):
        return
    while (yield from implement(firm, c)):
        yield from live_together(firm, c)
        if not (yield from win_back(firm, c)):
            return
