"""How a contact is conducted: scripts, top agents, trained empathy, promised dates, failures and amends."""

from math import exp
from typing import NamedTuple


class Manner(NamedTuple):
    """How one contact differs from the plain one; multipliers are 1 and shares 0 where it does not."""

    hours: float
    """working time"""
    courtesy: float
    """courtesy"""
    empathy: float
    """share of missing courtesy that training adds"""
    spread: float
    """spread of courtesy"""
    solves: float
    """chance of a solution"""
    solves_more: float
    """share of what stays unsolved that the person solves besides"""
    waiting: float
    """weight of a day waited"""
    refuses: bool
    """told that nothing can be done, if unsolved"""
    promise_days: float
    """an answer promised within this time; 0: none"""


PLAIN = Manner(1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, False, 0.0)


def courtesy(nominal: float, manner: Manner) -> float:
    """Courtesy of the contact: relative to the plain one, then closer to perfect by empathy."""
    cool = nominal * manner.courtesy
    return cool + manner.empathy * (1.0 - cool)


def solution(chance: float, manner: Manner) -> float:
    """Chance that the contact solves the problem, at most 1."""
    told = min(1.0, chance * manner.solves)
    return told + manner.solves_more * (1.0 - told)


def learned(stock: float, share: float, per_month: float, fades: float) -> float:
    """A stock in [0, 1] after one month: what is left of it, and a share of what is missing.

    With a constant share it settles where learning makes up for forgetting.
    """
    kept = stock * (1.0 - fades)
    return kept + (1.0 - kept) * (1.0 - exp(-per_month * share))
