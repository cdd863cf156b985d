"""What is searched: numbers of a policy, each between its own value divided and multiplied by one factor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from sim.checks import InputError, real
from sim.experiments.arms import LEVERS
from sim.experiments.designs.bounds import declared_rule
from sim.experiments.designs.factor import LOG, Factor
from sim.nearest import did_you_mean

WITHIN_AT_MOST = 100.0


def space(tree: Mapping[str, Any], patterns: Sequence[str], within: float) -> dict[Factor, float]:
    """Factor and present value of every positive number of the levers that a pattern (`policy.staffing.*`) matches.

    Numbers at zero have no scale and stay there; so do counts. Ranges end at the declared bounds.
    """
    if real("within", within, 1.0, WITHIN_AT_MOST) == 1.0:
        raise InputError(f"within must be above 1, got {within:g}")
    numbers = dict(_numbers(tree))
    found: dict[Factor, float] = {}
    for pattern in patterns:
        chosen = [key for key in numbers if fnmatchcase(key, pattern)]
        if not chosen:
            raise InputError(f"over={pattern} matches no positive number of a lever{did_you_mean(pattern, numbers)}")
        for key in chosen:
            found[_factor(key, numbers[key], declared_rule(tree, "over", key), within)] = numbers[key]
    return found


def _factor(key: str, value: float, rule: Mapping[str, Any], within: float) -> Factor:
    low, high = max(value / within, rule["low"]), min(value * within, rule["high"])
    return Factor(key, (), low, high, rule["unit"], LOG)


def _numbers(tree: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Positive declared quantities of the levers, by dotted key."""
    for key, value in _leaves({name: tree[name] for name in sorted(LEVERS)}, ""):
        plain = isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0
        if plain and declared_rule(tree, "over", key).get("kind") == "quantity":
            yield key, float(value)


def _leaves(node: Any, place: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(node, Mapping):
        yield place, node
        return
    for name, below in node.items():
        yield from _leaves(below, f"{place}.{name}" if place else str(name))
