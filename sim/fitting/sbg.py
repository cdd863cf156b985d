"""The shifted beta-geometric law of contractual retention.

Every customer leaves at each renewal with a constant probability theta of their own, and theta is
Beta(alpha, beta) over customers: retention then rises with tenure although nobody changes.
Source: Fader & Hardie (2007), "How to project customer retention", Journal of Interactive
Marketing 21(1):76-90; discounted lifetimes: Fader & Hardie (2010), Marketing Science 29(1):85-93.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """Churn probability per period theta ~ Beta(alpha, beta); periods count renewals, from 1."""

    alpha: float
    beta: float

    def survival(self, period: int) -> float:
        """Share still a customer after `period` renewals: B(alpha, beta + t) / B(alpha, beta)."""
        return math.exp(math.fsum(math.log(self.retention(t)) for t in range(1, period + 1)))

    def retention(self, period: int) -> float:
        """Share of those facing renewal number `period` (>= 1) who renew."""
        return (self.beta + period - 1) / (self.alpha + self.beta + period - 1)

    @property
    def mean_churn(self) -> float:
        """E[theta]: the share lost at the first renewal."""
        return self.alpha / (self.alpha + self.beta)

    def expected_lifetime(self, discount_rate: float) -> float:
        """Discounted number of payments of a new customer, the one at time 0 included.

        `discount_rate` > 0 per period; margin 1 per payment: sum of S(t) / (1 + d)^t, t >= 0.
        """
        return _geometric_series(self.beta, self.alpha + self.beta, discount_rate)

    def residual_lifetime(self, discount_rate: float, renewal: int) -> float:
        """Discounted payments still to come, seen just before renewal number `renewal` (>= 1).

        The coming payment counts undiscounted, if the customer renews.
        """
        rest = _geometric_series(self.beta + renewal, self.alpha + self.beta + renewal, discount_rate)
        return self.retention(renewal) * rest

    def truncated_lifetime(self, discount_rate: float, payments: int) -> float:
        """Discounted payments of a new customer among the first `payments` due dates."""
        factor = 1 + discount_rate
        return math.fsum(self.survival(t) / factor**t for t in range(payments))


def _geometric_series(b: float, c: float, discount_rate: float) -> float:
    """Gauss hypergeometric 2F1(1, b; c; 1 / (1 + d))."""
    from scipy.special import hyp2f1

    return float(hyp2f1(1.0, b, c, 1 / (1 + discount_rate)))
