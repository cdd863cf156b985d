"""How a change spreads through an organisation."""

from math import exp, log

from sim.rules.common import levered

TENTH_TO_NINE_TENTHS = log(81.0)
"""Logits between a tenth and nine tenths: the logistic course covers them in ln(81) / rate."""


def rate_per_year(course_years: float) -> float:
    """Logistic rate at which nine tenths follow a tenth after `course_years`."""
    return TENTH_TO_NINE_TENTHS / course_years


def spread(reached: float, ceiling: float, rate: float) -> float:
    """Logistic growth towards `ceiling` over one unit of time, in closed form: dx/dt = rate x (1 - x / ceiling)."""
    return ceiling / (1.0 + (ceiling / reached - 1.0) * exp(-rate))


def without(share: float, left: float) -> float:
    """What is left of a speed (or ceiling) of 1 if only `share` of something is there and `left` remains without it."""
    return levered(1.0, left, share)


def momentum(months_since_result: float, half_life_months: float) -> float:
    """Speed left some time after the last result; a half-life of 0 means that it lasts."""
    return float(0.5 ** (months_since_result / half_life_months)) if half_life_months > 0.0 else 1.0


def empathy(per_training_month: float, trained_months: float) -> float:
    """Culture of empathy in [0, 1) after so many months of training per head."""
    return 1.0 - exp(-per_training_month * trained_months)


def gated(level: float, gate: float) -> float:
    """Speed that a prerequisite allows: all of it from `gate` on, in proportion below."""
    return 1.0 if level >= gate else level / gate


def stage_reached(reached: float, before: float, width: float) -> float:
    """Share reached in a stage that takes the part [before, before + width] of the whole way."""
    return min(1.0, max(0.0, (reached - before) / width))
