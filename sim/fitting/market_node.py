"""The parts of a market's configuration that a fitted law decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.checks import InputError, series, whole
from sim.checks import checked as checked_by
from sim.fitting.curve import Curve, curve_of, read_curve
from sim.fitting.likelihood import LONGEST_PERIODS, maximum_likelihood
from sim.fitting.sbg import ShiftedBetaGeometric
from sim.units import MONTHS_PER_YEAR

KEY: Final = "retention_curve"
BUDGET_YEARS: Final = 5
"""Years over which the budget's single churn rate must keep as many customers as the law."""


def with_curve(market: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """`market` with the law of its `retention_curve` in place of its frailty, and sentences about repairs.

    The curve is a file (`period,percent_surviving`) or `{percent_surviving: [...], fitted_periods: n}`;
    its periods are the market's contract terms. Without a curve the market is returned as it is.
    """
    node = dict(market)
    if node.get(KEY) is None:
        return node, ()
    curve = _curve(node[KEY])
    try:
        law = maximum_likelihood(curve.lifetimes).law
    except InputError as error:
        raise InputError(f"market.{KEY}: {error}") from None
    node["frailty"] = frailty(law)
    churn = churn_per_year(law, int(node["contract"]["term_months"]))
    node["nominal"] = {**node["nominal"], "logo_churn_per_year": churn}
    return node, curve.repairs


def frailty(law: ShiftedBetaGeometric) -> dict[str, Any]:
    """The frailty component of `law`, six digits."""
    return {
        "_target_": "sim.context.frailty.BetaFrailty",
        "alpha": float(f"{law.alpha:.6g}"),
        "beta": float(f"{law.beta:.6g}"),
        "shift_logit": 0.0,
    }


def churn_per_year(law: ShiftedBetaGeometric, term_months: int) -> float:
    """The one yearly churn rate that keeps as many customers as `law` over five years.

    Customers at the starts of the terms are summed; the rate is found by bisection.
    """
    terms = max(2, round(BUDGET_YEARS * MONTHS_PER_YEAR / term_months))
    kept = sum(law.survival(t) for t in range(terms))
    low, high = 0.0, 1.0
    for _ in range(60):
        keep = (low + high) / 2
        if sum(keep**t for t in range(terms)) < kept:
            low = keep
        else:
            high = keep
    kept_per_year: float = low ** (MONTHS_PER_YEAR / term_months)
    return round(min(max(1.0 - kept_per_year, 0.0), 0.99), 4)


def _curve(value: object) -> Curve:
    if isinstance(value, Mapping):
        return _inline(value)
    if not isinstance(value, str) or not value:
        raise InputError(f"market.{KEY} must be a CSV file with period and percent_surviving, got {value!r}")
    try:
        return read_curve(value)
    except InputError as error:
        hint = ""
        if "there is no file" in str(error):
            hint = f" (a path with spaces, brackets or commas is written market.{KEY}=\"'FILE'\")"
        raise InputError(f"market.{KEY}: {error}{hint}") from None


def _inline(value: Mapping[Any, Any]) -> Curve:
    wanted = {"percent_surviving", "fitted_periods"}
    if set(value) != wanted:
        names = ", ".join(map(str, value))
        raise InputError(f"market.{KEY} must have the keys {' and '.join(sorted(wanted))}, got {names}")
    rule = dict(series("percent", 0, 100, "").metadata)
    percent: Any = checked_by(f"market.{KEY}.percent_surviving", value["percent_surviving"], rule)
    periods = whole(f"market.{KEY}.fitted_periods", value["fitted_periods"], 2, LONGEST_PERIODS)
    return curve_of(percent).up_to(periods)
