"""When problems arise and how a contact ends."""

from math import exp

from sim.rules.common import saturate


def early_life(tenure_days: float, height: float, time_constant_days: float) -> float:
    """Factor >= 1 for the first weeks after go-live."""
    return 1.0 + height * exp(-tenure_days / time_constant_days)


def misfit(fit: float, weight: float) -> float:
    """Factor >= 1: a product that does not fit raises questions."""
    return 1.0 + weight * (1.0 - fit)


def use(adoption: float, floor: float) -> float:
    """Factor in [floor, 1]: who does not use has few problems."""
    return floor + (1.0 - floor) * adoption


def defects(defect_level: float, share: float) -> float:
    """Factor in [1 - share, 1]: `share` of tickets scales with the product's defect level."""
    return 1.0 - share * (1.0 - defect_level)


def resolution_probability(cap: float, task_effort: float, half: float) -> float:
    """Chance that one contact solves a problem of a type that is solved at most with `cap`."""
    return cap * saturate(task_effort, half)


def kind_of(uniform: float, shares: tuple[float, ...]) -> int:
    """Index of the ticket type by inverse distribution function over `shares` (they sum to 1)."""
    total = 0.0
    for index, share in enumerate(shares):
        total += share
        if uniform < total:
            return index
    return len(shares) - 1
