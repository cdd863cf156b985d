"""Matching: before tariffs are compared, the reference customers are charged the same under each.

`first_year_price` equalises their expected first year, `revenue_neutral` their expected invoices over the years
compared, both with the use, outcome and staying of the market's frozen reference: nobody answers the tariff yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from math import hypot
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.pricing.tariff import Period
from sim.rules.common import clip
from sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from sim.context.reference import Reference
    from sim.pricing.tariff import Tariff

STEPS = 200
"""Bisection halves the bracket until floats are exhausted."""
NOISES = 8
"""Quantiles of the meter's noise that stand for all of it."""


def expected_first_year(tariff: Tariff, reference: Reference) -> float:
    """Mean first-year charge of the reference customers, as a share of their list price.

    Charged in the tariff's own billing periods would need their path within the year; a year's mean
    use and outcome stand for it. What is due once counts in full.
    """
    rows = zip(
        reference.first_year_use,
        reference.first_year_outcome,
        reference.first_year_goal_ratio,
        reference.first_year_seats,
        strict=True,
    )
    return _mean_year(tariff, rows, 0.0)


def expected_years(tariff: Tariff, reference: Reference) -> float:
    """Mean charge over the years compared, as a share of what the list price would bring, not discounted.

    Later years weigh as many as are still there; added seats multiply both sides and are left out.
    """
    rows = zip(
        reference.later_use,
        reference.later_outcome,
        reference.later_goal_ratio,
        reference.later_seats,
        strict=True,
    )
    customers = list(rows)
    charged = reference.staying[0] * expected_first_year(tariff, reference)
    for year, share in enumerate(reference.staying[1:], start=1):
        charged += share * _mean_year(tariff, customers, float(year))
    return charged / sum(reference.staying)


def _mean_year(tariff: Tariff, rows: Iterable[tuple[float, float, float, float]], years: float) -> float:
    """Mean charge of one year, `years` after the signature, of customers (use, outcome, goal ratio, seats) at list
    price 1."""
    total, n = 0.0, 0
    meter = tariff.meter
    quantiles = noises(hypot(meter.noise_sd, meter.season_sd))
    for use, outcome, goal, seats in rows:
        lot = _scattered(n)
        n += 1
        for noise in quantiles:
            measured = clip(meter.attribution * outcome + noise, 0.0, 1.0)
            year = Period(float(MONTHS_PER_YEAR), 1.0, use, goal * measured, goal, seats, float(years == 0.0), lot)
            charges = tariff.conditions.charged(tariff.invoice(year), years)
            total += (charges.in_advance + charges.usage + charges.outcome + charges.once) / len(quantiles)
    return total / n / MONTHS_PER_YEAR


@lru_cache(maxsize=32)
def noises(sd: float) -> tuple[float, ...]:
    """Midpoint quantiles of the meter's noise."""
    if sd == 0.0:
        return (0.0,)
    return tuple(NormalDist(0.0, sd).inv_cdf((i + 0.5) / NOISES) for i in range(NOISES))


def _scattered(number: int) -> float:
    """Even numbers in (0, 1) in an order that goes with nothing (van der Corput in base 2)."""
    place, share = 0.5, 0.0
    while number:
        share += place * (number & 1)
        number >>= 1
        place /= 2.0
    return share + 1.0 / 128.0


TARGETS: dict[str, Callable[[Any, Any], float]] = {
    "first_year_price": expected_first_year,
    "revenue_neutral": expected_years,
}
"""What each way of matching makes equal to the list price."""


def matched(tariff: Any, reference: Reference) -> Any:
    """`tariff` with the level at which what its `match` names costs as much as the list price.

    Raises InputError where no level can (for example a cap below the list price).
    """
    if tariff.options:
        return replace(tariff, options={name: matched(one, reference) for name, one in tariff.options.items()})
    if tariff.match == "none":
        return tariff
    expected = TARGETS[tariff.match]
    low, high = 0.0, 1.0
    while expected(replace(tariff, level=high), reference) < 1.0:
        high *= 2.0
        if high > 1e6:
            raise InputError(f"pricing {tariff.name} cannot be matched: it stays below the list price at any level")
    if expected(replace(tariff, level=low), reference) > 1.0:
        raise InputError(f"pricing {tariff.name} cannot be matched: its fixed part alone exceeds the list price")
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        if expected(replace(tariff, level=middle), reference) < 1.0:
            low = middle
        else:
            high = middle
    return replace(tariff, level=high)
