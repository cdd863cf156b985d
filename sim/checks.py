"""Ranges and types of configured fields: one clear sentence for every bad value.

A component declares each field with `quantity`, `count`, `choice`, `flag`, `text`, `part` or
`series` and inherits `Checked`; values live in YAML only, so no field has a default in Python.
"""

from __future__ import annotations

import errno
import math
import os
import re
from dataclasses import dataclass, field, fields
from typing import Any


class InputError(ValueError):
    """A user's input is wrong; the message is one sentence with key, value and bound."""


class Trouble(InputError):
    """Nothing is wrong with the input, but the machine cannot do it now: a full disk. One sentence as well."""


_OF_THE_MACHINE = ("ENOSPC", "EDQUOT", "EFBIG", "EIO", "EMFILE", "ENFILE", "ENOMEM", "ESTALE")


def cannot_write(path: object, error: OSError) -> InputError:
    """What to raise where a file cannot be written."""
    troubles = {getattr(errno, name, None) for name in _OF_THE_MACHINE}
    reason = os.strerror(error.errno) if error.errno else error.strerror or str(error)
    return (Trouble if error.errno in troubles else InputError)(f"cannot write {path}: {reason}")


def quantity(unit: str, low: float, high: float, about: str) -> Any:
    """A finite real number in [low, high], measured in `unit`."""
    return field(metadata={"kind": "quantity", "unit": unit, "low": low, "high": high, "about": about})


def count(low: int, high: int, about: str) -> Any:
    """A whole number in [low, high]."""
    return field(metadata={"kind": "count", "unit": "1", "low": low, "high": high, "about": about})


def choice(options: tuple[str, ...], about: str) -> Any:
    """One word out of `options`."""
    return field(metadata={"kind": "choice", "unit": "", "options": options, "about": about})


def flag(about: str) -> Any:
    """true or false."""
    return field(metadata={"kind": "flag", "unit": "", "about": about})


def text(about: str) -> Any:
    """A non-empty word or sentence."""
    return field(metadata={"kind": "text", "unit": "", "about": about})


def part(about: str) -> Any:
    """Another component, built from its own YAML."""
    return field(metadata={"kind": "part", "unit": "", "about": about})


def path(about: str) -> Any:
    """A file's name, or null; who reads the file checks it."""
    return field(metadata={"kind": "path", "unit": "", "about": about})


def series(unit: str, low: float, high: float, about: str) -> Any:
    """A list of finite numbers in [low, high]; lists arrive as `list` and are kept as `tuple`."""
    return field(metadata={"kind": "series", "unit": unit, "low": low, "high": high, "about": about})


def or_null(rule: Any) -> Any:
    """The same rule, where null has a meaning of its own, which `about` tells."""
    return field(metadata={**rule.metadata, "null": True})


def real(name: str, value: object, low: float, high: float) -> float:
    """`value` as a float, or an InputError that names it; the type is checked before the range."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError(f"{name} must be a number in [{low:g}, {high:g}], got {value!r}")
    if not math.isfinite(value) or not low <= value <= high:
        raise InputError(f"{name} must be in [{low:g}, {high:g}], got {value:g}")
    return float(value)


def whole(name: str, value: object, low: int, high: int) -> int:
    """`value` as an int, or an InputError that names it."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{name} must be a whole number in [{low}, {high}], got {value!r}")
    if not low <= value <= high:
        raise InputError(f"{name} must be in [{low}, {high}], got {value}")
    return value


def _one_of(name: str, value: object, options: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in options:
        raise InputError(f"{name} must be one of {', '.join(options)}, got {value!r}")
    return value


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InputError(f"{name} must be true or false, got {value!r}")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise InputError(f"{name} must be a word, got {value!r}")
    return value


def _series(name: str, value: object, low: float, high: float) -> tuple[float, ...]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise InputError(f"{name} must be a list of numbers in [{low:g}, {high:g}], got {value!r}")
    return tuple(real(f"{name}[{i}]", item, low, high) for i, item in enumerate(value))


def checked(name: str, value: object, rule: dict[str, Any]) -> object:
    """`value` coerced and tested by a field's declared `rule`."""
    if not rule.get("null"):
        return _of_kind(name, value, rule)
    try:
        return None if value is None else _of_kind(name, value, rule)
    except InputError as error:
        raise InputError(re.sub(r"( must be .*?), got ", r"\1 or null, got ", str(error), count=1)) from None


def _of_kind(name: str, value: object, rule: dict[str, Any]) -> object:
    match rule["kind"]:
        case "quantity":
            return real(name, value, rule["low"], rule["high"])
        case "count":
            return whole(name, value, rule["low"], rule["high"])
        case "choice":
            return _one_of(name, value, rule["options"])
        case "flag":
            return _flag(name, value)
        case "text":
            return _text(name, value)
        case "series":
            return _series(name, value, rule["low"], rule["high"])
        case "part":
            return _part(name, value)
        case _:
            return tuple(value) if isinstance(value, list) else value


def no_part(name: str, value: object) -> InputError:
    """What to raise where a number, a word or nothing stands in the place of a component."""
    return InputError(f"{name} has keys of its own (outcomelab keys {name}), got {in_yaml(value)}")


def in_yaml(value: object) -> str:
    """A value as messages show it: null is what was typed."""
    return "null" if value is None else repr(value)


def _part(name: str, value: object) -> object:
    """A component is there; whoever has none of its effects has an option for that."""
    if value is None or isinstance(value, (bool, int, float, str)):
        raise no_part(name, value)
    for key in (key for key, inner in value.items() if inner is None) if isinstance(value, dict) else ():
        raise InputError(f"{name}.{key} must not be null: leave it out")
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Checked:
    """Base of every configured component: each declared field is checked when it is built."""

    def __post_init__(self) -> None:
        for f in fields(self):
            if "kind" in f.metadata:
                value = checked(f.name, getattr(self, f.name), dict(f.metadata))
                object.__setattr__(self, f.name, value)
