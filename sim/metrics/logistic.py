"""Logistic regression on one variable, for baselines that say what one cause alone would give."""

from __future__ import annotations

import numpy as np

from sim.metrics.facts import Flags, Floats

_RIDGE = 1e-3
"""Weak pull of the standardised slope towards 0, so that few cases that separate perfectly stay finite."""
_STEPS = 30
_CLOSE = 1e-10


def fitted_probability(x: Floats, happened: Flags) -> Floats:
    """(n,) fitted P(happened | x); the constant share where x or the result does not vary.

    Newton-Raphson on the log-likelihood with a weak ridge on the slope (none on the intercept, so that fitted
    probabilities sum to the number that happened).
    """
    share = float(happened.mean()) if x.size else 0.0
    spread = float(x.std()) if x.size else 0.0
    if not 0.0 < share < 1.0 or spread == 0.0:
        return np.full(x.size, share)
    z, y = (x - x.mean()) / spread, happened.astype(np.float64)
    a, b = float(np.log(share / (1.0 - share))), 0.0
    for _ in range(_STEPS):
        p = _logistic(a + b * z)
        w = p * (1.0 - p)
        gradient = np.array([(y - p).sum(), z @ (y - p) - _RIDGE * b])
        cross = float(w @ z)
        hessian = np.array([[w.sum(), cross], [cross, float(w @ (z * z)) + _RIDGE]])
        step = np.linalg.solve(hessian, gradient)
        a, b = a + float(step[0]), b + float(step[1])
        if float(np.abs(step).max()) < _CLOSE:
            break
    return _logistic(a + b * z)


def _logistic(x: Floats) -> Floats:
    p: Floats = 0.5 * (1.0 + np.tanh(0.5 * x))
    return p
