"""Matching: before tariffs are compared, the reference customers' first year costs the same under each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.pricing.tariff import Period
from sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from sim.context.reference import Reference
    from sim.pricing.tariff import Tariff

STEPS = 200
"""Bisection halves the bracket until floats are exhausted."""


def expected_first_year(tariff: Tariff, reference: Reference) -> float:
    """Mean first-year charge of the reference customers, as a share of their list price.

    Charged in the tariff's own billing periods would need their path within the year; a year's mean
    use and outcome stand for it. Measurement noise is left out.
    """
    total = 0.0
    rows = zip(
        reference.first_year_use, reference.first_year_outcome, reference.first_year_goal_ratio, strict=True
    )
    for use, outcome, goal in rows:
        measured = tariff.meter.attribution * outcome
        charges = tariff.invoice(Period(float(MONTHS_PER_YEAR), 1.0, use, goal * measured, goal))
        total += charges.in_advance + charges.usage + charges.outcome
    return total / len(reference.first_year_use) / MONTHS_PER_YEAR


def matched(tariff: Any, reference: Reference) -> Any:
    """`tariff` with the level that makes its expected first-year charge the list price.

    Raises InputError where no level can (for example a cap below the list price).
    """
    if tariff.match == "none":
        return tariff
    low, high = 0.0, 1.0
    while expected_first_year(replace(tariff, level=high), reference) < 1.0:
        high *= 2.0
        if high > 1e6:
            raise InputError(f"pricing {tariff.name} cannot be matched: its first year stays below the list price")
    if expected_first_year(replace(tariff, level=low), reference) > 1.0:
        raise InputError(f"pricing {tariff.name} cannot be matched: its fixed part alone exceeds the list price")
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        if expected_first_year(replace(tariff, level=middle), reference) < 1.0:
            low = middle
        else:
            high = middle
    return replace(tariff, level=high)
