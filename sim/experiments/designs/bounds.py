"""What a key of the configuration may be: the declared type, unit and bounds of the field behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.checks import InputError, checked
from sim.experiments.designs.factor import Factor
from sim.experiments.key_list import rules_of_target
from sim.nearest import did_you_mean

if TYPE_CHECKING:
    from sim.experiments.composer import Composer


def within_bounds(composer: Composer, tree: Mapping[str, Any], place: str, factor: Factor) -> Factor:
    """The factor with the type of its key, or an InputError: key, value, bound, nearest name."""
    if "/" in factor.key or factor.key in composer.groups:
        return _option(composer, place, factor)
    rule = declared_rule(tree, place, factor.key)
    if not rule:
        return factor
    ends = (factor.low, factor.high) if factor.is_range else factor.values
    kind = rule["kind"]
    if factor.is_range and kind not in ("quantity", "count"):
        raise InputError(f"{place} must list values, because {factor.key} is no number")
    if factor.is_range and factor.unit != rule["unit"]:
        raise InputError(f"{place}.unit must be {rule['unit']}, as {factor.key} is declared, got {factor.unit}")
    for end in ends:
        whole = kind == "count" and isinstance(end, float) and end.is_integer()
        checked(place, int(end) if whole else end, dict(rule))
    return replace(factor, is_whole=kind == "count" and factor.is_range)


def declared_rule(tree: Mapping[str, Any], place: str, key: str) -> Mapping[str, Any]:
    """The rule of the field that `key` names in a composed configuration; empty where none is declared."""
    node: Any = tree
    rules: Mapping[str, Any] = {}
    for name in key.split("."):
        if not isinstance(node, Mapping) or name not in node:
            raise InputError(f"{place}: there is no key {key}{did_you_mean(key, leaves(tree))}")
        rule, node = rules.get(name, {}), node[name]
        rules = rules_of_target(node.get("_target_")) if isinstance(node, Mapping) else {}
        if not rules and rule and isinstance(node, Mapping):
            rules = dict.fromkeys(map(str, node), rule)
    if isinstance(node, Mapping):
        raise InputError(f"{place} must name one value, and {key} is a group of {', '.join(map(str, node))}")
    return rule if rule.get("kind") in ("quantity", "count", "choice", "flag") else {}


def _option(composer: Composer, place: str, factor: Factor) -> Factor:
    """A group takes the names of its options."""
    options = composer.options(factor.key.split("@")[0])
    if factor.is_range:
        raise InputError(f"{place} must list options of {factor.key}: {', '.join(sorted(options))}")
    for value in factor.values:
        if value not in options:
            hint = did_you_mean(str(value), options, f"; there are {', '.join(sorted(options))}")
            raise InputError(f"{place} has no option {value}{hint}")
    return factor


def leaves(node: Any, prefix: str = "") -> Iterable[str]:
    """Dotted names of everything below a node."""
    found: Iterator[tuple[str, Any]] = (
        (f"{prefix}.{name}" if prefix else str(name), below) for name, below in node.items()
    )
    for name, below in found:
        if isinstance(below, Mapping):
            yield from leaves(below, name)
        else:
            yield name
