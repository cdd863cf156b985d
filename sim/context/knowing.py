"""What product work hangs on besides money: knowing what is wrong and what is wanted, and passing it on."""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, InputError, part, quantity, series
from sim.context.market import KINDS

SOURCES = ("complaint", "answer", "found", "talk")
"""Where a customer's word comes from: a support contact, a survey, a silent problem found, a success manager."""
MATTERS = (*KINDS, "anything")
"""What it is about: a ticket type, or nothing in particular."""
PURPOSES = ("reliability", "fit", "prevention")
"""Who can act on it: the three uses of product money."""


@dataclass(frozen=True)
class Channel(Checked):
    """A way from the one who heard it to the one who can fix it."""

    loss: float = quantity("share", 0, 1, "words lost at one hand-off")
    delay_days: float = quantity("days", 0, 1000, "time one hand-off takes")


@dataclass(frozen=True)
class Words(Checked):
    """What customers' words are worth (1 = a complaint of a passive customer, read in full) and how they travel."""

    worth: tuple[float, ...] = series("1", 0, 10, "worth by source: complaint, answer, silent problem found, talk")
    counted_worth: float = quantity("share", 0, 1, "worth of a mere score or count against words read in full")
    detractor_worth: float = quantity("1", 0, 10, "worth of what the dissatisfied say")
    promoter_worth: float = quantity("1", 0, 10, "worth of what the delighted say")
    fixer: tuple[float, ...] = series("1", 0, 2, "who can act, by matter: 0 reliability, 1 fit, 2 prevention")
    handoffs: tuple[float, ...] = series("1", 0, 20, "hand-offs until the right person has it, by matter")
    tool: Channel = part("written into the ticketing tool")
    chat: Channel = part("told in the hall or in a chat")
    reading_cost: float = quantity("1", 0, 100, "cost of reading one in full, in survey invitations")
    routing_cost: float = quantity("1", 0, 100, "cost of routing one by the matrix, in survey invitations")

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, length in (("worth", len(SOURCES)), ("fixer", len(MATTERS)), ("handoffs", len(MATTERS))):
            if len(getattr(self, name)) != length:
                raise InputError(f"{name} must have {length} numbers, got {len(getattr(self, name))}")
        if any(place != int(place) for place in self.fixer):
            raise InputError(f"fixer must hold 0, 1 or 2, got {list(self.fixer)}")


@dataclass(frozen=True)
class Knowing(Checked):
    """How far product work hangs on what its builders know, and how that comes about."""

    weight: float = quantity("share", 0, 1, "what product work achieves that hangs on knowledge; 0 = nothing does")
    start: float = quantity("share", 0, 1, "known at time 0 of what there is to know")
    nominal: float = quantity("share", 0.05, 1, "knowledge x delivery at which work achieves what is planned")
    half_life_days: float = quantity("days", 1, 1e6, "time in which half of what is known is out of date")
    insight: float = quantity("1", 0, 100, "insight from words worth 1 per customer and month")
    inquiry_per_month: float = quantity("1/month", 0, 100, "insight into what is wanted from a month of spend on it")
    delivery: float = quantity("share", 0, 1, "what reaches the builders of what others know, nobody mapping")
    mapping_per_month: float = quantity("1/month", 0, 100, "speed at which a month of spend on mapping closes that gap")
    words: Words = part("what customers' words are worth and how they travel")
