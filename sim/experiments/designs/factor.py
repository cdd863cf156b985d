"""One number (or choice) that a design moves: its key, the values it may take, and the value at a place in [0, 1]."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sim.checks import InputError
from sim.nearest import did_you_mean

LINEAR, LOG = "linear", "log"
RANGE_KEYS: Final = ("low", "high", "unit", "scale")
DIGITS: Final = 6
"""Significant digits of a value, so that what is simulated is what the label says."""

Value = bool | int | float | str


@dataclass(frozen=True)
class Factor:
    """A key with the values it takes: a range, or a list."""

    key: str
    values: tuple[Value, ...] = ()
    """The values themselves; empty for a range."""
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    scale: str = LINEAR
    is_whole: bool = False
    """A count takes whole numbers, each with the same share of the places."""

    @property
    def is_range(self) -> bool:
        """Whether it has a low and a high end."""
        return not self.values

    def at(self, place: float) -> Value:
        """The value at `place` in [0, 1]."""
        if not self.is_range:
            return self.values[min(int(place * len(self.values)), len(self.values) - 1)]
        if self.is_whole:
            return int(min(self.low + math.floor(place * (self.high - self.low + 1.0)), self.high))
        if self.scale == LOG:
            return rounded(self.low * (self.high / self.low) ** place)
        return rounded(self.low + (self.high - self.low) * place)

    def levels(self, count: int) -> list[Value]:
        """The list itself, or `count` values from end to end of the range; whole numbers each once."""
        if not self.is_range:
            return list(self.values)
        if self.is_whole:
            steps = (self.low + (self.high - self.low) * step / (count - 1) for step in range(count))
            return list(dict.fromkeys(round(step) for step in steps))
        return [self.at(step / (count - 1)) for step in range(count)]


def rounded(value: float) -> float:
    """To the digits that a label shows."""
    return float(f"{value:.{DIGITS}g}")


def written(value: Value) -> str:
    """A value as it stands in a label and on the command line."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.{DIGITS}g}" if isinstance(value, float) else str(value)


def factor(place: str, key: str, node: object) -> Factor:
    """The checked factor of one line; `place` says where it stands."""
    if isinstance(node, list):
        if not node or not all(isinstance(value, (bool, int, float, str)) for value in node):
            raise InputError(f"{place} must list values, got {node!r}")
        return Factor(key, tuple(node))
    if not isinstance(node, Mapping):
        raise InputError(f"{place} must be a list of values or have {', '.join(RANGE_KEYS)}, got {node!r}")
    for name in map(str, node):
        if name not in RANGE_KEYS:
            raise InputError(f"{place} has no key {name}{did_you_mean(name, RANGE_KEYS)}")
    for name in ("low", "high", "unit"):
        if name not in node:
            raise InputError(f"{place} must have {name}")
    return _range(place, key, node)


def _range(place: str, key: str, node: Mapping[str, Any]) -> Factor:
    low, high = (_finite(f"{place}.{name}", node[name]) for name in ("low", "high"))
    scale = node.get("scale", LINEAR)
    if scale not in (LINEAR, LOG):
        raise InputError(f"{place}.scale must be {LINEAR} or {LOG}, got {scale!r}")
    if not low < high:
        raise InputError(f"{place}.low must be below its high {high:g}, got {low:g}")
    if scale == LOG and low <= 0.0:
        raise InputError(f"{place}.low must be above 0 on a log scale, got {low:g}")
    return Factor(key, (), low, high, str(node["unit"]), str(scale))


def _finite(place: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise InputError(f"{place} must be a finite number, got {value!r}")
    return float(value)
