"""Reactions to a bad touch: tell others, decide at once whether to stop, write a review; a lead breaks off.

Every function is called only in a world whose `society.reactions` act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.customer import FREE, USING
from sim.agents.renewing import early_terms, term_place
from sim.agents.replying import publish, tell
from sim.rules import renewal

if TYPE_CHECKING:
    from array import array

    from sim.agents.customer import Customer
    from sim.agents.firm import Firm
    from sim.context.society import Reactions

SALE, TASK, CONTACT, VISIT = range(4)
"""Kinds of touches; each has occurrences of its own."""
TOUCHES = 1 << 20
"""Occurrences of the second kind of touch start here."""
TELL, STOP, REVIEW, ABANDON = range(4)
"""Places in the luck of one touch."""


def breaks_off(firm: Firm, c: Customer, reactions: Reactions, touch: int) -> bool:
    """A lead after a touch of the sale: it may tell, review, and break off the purchase."""
    if not _bad(c, reactions):
        return False
    luck = firm.draws.reaction(c.traits.customer, SALE * TOUCHES + touch)
    _speak_up(firm, c, reactions, luck, touch)
    persona = c.traits.persona
    return luck[ABANDON] < reactions.abandon * (1.0 if persona is None else persona.abandons)


def react(firm: Firm, c: Customer, reactions: Reactions, kind: int, occurrence: int) -> None:
    """A customer after a touch; the state must have been advanced and refreshed. Who pays nothing gives no notice."""
    if not _bad(c, reactions):
        return
    luck = firm.draws.reaction(c.traits.customer, kind * TOUCHES + occurrence)
    _speak_up(firm, c, reactions, luck, occurrence)
    persona = c.traits.persona
    if c.status == FREE:
        return
    if luck[STOP] < reactions.stop * (1.0 if persona is None else persona.stops) and c.latent.apart.notice is None:
        _consider_leaving(firm, c, reactions)


def _bad(c: Customer, reactions: Reactions) -> bool:
    """The touch fell short by more than is put up with."""
    return c.latent.gap < -reactions.tolerance


def _speak_up(firm: Firm, c: Customer, reactions: Reactions, luck: array[float], occurrence: int) -> None:
    """Tell and review."""
    persona, now = c.traits.persona, firm.clock.now
    tells, reviews = (1.0, 1.0) if persona is None else (persona.tells, persona.reviews)
    number, contract = c.traits.customer, c.account.contract
    if luck[TELL] < reactions.tell * tells:
        firm.record.event(now, "told", number, contract, occurrence, c.traits.reach, "bad")
        if c.status == "onboarding" or c.status in USING:
            firm.crowd.speak(c, -1)
        tell(firm, number, c.traits.reach, good=False)
    if luck[REVIEW] < reactions.review * reviews:
        review(firm, c, occurrence, good=False)


def review(firm: Firm, c: Customer, occurrence: int, good: bool) -> None:
    """A public review."""
    number, contract, stars = c.traits.customer, c.account.contract, 1.0 if good else -1.0
    firm.record.event(firm.clock.now, "reviewed", number, contract, occurrence, stars)
    publish(firm, number, good)


def _consider_leaving(firm: Firm, c: Customer, reactions: Reactions) -> None:
    """The decision of the term's end, taken today and in anger, on the same draw; notice takes effect at the end."""
    terms = early_terms(firm, c, reactions.anger)
    probability = renewal.renewal_probability(terms)
    if firm.draws.renew(c.traits.customer, term_place(c)) >= probability:
        c.latent.note(notice=terms)
        number, contract, term = c.traits.customer, c.account.contract, c.account.term
        firm.record.event(firm.clock.now, "notice_given", number, contract, term, probability)
