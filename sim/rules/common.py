"""Shapes shared by several rules."""

from math import exp

NOMINAL_EFFORT = 1.0
NOMINAL_WARMTH = 0.5
"""What the plan is made for, and what a choice amounts to where the world gives it no effect."""


def logistic(logit: float) -> float:
    """1 / (1 + exp(-logit)), safe for large arguments."""
    if logit >= 0.0:
        return 1.0 / (1.0 + exp(-logit))
    odds = exp(logit)
    return odds / (1.0 + odds)


def saturate(amount: float, half: float) -> float:
    """amount / (amount + half): 0 at nothing, .5 at `half`, never above 1."""
    return amount / (amount + half) if amount > 0.0 else 0.0


def levered(chosen: float, reference: float, gain: float) -> float:
    """What a policy's choice amounts to when the world lets it act with strength `gain` (0 = not at all)."""
    return reference + gain * (chosen - reference)


def clip(x: float, low: float, high: float) -> float:
    """x moved into [low, high]."""
    return low if x < low else high if x > high else x
