"""Customers' own propensity to renew: the heterogeneity a retention curve shows."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Protocol

from sim.checks import Checked, quantity
from sim.streams import normal


class Frailty(Protocol):
    """A distribution of the renewal logit over customers."""

    def logit(self, uniform: float) -> float:
        """The customer's a_i at a uniform draw."""
        ...


@dataclass(frozen=True)
class NormalFrailty(Checked):
    """a_i ~ Normal(mean, sd)."""

    mean_logit: float = quantity("logit", -20, 20, "renewal logit of the middle customer")
    sd_logit: float = quantity("logit", 0, 10, "spread between customers")

    def logit(self, uniform: float) -> float:
        """The normal quantile."""
        return normal(uniform, self.mean_logit, self.sd_logit)


@dataclass(frozen=True)
class BetaFrailty(Checked):
    """Shifted beta-geometric (Fader & Hardie 2007): churn probability theta ~ Beta(alpha, beta) per
    term, a_i = logit(1 - theta)."""

    alpha: float = quantity("1", 1e-6, 1e6, "first shape of the churn probability")
    beta: float = quantity("1", 1e-6, 1e6, "second shape of the churn probability")
    shift_logit: float = quantity("logit", -20, 20, "added to every customer's logit")

    def logit(self, uniform: float) -> float:
        """logit(1 - theta) at the Beta quantile; theta is kept inside [1e-12, 1 - 1e-12]."""
        from scipy.special import betaincinv

        theta = min(max(float(betaincinv(self.alpha, self.beta, uniform)), 1e-12), 1.0 - 1e-12)
        return log((1.0 - theta) / theta) + self.shift_logit
