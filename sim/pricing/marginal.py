"""What one more unit of outcome or of use adds to a bill: the tariff's own invoice, moved a little to both sides."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, NamedTuple

from sim.pricing.matching import noises
from sim.rules.common import clip

if TYPE_CHECKING:
    from sim.pricing.tariff import Period, Tariff

STEP = 0.05
"""Half of the stretch of outcome, and of use, over which the fee is compared."""


class Marginal(NamedTuple):
    """List prices per unit (full use, or the whole goal attained)."""

    by_outcome: float
    by_use: float


def marginal(tariff: Tariff, period: Period, outcome: float, extra_noise_sd: float = 0.0) -> Marginal:
    """Marginal fee of a period in which the true outcome is `outcome`, in [0, 1], and use that of `period`.

    The fee is averaged over the meter's noise, so that floors, caps and thresholds count as likely as they are reached.
    """
    listed = period.list_price_per_month * period.months
    low, high = max(0.0, outcome - STEP), min(1.0, outcome + STEP)
    by_outcome = _outcome_fee(tariff, period, high, extra_noise_sd) - _outcome_fee(tariff, period, low, extra_noise_sd)
    least, most = max(0.0, period.use_share - STEP), min(1.0, period.use_share + STEP)
    by_use = _usage_fee(tariff, period, most) - _usage_fee(tariff, period, least)
    return Marginal(by_outcome / ((high - low) * listed), by_use / ((most - least) * listed))


def _outcome_fee(tariff: Tariff, period: Period, outcome: float, extra_noise_sd: float) -> float:
    meter, total = tariff.meter, 0.0
    quantiles = noises(hypot(meter.noise_sd, meter.season_sd, extra_noise_sd))
    for noise in quantiles:
        measured = clip(meter.attribution * outcome + noise, 0.0, 1.0)
        total += tariff.invoice(period._replace(gain_per_month=period.goal_value_per_month * measured)).outcome
    return total / len(quantiles)


def _usage_fee(tariff: Tariff, period: Period, use: float) -> float:
    return tariff.invoice(period._replace(use_share=use)).usage
