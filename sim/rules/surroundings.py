"""What happens around the firm: a shock, a rival, imitation, changing needs."""

from math import exp, expm1

LEAST_FIT = 1e-6
"""Every product is of some use to somebody."""


def shock_strength(month: int, begins_month: int, months: int, lasting_share: float) -> float:
    """0 before the shock, 1 while it lasts, `lasting_share` afterwards; always 0 if it lasts no time."""
    if months == 0 or month < begins_month:
        return 0.0
    return 1.0 if month < begins_month + months else lasting_share


def entrant_pull(days_since: float, pull: float, build_days: float) -> float:
    """Pull of a rival `days_since` its entry: pull (1 - exp(-t / build_days)); 0 before."""
    return -pull * expm1(-days_since / build_days) if days_since > 0.0 else 0.0


def watched(lead: float, seen: float, watch_days: float, span_days: float) -> float:
    """The lead that rivals make out, a while later: what they see moves it by 1 - exp(-t / watch)."""
    return seen + (lead - seen) * exp(-span_days / watch_days)


def copied(level: float, lead: float, per_year: float, years: float) -> float:
    """What rivals have copied of the firm's `lead` over the market, a while later: the rest of the lead shrinks by
    exp(-speed t); what has been copied is never forgotten."""
    return lead - (lead - level) * exp(-per_year * years) if lead > level else level


def fit_after_change(fit: float, lost: float) -> float:
    """Fit after a change of needs; a trace of it is always left."""
    return max(fit * (1.0 - lost), LEAST_FIT)
