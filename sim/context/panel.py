"""A panel of firms: every replication is a firm of its own, with parameters drawn for it.

Firms share the market's frozen reference (standardising constants and matched tariffs), so that their
scores and prices are on one scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.checks import Checked, InputError, count, flag, part
from sim.streams import Streams

if TYPE_CHECKING:
    from sim.scenario import Scenario

PARTS = ("market", "world", "policy", "pricing", "survey")

Range = tuple[str, float, float]
"""Dotted key of the scenario, and its values at the uniform draws 0 and 1."""


@dataclass(frozen=True)
class Panel(Checked):
    """How firms differ; ranges are [value at draw 0, value at draw 1], in a tree like the scenario's own."""

    firms: int = count(2, 100_000, "firms per replication")
    varied: Mapping[str, Any] = part("keys that differ, each by a draw of its own")
    linked: Mapping[str, Any] = part("keys that may go together")
    share_a_draw: bool = flag("whether the linked keys of a firm share one draw")

    def __post_init__(self) -> None:
        super().__post_init__()
        both = [key for key, _, _ in self.ranges]
        if len(both) != len(set(both)):
            raise InputError("panel.linked must not name a key of panel.varied")
        for key in both:
            if key.split(".")[0] not in PARTS:
                raise InputError(f"panel keys must lie in {', '.join(PARTS)}, got {key}")

    @property
    def ranges(self) -> list[Range]:
        """Every range, varied ones first."""
        return [*_flat("varied", self.varied, ""), *_flat("linked", self.linked, "")]

    def parameters(self, seed: int, firm: int) -> dict[str, float]:
        """What firm number `firm` has: key -> value, by addressed draws (seed, key, firm)."""
        streams, shared = Streams(seed, 0), {key for key, _, _ in _flat("linked", self.linked, "")}
        found = {}
        for key, low, high in self.ranges:
            name = "linked" if self.share_a_draw and key in shared else key
            found[key] = low + (high - low) * streams.purpose(f"panel/{name}")(firm, 0)
        return found

    def firm(self, scenario: Scenario, seed: int, number: int) -> Scenario:
        """The scenario of one firm. InputError where a key does not exist or a value is out of its range."""
        for key, value in self.parameters(seed, number).items():
            scenario = changed(scenario, key.split("."), value, key)
        return scenario


def _flat(place: str, tree: Any, prefix: str) -> Iterator[Range]:
    """Leaves of a tree of ranges."""
    if isinstance(tree, Mapping):
        for name, below in tree.items():
            yield from _flat(place, below, f"{prefix}.{name}" if prefix else str(name))
        return
    numbers = list(tree) if isinstance(tree, (list, tuple)) else []
    if len(numbers) != 2 or any(isinstance(x, bool) or not isinstance(x, (int, float)) for x in numbers):
        raise InputError(f"panel.{place}.{prefix} must be two numbers [at draw 0, at draw 1], got {tree!r}")
    yield prefix, float(numbers[0]), float(numbers[1])


def changed(thing: Any, path: list[str], value: float, key: str) -> Any:
    """A copy of a tree of frozen dataclasses with one number replaced."""
    name, rest = path[0], path[1:]
    old = getattr(thing, name, None) if is_dataclass(thing) else None
    if old is None or (not rest and (isinstance(old, bool) or not isinstance(old, (int, float)))):
        raise InputError(f"panel key {key} must name a number of the scenario, got {name} where there is none")
    new = changed(old, rest, value, key) if rest else round(value) if isinstance(old, int) else value
    return replace(thing, **{name: new})
