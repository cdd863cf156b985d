"""Numbers as people read them: sensible digits, thousands separators, a unit, a real minus sign."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

NOT_REACHED = "not reached"
NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
MILLION = 1e6
SMALLEST_CHANCE = 0.0005


@dataclass(frozen=True)
class Unit:
    """How a quantity is written: stored value x `factor`, then `suffix`."""

    name: str
    factor: float = 1.0
    suffix: str = ""
    difference_suffix: str = ""
    """Suffix of a difference where it is another one: shares differ by percentage points."""

    @property
    def of_distance(self) -> Unit:
        """How far apart two quantities are, without a sign: a margin, a regret."""
        apart = self.difference_suffix
        return replace(self, name=apart.strip(), suffix=apart) if apart else self


SHARE = Unit("%", 100.0, NO_BREAK + "%", NO_BREAK + "percentage points")
PLAIN = Unit("")
_MONEY = "money"
_SHORT = {"hours": "h", "1": "", "AUC": "", "correlation": ""}


def unit_of(word: str, currency: str) -> Unit:
    """A unit by the word the metric catalogue uses: share, money, months, points, 1/month ..."""
    if word == "share":
        return SHARE
    if word.startswith(_MONEY):
        return Unit(currency, suffix=NO_BREAK + currency)
    text = _SHORT.get(word, word)
    return Unit(text, suffix=NO_BREAK + text if text else "")


def decimals(resolution: float, significant: int = 2) -> int:
    """Decimal places that keep `significant` digits of `resolution` (may be negative: round to tens)."""
    if not math.isfinite(resolution) or resolution <= 0.0:
        return 2
    return significant - 1 - math.floor(math.log10(resolution))


def chance(value: float) -> str:
    """A p-value with three places; a smaller one is never said to be nothing."""
    return "< 0.001" if value < SMALLEST_CHANCE else plain(value, 3)


def plain(value: float, places: int, signed: bool = False) -> str:
    """`value` rounded to `places`, with separators, n/a where there is none; `signed` writes the plus too."""
    if not math.isfinite(value):
        return "n/a"
    rounded = round(value, places) + 0.0
    sign = MINUS if rounded < 0.0 else "+" if signed and rounded > 0.0 else ""
    return f"{sign}{abs(rounded):,.{max(places, 0)}f}"


def shown(value: float, unit: Unit, resolution: float = math.nan, signed: bool = False) -> str:
    """`value` with its unit, to the digits that `resolution` (a half-width, same unit) supports."""
    if not math.isfinite(value):
        return "n/a"
    number = plain(value * unit.factor, places_for(value, unit, resolution), signed)
    return number + _suffix(unit, signed)


def _suffix(unit: Unit, signed: bool) -> str:
    return unit.difference_suffix if signed and unit.difference_suffix else unit.suffix


def places_for(value: float, unit: Unit, resolution: float = math.nan) -> int:
    """Decimal places for `value`: two digits of the resolution, else three of the value itself."""
    if math.isfinite(resolution) and resolution > 0.0:
        return min(decimals(resolution * unit.factor), 4)
    return min(max(decimals(abs(value * unit.factor), 3), 0), 3)


def span(low: float, high: float, unit: Unit, signed: bool = True) -> str:
    """An interval, `low to high` and the unit once, both ends to the digits of its half-width."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval"
    places = places_for(low, unit, (high - low) / 2.0)
    ends = (plain(end * unit.factor, places, signed) for end in (low, high))
    return " to ".join(ends) + _suffix(unit, signed)


def in_millions(unit: Unit, *values: float) -> Unit:
    """`unit`, or its millions where one of `values` reaches a million: sums over a whole market."""
    largest = max((abs(value * unit.factor) for value in values if math.isfinite(value)), default=0.0)
    if largest < MILLION:
        return unit
    return Unit(unit.name, unit.factor / MILLION, f"{NO_BREAK}million{unit.suffix}")


def count(value: float) -> str:
    """A whole number of things."""
    return plain(value, 0) if math.isfinite(value) else "n/a"
