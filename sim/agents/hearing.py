"""Words of customers on their way to those who can act on them.

A product hears thousands of words, so losses are taken in expectation: no draw, no luck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.sight import feedback_view
from sim.context.knowing import MATTERS, PURPOSES, SOURCES
from sim.policies.views import require_view
from sim.rules.knowing import passed_on
from sim.units import months

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.knowing import Words
    from sim.policies.feedback import Uptake

COMPLAINT, ANSWER, FOUND, TALK = range(len(SOURCES))
ANYTHING = len(MATTERS) - 1
PROMOTER_FROM, DETRACTOR_TO = 9.0, 6.0
"""Scores of the relationship survey."""


class Hearing:
    """Worth of words by month of arrival and by who can act on them."""

    def __init__(self) -> None:
        self._due: dict[int, list[float]] = {}

    def hear(self, firm: Firm, c: Customer, source: int, matter: int) -> None:
        """A customer said something; while the purse lasts it is taken up as the policy wants."""
        view = feedback_view(c.account, firm.clock.now, source, matter)
        require_view(view)
        if firm.course:
            view = firm.course.seen(view, c.traits.customer, "feedback")
        uptake = firm.policy.feedback.take_up(view)
        words = firm.world.knowing.words
        cost = uptake.share * (uptake.read * words.reading_cost + uptake.routed * words.routing_cost)
        if uptake.share <= 0.0 or not firm.purse.pay("spend_feedback", cost * firm.market.costs.survey_invitation):
            return
        worth = uptake.share * _worth(words, source, view.score, uptake.read)
        self._send(firm, uptake, matter, worth)

    def _send(self, firm: Firm, uptake: Uptake, matter: int, worth: float) -> None:
        """Each channel loses its part at every hand-off and takes its time."""
        words = firm.world.knowing.words
        handoffs = 1.0 if uptake.routed else words.handoffs[matter]
        for channel, share in ((words.tool, uptake.tool_share), (words.chat, 1.0 - uptake.tool_share)):
            arrives = int(months(firm.clock.now + handoffs * channel.delay_days))
            due = self._due.setdefault(arrives, [0.0] * len(PURPOSES))
            due[int(words.fixer[matter])] += share * worth * passed_on(handoffs, channel.loss)

    def arrived(self, month: int) -> list[float]:
        """Worth that has reached each fixer by the end of a month; it is told once."""
        over = [self._due.pop(due) for due in sorted(self._due) if due <= month]
        return [sum(worth) for worth in zip(*over, strict=True)] if over else [0.0] * len(PURPOSES)


def _worth(words: Words, source: int, score: float, read: bool) -> float:
    """Worth of one word by where it was heard, by how content its owner said to be, and by how closely it is read."""
    worth = words.worth[source] * (1.0 if read else words.counted_worth)
    if score >= PROMOTER_FROM:
        return worth * words.promoter_worth
    return worth * words.detractor_worth if score <= DETRACTOR_TO else worth
