"""Experience: what touches leave behind (disconfirmation, loss aversion, memory, peak).

Oliver 1980 (expectation disconfirmation); Mittal, Ross & Baldasare 1998 (losses weigh more);
Kahneman et al. 1993 (peak and end).
"""

from math import exp, log, log1p

LN2 = log(2.0)


def quality(courtesy: float, wait_days: float, wait_weight: float, noise: float) -> float:
    """Quality felt at one touch, on a scale where courtesy lies in [0, 1]; waiting costs by its logarithm."""
    return courtesy - wait_weight * log1p(wait_days) + noise


def disconfirmation(quality_felt: float, expected: float, loss_aversion: float) -> float:
    """Gain or loss against expectation; a loss counts `loss_aversion` times."""
    gap = quality_felt - expected
    return gap if gap >= 0.0 else loss_aversion * gap


def remembered(memory: float, days: float, half_life_days: float) -> float:
    """Memory after `days` of neutral decay."""
    return memory * exp(-LN2 * days / half_life_days)


def moved(level: float, towards: float, step: float) -> float:
    """Exponential smoothing: level + step (towards - level)."""
    return level + step * (towards - level)


def peak_of(peak: float, value: float) -> float:
    """The signed touch of largest size so far."""
    return value if abs(value) > abs(peak) else peak


def experience(memory: float, peak: float, peak_share: float) -> float:
    """E = (1 - peak_share) memory + peak_share peak."""
    return (1.0 - peak_share) * memory + peak_share * peak
