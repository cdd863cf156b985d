"""Effort when pay hangs on a noisy outcome: the linear contract of Holmstrom and Milgrom (1987, 1991).

An employer for whom one unit of outcome is worth `stake` pays its people a share of it. They choose the effort at
which its marginal cost, curvature x effort, equals that share, and mind risk: half of aversion x variance of pay. The
share that is best for both together is stake / (1 + aversion x curvature x variance of the outcome's measure).
"""

from math import exp, log1p

from sim.rules.common import clip


def passed_on(stake: float, noise_sd: float, curvature: float, aversion: float) -> float:
    """What of `stake` the people who do the work are best paid by."""
    return stake / (1.0 + aversion * curvature * noise_sd * noise_sd)


def effort(piece: float, curvature: float) -> float:
    """Effort at which one more unit costs as much as it is paid."""
    return piece / curvature


def worth_now(amount: float, years: float, impatience_per_year: float) -> float:
    """What money that comes after `years` counts for today."""
    return amount * exp(-years * log1p(impatience_per_year))


def zeal(by_nature: float, induced: float, strength: float, most: float) -> float:
    """Effort for the outcome relative to what was asked for, people following what is at stake by `strength`."""
    return 1.0 + strength * (clip(by_nature + induced, 0.0, most) - 1.0)


def diligence(share_paid_away: float, strength: float) -> float:
    """A customer's own effort where a share of what it gains is the provider's."""
    return 1.0 - strength * clip(share_paid_away, 0.0, 1.0)


def spurred(effort: float, warmth: float, zeal: float, displacement: float) -> tuple[float, float]:
    """(effort, warmth) with the part that goes into the matter multiplied by `zeal`; of what is added, a share is taken
    from courtesy, as far as there is any."""
    kind, matter = effort * warmth, effort * (1.0 - warmth)
    added = matter * (zeal - 1.0)
    kind -= min(kind, displacement * max(0.0, added))
    total = kind + matter + added
    return total, kind / total if total > 0.0 else warmth
