"""What goes round about the firm among possible customers: stories that fade, and public reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.rules import society as rules
from sim.rules.experience import remembered
from sim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from sim.context.society import Talk


class Stock:
    """An amount that halves after every half-life."""

    def __init__(self, half_life_days: float) -> None:
        self._half_life_days = half_life_days
        self._amount = 0.0
        self._since_days = 0.0

    def at(self, now: float) -> float:
        """What is left of it."""
        return remembered(self._amount, now - self._since_days, self._half_life_days)

    def add(self, now: float, amount: float) -> Echo:
        """More of it."""
        self._amount = self.at(now) + amount
        self._since_days = now
        return Echo(self, amount, now)

    def left(self, amount: float, days: float) -> float:
        """What is left of an amount after so many days."""
        return remembered(amount, days, self._half_life_days)


class Echo(NamedTuple):
    """One addition to a stock."""

    stock: Stock
    amount: float
    began_days: float

    def left(self, now: float) -> float:
        """What is left of it."""
        return self.stock.left(self.amount, now - self.began_days)


class Rumour:
    """Warnings, good stories, bad and good reviews, as they stand today."""

    def __init__(self, talk: Talk, candidates_per_month: float) -> None:
        self.talk = talk
        self._pool = rules.story_pool(candidates_per_month / DAYS_PER_MONTH, talk.half_life_days)
        self._warned, self._praised = Stock(talk.half_life_days), Stock(talk.half_life_days)
        self._bad, self._good = Stock(talk.review_half_life_days), Stock(talk.review_half_life_days)

    def tell(self, now: float, reach: float, good: bool) -> Echo:
        """Somebody of this social reach tells a story."""
        return (self._praised if good else self._warned).add(now, self.talk.people * reach)

    def review(self, now: float, good: bool) -> Echo:
        """Somebody writes a review."""
        return (self._good if good else self._bad).add(now, 1.0)

    def attraction(self, now: float) -> float:
        """Pull on a possible customer whom nobody warned, relative to silence."""
        rating = rules.rating(self._good.at(now), self._bad.at(now), self.talk.review_prior)
        told = rules.heard(self._praised.at(now), self._pool)
        return (1.0 + self.talk.review_gain * rating) * (1.0 + self.talk.attracts * told)

    def deterred(self, now: float) -> float:
        """Probability that a possible customer has been warned and stays away."""
        return self.talk.deters * rules.heard(self._warned.at(now), self._pool)
