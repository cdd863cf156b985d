"""The families and their parameters, from words such as `mmc.servers=4`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Final, Protocol

from sim.checks import InputError
from sim.nearest import did_you_mean
from sim.verify.check import Check
from sim.verify.contract import Collar
from sim.verify.desk import Queue
from sim.verify.retention import Retention
from sim.verify.score import Score


class Family(Protocol):
    """One closed form with the user's parameters."""

    def checks(self, scale: int, seed: int) -> list[Check]:
        """Simulate `scale` times the usual amount and compare."""
        ...


FAMILIES: Final = {family.name: family for family in (Retention, Queue, Score, Collar)}


def chosen(words: Sequence[str]) -> list[Family]:
    """The families named by the words, alone or with a parameter; all of them where none is."""
    given: dict[str, dict[str, float | int]] = {}
    for word in words:
        place, equals, value = word.partition("=")
        name, dot, key = place.partition(".")
        if name not in FAMILIES:
            raise InputError(f"verify knows {', '.join(FAMILIES)}, got {word!r}{did_you_mean(name, FAMILIES)}")
        if bool(equals) != bool(dot):
            raise InputError(f"a parameter is written FAMILY.KEY=VALUE, such as mmc.servers=4, got {word!r}")
        own = given.setdefault(name, {})
        if equals:
            own[_known(name, key)] = _number(place, value)
    return [_made(name, own) for name, own in (given or {name: {} for name in FAMILIES}).items()]


def _known(family: str, key: str) -> str:
    keys = [f.name for f in fields(FAMILIES[family])]
    if key not in keys:
        raise InputError(f"{family} has {', '.join(keys)}, got {key!r}{did_you_mean(key, keys)}")
    return key


def _number(place: str, value: str) -> float | int:
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    raise InputError(f"{place} must be a number, got {value!r}")


def _made(name: str, own: dict[str, float | int]) -> Family:
    """A family with its own numbers, the textbook's where none are given."""
    family = FAMILIES[name]
    try:
        return family(**{**family.textbook, **own})  # type: ignore[arg-type]
    except InputError as error:
        sentence = str(error)
        raise InputError(sentence if sentence.startswith(f"{name}.") else f"{name}.{sentence}") from None
