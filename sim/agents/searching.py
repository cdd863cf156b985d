"""Self-service: a customer looks for an article before turning to the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.context.market import KINDS

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm

LOOKS, HELPS, ANSWERS = range(3)
"""Places in the luck of one search."""


def search(firm: Firm, c: Customer, candidate: int, kind: int) -> tuple[bool, float]:
    """(answered by an article, quality the first contact loses after looking in vain).

    Where there are no articles nobody looks. Who looked in vain may say so, and the articles get better.
    """
    articles, desk, number = firm.world.service.articles, firm.support, c.traits.customer
    complete = min(1.0, firm.world.levers.handling) * desk.articles
    luck = firm.draws.search(number, candidate)
    if complete <= 0.0 or luck[LOOKS] >= articles.looking:
        return False, 0.0
    if luck[HELPS] < complete * articles.helpful[kind]:
        now, contract = firm.clock.now, c.account.contract
        firm.record.event(now, "self_served", number, contract, candidate, detail=KINDS[kind])
        return True, 0.0
    if luck[ANSWERS] < articles.answering:
        desk.articles += articles.learned * (1.0 - desk.articles)
    return False, articles.futile
