"""Ridge logistic regression by Newton's method, small and deterministic.

Maximises sum(log-likelihood) - penalty/2 |slopes|^2; the intercept is free. Columns are standardised with
the moments of the data they are fitted to, so the penalty means the same for all; a column without
spread gets no weight. Source: Hastie, Tibshirani & Friedman (2009), The Elements of Statistical
Learning, sections 4.4.1 (Newton as reweighted least squares) and 3.4.1 (ridge).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.metrics.facts import Flags, Floats

_STEPS = 25
_CLOSE = 1e-8
_FAR = 30.0
"""Logits beyond it are certain to the last digit of a float."""


class Logit(NamedTuple):
    """A fitted law; apply with `logits`."""

    centre: Floats
    scale: Floats
    weights: Floats
    """Intercept, then one per standardised column."""

    def logits(self, columns: Floats) -> Floats:
        """Logit of the event for rows (n, k)."""
        scaled = (columns - self.centre) / self.scale
        logits: Floats = np.clip(self.weights[0] + scaled @ self.weights[1:], -_FAR, _FAR)
        return logits


def fit(columns: Floats, event: Flags, penalty: float) -> Logit:
    """Fit rows (n, k) to a yes/no event (n,) with a penalty > 0 on each standardised slope."""
    centre, spread = columns.mean(axis=0), columns.std(axis=0)
    scale = np.where(spread > 1e-12, spread, np.inf)
    design = np.column_stack((np.ones(event.size), (columns - centre) / scale))
    ridge = np.diag(np.r_[1e-9, np.full(columns.shape[1], penalty)])
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = probability(design @ weights)
        slope = design.T @ (event - chance) - ridge @ weights
        bend = (design * (chance * (1.0 - chance))[:, None]).T @ design + ridge
        step = np.clip(np.linalg.solve(bend, slope), -2.0, 2.0)
        weights = weights + step
        if float(np.abs(step).max()) < _CLOSE:
            break
    return Logit(centre, scale, weights)


def probability(logits: Floats) -> Floats:
    """1 / (1 + exp(-logit)), within the range of floats."""
    chance: Floats = 1.0 / (1.0 + np.exp(-np.clip(logits, -_FAR, _FAR)))
    return chance


def log_loss(logits: Floats, event: Flags) -> float:
    """Mean of -log(probability given to what happened)."""
    signed = np.where(event, logits, -logits)
    return float(np.logaddexp(0.0, -signed).mean())
