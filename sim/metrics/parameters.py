"""Parameters of a metric family, held against what its function says of them: it is called only after a run."""

from __future__ import annotations

import inspect
import math
from functools import lru_cache
from typing import Any, Final

from sim.checks import InputError, in_yaml, real

LONGEST_MONTHS: Final = 1200.0
SHORTEST_MONTHS: Final = 0.1
_KINDS: Final = {"float": (float, "a number"), "int": (int, "a whole number"), "str": (str, "a word")}
_LISTS: Final = ("Sequence[", "tuple[", "list[")
_MAYBE_NULL: Final = ("None", "Optional", "Any", "object")


def check_parameters(place: str, family: Any) -> None:
    """InputError for the first parameter of `family`, a partial of a function, that cannot be meant."""
    annotations = _annotations(getattr(family, "func", None))
    for name, value in getattr(family, "keywords", {}).items():
        _check(f"{place}.{name}", value, annotations.get(name, ""))
    months = getattr(family, "keywords", {}).get("months")
    for number, month in enumerate(months if isinstance(months, (list, tuple)) else ()):
        real(f"{place}.months[{number}]", month, SHORTEST_MONTHS, LONGEST_MONTHS)


@lru_cache(maxsize=256)
def _annotations(function: Any) -> dict[str, str]:
    """Parameter -> its type as written; nothing for what is no plain function."""
    if not inspect.isfunction(function):
        return {}
    return {name: str(one.annotation) for name, one in inspect.signature(function).parameters.items()}


def _check(key: str, value: object, annotation: str) -> None:
    if value is None and (not annotation or any(word in annotation for word in _MAYBE_NULL)):
        return
    kind = annotation.removesuffix(" | None")
    if kind in _KINDS:
        wanted, named = _KINDS[kind]
        if not _is(value, wanted):
            raise InputError(f"{key} must be {named}, got {in_yaml(value)}")
    elif kind.startswith(_LISTS) and not isinstance(value, (list, tuple)):
        raise InputError(f"{key} must be a list, got {in_yaml(value)}")
    elif value is None:
        raise InputError(f"{key} must not be null")


def _is(value: object, wanted: type) -> bool:
    """Whether a value is of a kind; a whole number is a number too, true and false are none."""
    if isinstance(value, bool):
        return False
    if wanted is float:
        return isinstance(value, (int, float)) and math.isfinite(value)
    return isinstance(value, wanted)
