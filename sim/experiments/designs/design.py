"""A declared design: how many points, over which uncertainties (of market and world) and levers (of the firm).

Uncertainties make contexts, in which every arm meets the same points; levers make arms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from sim.checks import InputError, real, whole
from sim.experiments.arms import LEVERS, POINT, Context, portable
from sim.experiments.designs.bounds import leaves, within_bounds
from sim.experiments.designs.factor import Factor, Value, factor, written
from sim.experiments.designs.sampling import SAMPLED, TAKING_APART, places
from sim.nearest import did_you_mean

if TYPE_CHECKING:
    from sim.experiments.composer import Composer

GRID, LIST = "grid", "list"
KINDS: Final = (GRID, LIST, *SAMPLED)
UNCERTAIN: Final = frozenset(("market", "world", "horizon_months"))
"""Top-level keys that a firm cannot choose."""
POINTS_AT_MOST: Final = 100_000


@dataclass(frozen=True)
class Design:
    """What `design:` of an experiment says."""

    kind: str
    points: int | None
    """Of the uncertainties; levels of a range in a grid; None for lists."""
    lever_points: int | None
    satisfied_at: float | None
    """Value of the decision metric that satisfies; None: within the margin of the best arm."""
    uncertainties: tuple[Factor, ...]
    levers: tuple[Factor, ...]

    def contexts(self, seed: int) -> list[Context]:
        """One context per point of the uncertainties; a single plain one without uncertainties."""
        if not self.uncertainties:
            return [Context()]
        rows = self._rows(self.uncertainties, self.points, seed, "uncertainties")
        wide = len(str(len(rows)))
        return [
            Context(
                ((POINT, f"{number:0{wide}d}"), *((_column(name), portable(value)) for name, value in row)),
                tuple(f"{name}={value}" for name, value in row),
            )
            for number, row in enumerate(rows, start=1)
        ]

    def lever_choices(self, seed: int) -> list[tuple[tuple[str, str], ...]]:
        """Per point of the levers its (label, override) pairs; one empty choice without levers."""
        if not self.levers:
            return [()]
        rows = self._rows(self.levers, self.lever_points, seed, "levers")
        return [tuple((_label(name, value), f"{name}={value}") for name, value in row) for row in rows]

    def unit_places(self, seed: int) -> Any:
        """Places of the points of the uncertainties in the unit cube (of a sampled kind)."""
        return places(self.kind, self.points or 0, [one.key for one in self.uncertainties], seed, "uncertainties")

    def _rows(
        self, factors: tuple[Factor, ...], points: int | None, seed: int, what: str
    ) -> list[list[tuple[str, str]]]:
        keys = [one.key for one in factors]
        rows: list[tuple[Value, ...]]
        if self.kind == GRID:
            rows = list(product(*(one.levels(points or 0) for one in factors)))
        elif self.kind == LIST:
            rows = list(zip(*(one.values for one in factors), strict=True))
        else:
            cube = places(self.kind, points or 0, keys, seed, what)
            rows = [tuple(one.at(float(u)) for one, u in zip(factors, row, strict=True)) for row in cube]
        return [[(key, written(value)) for key, value in zip(keys, row, strict=True)] for row in rows]


def declared_design(
    composer: Composer, node: object, tree: Mapping[str, Any], most: int | None = None
) -> Design | None:
    """The checked `design:` of a configuration, with `most` points; `tree` is a composition that has its keys."""
    if node is None:
        return None
    known = [f.name for f in fields(Design)]
    if not isinstance(node, Mapping):
        raise InputError(f"design must have {', '.join(known)}, got {node!r}")
    for name in map(str, node):
        if name not in known:
            raise InputError(f"design has no key {name}{did_you_mean(name, known)}")
    kind = node.get("kind")
    if kind not in KINDS:
        raise InputError(f"design.kind must be one of {', '.join(KINDS)}, got {kind!r}")
    uncertainties, levers = (_factors(composer, node, tree, what) for what in ("uncertainties", "levers"))
    points = _count(kind, "points", node.get("points"), uncertainties)
    lever_points = _count(kind, "lever_points", node.get("lever_points"), levers)
    if not uncertainties and not levers:
        raise InputError("design must name uncertainties or levers, got neither")
    if levers and kind in TAKING_APART:
        raise InputError(f"design.levers must be empty for a {kind} design, which takes uncertainties apart")
    limit = node.get("satisfied_at")
    limit = None if limit is None else real("design.satisfied_at", limit, -1e15, 1e15)
    return Design(str(kind), _capped(points, most), _capped(lever_points, most), limit, uncertainties, levers)


def _factors(composer: Composer, node: Mapping[str, Any], tree: Mapping[str, Any], what: str) -> tuple[Factor, ...]:
    lines = node.get(what) or {}
    if not isinstance(lines, Mapping):
        raise InputError(f"design.{what} must map a key to its range or values, got {lines!r}")
    found = []
    for key, said in lines.items():
        place = f"design.{what}.{key}"
        top = str(key).replace("/", ".").split(".")[0].split("@")[0]
        allowed = LEVERS if what == "levers" else UNCERTAIN
        if top not in allowed:
            if top not in tree:
                raise InputError(f"{place}: there is no key {key}{did_you_mean(str(key), leaves(tree))}")
            other = "a lever" if top in LEVERS else "an uncertainty" if top in UNCERTAIN else "a setting of the command"
            raise InputError(f"{place} must lie in {', '.join(sorted(allowed))}, and {key} is {other}")
        found.append(within_bounds(composer, tree, place, factor(place, str(key), said)))
    return tuple(found)


def _count(kind: str, name: str, said: object, factors: tuple[Factor, ...]) -> int | None:
    """The number of points, where the kind needs one and there is something to sample."""
    lengths = {one.key: len(one.values) for one in factors}
    if kind == LIST:
        if any(one.is_range for one in factors):
            raise InputError(f"design.kind=list needs lists of values, got the range of {_first_range(factors).key}")
        if len(set(lengths.values())) > 1:
            raise InputError(f"lists of a design must be equally long, got {_told(lengths)}")
        return None
    if not factors or (kind == GRID and not any(one.is_range for one in factors)):
        return None
    if said is None:
        raise InputError(f"design.{name} must be given for a {kind} design, got null")
    return whole(f"design.{name}", said, 2, POINTS_AT_MOST)


def _column(key: str) -> str:
    """The key as a column of the long table."""
    return key.replace("/", ".")


def _label(key: str, value: str) -> str:
    """What a lever adds to an arm's name: an option's own name, `key=value` for a number."""
    return portable(value) if "/" in key or "." not in key else f"{key}={portable(value)}"


def _capped(points: int | None, most: int | None) -> int | None:
    return min(points, most) if points and most else points


def _first_range(factors: tuple[Factor, ...]) -> Factor:
    return next(one for one in factors if one.is_range)


def _told(lengths: Mapping[str, int]) -> str:
    return ", ".join(f"{key} {length}" for key, length in lengths.items())
