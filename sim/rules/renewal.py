"""Renewal, its causes, and the change of seats that comes with it."""

from math import log
from typing import NamedTuple

from sim.events import CAUSES
from sim.rules.common import clip, logistic


class Terms(NamedTuple):
    """The terms of the renewal logit, each signed as it enters the sum."""

    base: float
    """frailty plus switching cost"""
    value: float
    """V as it is"""
    value_without_experience: float
    """V with z_E at its reference 0"""
    value_without_outcome: float
    """V with z_O at its reference 0"""
    price: float
    """-b_price * price burden; reference 0"""
    competitor: float
    """-pull of a competitor; reference 0"""
    champion: float
    """-loss of the champion; reference 0"""


def price_burden(sensitivity: float, charged: float, reference: float) -> float:
    """sensitivity * clip(charged / reference - 1, -1, 2)."""
    return sensitivity * clip(charged / reference - 1.0, -1.0, 2.0)


def renewal_probability(terms: Terms) -> float:
    """logistic of the sum of the terms."""
    return logistic(terms.base + terms.value + terms.price + terms.competitor + terms.champion)


def resets(terms: Terms) -> tuple[float, float, float, float, float]:
    """Gain in the logit from resetting each cause (order of sim.events.CAUSES) to its reference."""
    return (
        terms.value_without_experience - terms.value,
        terms.value_without_outcome - terms.value,
        -terms.price,
        -terms.competitor,
        -terms.champion,
    )


def but_for(terms: Terms, uniform: float) -> str:
    """Causes whose reset alone would have kept the customer, joined by `+`; `chance` if none.

    `uniform` is the renewal draw that lost: uniform >= renewal_probability(terms).
    """
    logit = terms.base + terms.value + terms.price + terms.competitor + terms.champion
    would_keep = [cause for cause, gain in zip(CAUSES, resets(terms), strict=True) if uniform < logistic(logit + gain)]
    return "+".join(would_keep) or "chance"


def largest_adverse(terms: Terms) -> str:
    """The cause with the largest pull towards leaving, `none` if none pulls."""
    gains = resets(terms)
    best = max(gains)
    return CAUSES[gains.index(best)] if best > 0.0 else "none"


def stated(terms: Terms, noise_uniforms: tuple[float, float, float, float, float], noise: float) -> str:
    """What an exit survey reports: the largest adverse term after Gumbel noise of scale `noise`
    (a random-utility answer: near causes are confused)."""
    told = [g - noise * log(-log(u)) for g, u in zip(resets(terms), noise_uniforms, strict=True)]
    return CAUSES[told.index(max(told))]


def three_way(uniform: float, up_probability: float, down_probability: float) -> int:
    """+1, -1 or 0 from one uniform: low draws go up, high draws go down (seats, word of mouth)."""
    if uniform < up_probability:
        return 1
    return -1 if uniform > 1.0 - down_probability else 0
