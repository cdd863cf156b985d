"""The value of the relationship to the customer: the one quantity behind every decision.

V = weight * aggregate(s z_E, (1 - s) z_O); z are standardised by frozen constants of the market.
"""

from math import asinh, exp, expm1, log, log1p, sinh

from sim.rules.common import clip, logistic

Z_MAX = 6.0
"""Standardised terms are read within +-6 standard deviations."""


def standardised(x: float, mean: float, sd: float) -> float:
    """(x - mean) / sd, within +-Z_MAX."""
    z = (x - mean) / sd
    return z if -Z_MAX <= z <= Z_MAX else clip(z, -Z_MAX, Z_MAX)


def shaped(z: float, curvature: float, steepness: float) -> float:
    """Shape of satisfaction to loyalty (Dong et al. 2011 find all of them).

    curvature 0 linear, > 0 convex, < 0 concave; steepness 1 linear, < 1 S (flat tails), > 1 inverse S.
    """
    if steepness != 1.0:
        z = sinh(steepness * asinh(z)) / steepness
    return z if curvature == 0.0 else expm1(curvature * z) / curvature


def additive(share: float, z_experience: float, z_outcome: float) -> float:
    """Compensatory: each point of one makes up for the other."""
    return share * z_experience + (1.0 - share) * z_outcome


def geometric(share: float, z_experience: float, z_outcome: float) -> float:
    """Partly compensatory: the logit of the weighted geometric mean of the two logistic levels.

    Shaped terms can be so large that a level rounds to 0 or 1; there the same is computed on log-odds.
    """
    if abs(z_experience) > Z_MAX or abs(z_outcome) > Z_MAX:
        return _geometric_logit(share, z_experience, z_outcome)
    level = exp(share * log(logistic(z_experience)) + (1.0 - share) * log(logistic(z_outcome)))
    return log(level / (1.0 - level))


def _geometric_logit(share: float, x: float, y: float) -> float:
    """-log(exp(m) - 1) with m = share softplus(-x) + (1 - share) softplus(-y), for terms of any size."""
    if share <= 0.0 or share >= 1.0:
        return y if share <= 0.0 else x
    low = min(x, y)
    if low > _LEVEL_ONE:
        return low - log(share * exp(low - x) + (1.0 - share) * exp(low - y))
    missing = share * _softplus(-x) + (1.0 - share) * _softplus(-y)
    return -missing - log(-expm1(-missing))


_LEVEL_ONE = 40.0
"""From here on softplus(-x) is exp(-x) to the last bit."""


def _softplus(x: float) -> float:
    """log(1 + exp(x)), safe for large arguments."""
    return max(0.0, x) + log1p(exp(-abs(x)))


def minimum(share: float, z_experience: float, z_outcome: float) -> float:
    """Non-compensatory: the worse of the two counts; a term without weight does not."""
    if share <= 0.0:
        return z_outcome
    if share >= 1.0:
        return z_experience
    return min(z_experience, z_outcome)


def share_at(share: float, tenure_days: float, shift: float, time_constant_days: float, centre: float) -> float:
    """Weight of experience at a tenure: early decisions lean on service when `shift` > 0 (Mittal,
    Kumar & Tsiros 1999); `centre` keeps the exposure-weighted mean at `share`."""
    if shift == 0.0:
        return share
    return clip(share + shift * (exp(-tenure_days / time_constant_days) - centre), 0.0, 1.0)
