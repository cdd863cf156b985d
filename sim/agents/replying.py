"""What is said in public goes round, and the organisation may answer it: the sooner, the more of the echo is left.

An answer is work of the support team, so how soon it comes is a matter of people's hours and of what goes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.events import ORGANISATION

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.agents.rumour import Echo

BAD, GOOD = "bad", "good"


def tell(firm: Firm, customer: int, reach: float, good: bool) -> None:
    """A story goes round where people listen."""
    if firm.circle.rumour is not None:
        _reply(firm, customer, firm.circle.rumour.tell(firm.clock.now, reach, good), good)


def publish(firm: Firm, customer: int, good: bool) -> None:
    """A review is read where people read."""
    if firm.circle.rumour is not None:
        _reply(firm, customer, firm.circle.rumour.review(firm.clock.now, good), good)


def _reply(firm: Firm, customer: int, echo: Echo, good: bool) -> None:
    """Put an answer on the desk."""
    presence = firm.presence
    effort = presence.spreads if good else presence.answers
    if effort > 0.0:
        hours = effort * firm.world.attracting.replies.hours * firm.market.tickets.handling_hours
        job = firm.support.request(customer, hours, presence.queue_place)
        job.then(lambda _: _answer(firm, echo, effort, good))


def _answer(firm: Firm, echo: Echo, effort: float, good: bool) -> None:
    """Published: some of what is left of the echo ends, or is heard by more."""
    replies, now = firm.world.attracting.replies, firm.clock.now
    works = effort * replies.public * min(1.0, firm.world.levers.handling)
    change = works * (replies.amplifies if good else -replies.calms) * echo.left(now)
    if change != 0.0:
        echo.stock.add(now, change)
    firm.record.event(now, "answered", ORGANISATION, value=now - echo.began_days, detail=GOOD if good else BAD)
