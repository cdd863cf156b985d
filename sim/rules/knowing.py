"""What builders know, what reaches them of it, and what their work is worth with it."""

from math import exp

from sim.rules.common import levered
from sim.rules.experience import LN2


def learned(level: float, insight: float) -> float:
    """Knowledge after `insight`; what is known already is not learned again."""
    return 1.0 - (1.0 - level) * exp(-insight)


def kept(level: float, days: float, half_life_days: float) -> float:
    """Knowledge after `days` in which nobody listened: needs move on."""
    return level * exp(-LN2 * days / half_life_days)


def passed_on(handoffs: float, loss: float) -> float:
    """Share of what was said that survives being handed on so many times."""
    return float((1.0 - loss) ** handoffs)


def worth_of_work(knowledge: float, delivery: float, nominal: float, weight: float) -> float:
    """What a month of work achieves relative to plan. What is known counts as far as it is delivered;
    `weight` is the share that hangs on it (0 = none)."""
    return levered(knowledge * delivery / nominal, 1.0, weight)
