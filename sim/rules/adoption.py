"""Adoption and outcome between events, in closed form.

dA/dt = kappa (target - A) with a constant target gives A(t) = target + (A0 - target) exp(-kappa t).
The outcome is O = fit_effective * quality * A: fit caps the outcome, not the use.
"""

from math import exp, expm1, inf, log

from sim.rules.common import clip


def target(depth: float, gain: float, experience: float, open_problems: float) -> float:
    """Level adoption moves to: depth of onboarding, moved by experience, depressed by open problems."""
    level = depth * (1.0 + gain * experience - open_problems)
    return 0.0 if level < 0.0 else 1.0 if level > 1.0 else level


def glide(start: float, goal: float, rate_per_day: float, days: float) -> tuple[float, float]:
    """(adoption after `days` on the way from `start` to `goal`, days of full use on the way).

    The second is the integral of adoption: goal days + (start - goal) (1 - exp(-rate days)) / rate.
    """
    closed = -expm1(-rate_per_day * days)
    gap = goal - start
    return start + gap * closed, goal * days - gap * closed / rate_per_day


def fit_effective(fit: float, improvement: float) -> float:
    """Fit after product improvement: 1 - (1 - fit) exp(-improvement)."""
    return 1.0 - (1.0 - fit) * exp(-improvement)


def realigned(fit: float, share: float) -> float:
    """Fit after `share` of what was missing has been added."""
    return fit + clip(share, 0.0, 1.0) * (1.0 - fit)


def days_to_reach(level: float, start: float, goal: float, rate_per_day: float) -> float:
    """Days until adoption first reaches `level`; 0 if it is there, inf if it never gets there."""
    if start >= level:
        return 0.0
    if goal <= level:
        return inf
    return log((goal - start) / (goal - level)) / rate_per_day


def awareness(tenure_days: float, floor: float, time_constant_days: float) -> float:
    """How much of the outcome gap the customer notices, in [floor, 1], growing with tenure."""
    return 1.0 - (1.0 - floor) * exp(-tenure_days / time_constant_days)
