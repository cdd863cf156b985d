"""Numbers of a life as words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FELT = ((0.35, "poor"), (0.55, "fair"), (0.75, "good"), (9.0, "excellent"))
"""Quality of a touch, in [0, 1] give or take noise: up to this, called that."""
MOOD = (
    *((-1.5, "far less happy than most"), (-0.5, "less happy than most"), (0.5, "as happy as most")),
    *((1.5, "happier than most"), (1e9, "far happier than most")),
)
"""Standard deviations from the reference market's mean experience."""
RESULT = (
    *((-1.5, "far below"), (-0.5, "below"), (0.5, "about")),
    *((1.5, "above"), (1e9, "far above")),
)
"""The same of the perceived outcome: how what was reached compares with what was expected, for most."""


def named(value: float, scale: Sequence[tuple[float, str]]) -> str:
    """The word of the first step that `value` does not exceed."""
    return next((word for top, word in scale if value <= top), scale[-1][1])


def standing(value: float, mean_sd: tuple[float, float]) -> float:
    """Standard deviations from the mean."""
    return (value - mean_sd[0]) / mean_sd[1]


def on(day: date) -> str:
    """4 Jan 2026."""
    return f"{day.day:2d} {MONTHS[day.month - 1]} {day.year}"


def money(amount: float, currency: str) -> str:
    """21,120 EUR."""
    return f"{amount:,.0f} {currency}".strip()


def percent(share: float) -> str:
    """54 %."""
    return f"{100.0 * share:.0f} %"


def span(days: float) -> str:
    """A length of time in the unit a person would use."""
    if days < 1.0:
        hours = max(1, round(24.0 * days))
        return f"{hours} hour{'s' * (hours != 1)}"
    if days < 60.0:
        whole = round(days)
        return f"{whole} day{'s' * (whole != 1)}"
    return f"{days / 30.4375:.0f} months"


def counted(number: int, noun: str) -> str:
    """1 contact, 2 contacts."""
    return f"{number} {noun}{'s' * (number != 1)}"


def cause(detail: str) -> str:
    """A but-for cause as the end of a sentence."""
    if detail == "chance":
        return "No single cause: with any one thing as usual it would have left all the same."
    if detail == "involuntary":
        return "Its payment failed; nobody decided anything."
    things = {
        "experience": "its experience",
        "outcome": "its outcome",
        "price": "the price",
        "competitor": "the competitor's pull",
        "champion": "the loss of its sponsor",
    }
    told = [things.get(word, word) for word in detail.split("+")]
    if len(told) == 1:
        return f"It would have stayed but for {told[0]}."
    return f"It would have stayed but for any one of: {', '.join(told)}."
