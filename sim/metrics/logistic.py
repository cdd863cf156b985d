"""Logistic regression on one variable, for baselines that say what one cause alone would give.

Few leave within one replication, and plain maximum likelihood then makes the curve too steep (and infinitely
steep where the cases separate). Firth's penalty removes that bias (Firth 1993, Biometrika 80:27); the intercept is
then fitted again so that fitted probabilities sum to the number that happened (FLIC: Puhr, Heinze, Nold, Lusa
& Geroldinger 2017, Statistics in Medicine 36:2302).
"""

from __future__ import annotations

import numpy as np

from sim.metrics.facts import Flags, Floats

_STEPS = 50
_LONGEST = 2.0
"""Longest Newton step in the logit per standard deviation."""
_CLOSE = 1e-10


def fitted_probability(x: Floats, happened: Flags) -> Floats:
    """(n,) fitted P(happened | x); the constant share where x or the result does not vary."""
    share = float(happened.mean()) if x.size else 0.0
    spread = float(x.std()) if x.size else 0.0
    if not 0.0 < share < 1.0 or spread == 0.0:
        return np.full(x.size, share)
    z, y = (x - x.mean()) / spread, happened.astype(np.float64)
    start = float(np.log(share / (1.0 - share)))
    slope = _firth_slope(z, y, start)
    return _logistic(_intercept(slope * z, y, start) + slope * z)


def _firth_slope(z: Floats, y: Floats, start: float) -> float:
    """Slope of the penalised likelihood: Newton on the score sum((y - p + h (1/2 - p)) (1, z)), h the leverages."""
    a, b = start, 0.0
    for _ in range(_STEPS):
        p = _logistic(a + b * z)
        w = p * (1.0 - p)
        s0, s1, s2 = float(w.sum()), float(w @ z), float(w @ (z * z))
        area = s0 * s2 - s1 * s1
        leverage = w * (s2 - 2.0 * s1 * z + s0 * z * z) / area
        residual = y - p + leverage * (0.5 - p)
        u0, u1 = float(residual.sum()), float(residual @ z)
        da, db = (s2 * u0 - s1 * u1) / area, (s0 * u1 - s1 * u0) / area
        shorter = min(1.0, _LONGEST / max(abs(da), abs(db), _CLOSE))
        a, b = a + shorter * da, b + shorter * db
        if max(abs(da), abs(db)) < _CLOSE:
            break
    return b


def _intercept(offset: Floats, y: Floats, start: float) -> float:
    """Intercept that makes the fitted probabilities sum to what happened."""
    a = start
    for _ in range(_STEPS):
        p = _logistic(a + offset)
        step = float((y - p).sum() / (p * (1.0 - p)).sum())
        a += float(np.clip(step, -_LONGEST, _LONGEST))
        if abs(step) < _CLOSE:
            break
    return a


def _logistic(x: Floats) -> Floats:
    p: Floats = 0.5 * (1.0 + np.tanh(0.5 * x))
    return p
