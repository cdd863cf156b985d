"""Arms and contexts: who is compared, and where.

An experiment's YAML declares both as data (`arms:` and `contexts:`, name -> overrides); a sweep declares
them by its swept keys. The levers policy, pricing and survey make arms; everything else makes contexts.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.checks import InputError
from sim.command_keys import WITHOUT_EFFECT
from sim.nearest import did_you_mean

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

    from sim.experiments.composer import Composer

PROGRAM_KEYS = WITHOUT_EFFECT | {"experiment", "size", "hydra", "replications"}
"""Keys of the whole command: an arm or a context cannot set them."""

LEVERS = frozenset(("policy", "pricing", "survey"))
"""What a firm chooses. All else (people, world, time, money, seed, what is measured) is the same for every arm."""

NO_CONTEXT = "-"
POINT = "point"
"""Column that numbers the points of a design; those after it hold the point's values."""
LONGEST_LABEL = 120


@dataclass(frozen=True)
class Arm:
    """One organisation: a name and the overrides that make it."""

    name: str
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """One setting in which arms are compared: columns for the tables and the overrides that make it."""

    columns: tuple[tuple[str, str], ...] = ()
    overrides: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A field without a space: `world=no_effect,seed=1`, a declared context's own name, or `-`.

        A point of a design is named by its number; the columns after it hold its values.
        """
        keys = [key for key, _ in self.columns]
        told = self.columns[: keys.index(POINT) + 1] if POINT in keys else self.columns
        words = [value if key == "context" else f"{key}={value}" for key, value in told]
        return shortened(",".join(words)) or NO_CONTEXT


def declared(composer: Composer, kind: str, node: Any) -> dict[str, tuple[str, ...]]:
    """The checked `arms:` or `contexts:` of a configuration: name -> overrides."""
    if not isinstance(node, dict):
        raise InputError(f"{kind} must map a name to a list of overrides, got {node!r}")
    for name, overrides in node.items():
        if not re.fullmatch(r"\w[\w.+-]*", str(name)):
            raise InputError(f"{kind}.{name} must be a name of letters, digits and _ . + -")
        if not isinstance(overrides, list) or not all(isinstance(word, str) for word in overrides):
            raise InputError(f"{kind}.{name} must be a list of overrides such as [policy=balanced], got {overrides!r}")
        for override in composer.parse(overrides):
            _allowed(f"{kind}.{name}", override)
    return {str(name): tuple(overrides) for name, overrides in node.items()}


def _allowed(place: str, override: Override) -> None:
    if override.is_sweep_override():
        raise InputError(f"{place} must not sweep, got {override.input_line!r}")
    if top_key(override) in PROGRAM_KEYS:
        raise InputError(f"{place} must not set {top_key(override)}, which belongs to the whole command")
    if place.startswith("arms.") and top_key(override) not in LEVERS:
        raise InputError(
            f"{place} must set policy, pricing or survey only, because arms meet equal conditions "
            f"(contexts set those), got {top_key(override)}{did_you_mean(top_key(override), LEVERS)}"
        )


def top_key(override: Override) -> str:
    """First part of the key: `policy` for `policy/sales`, `policy.sales.promise` and `policy@policy`."""
    return re.split(r"[./@]", override.key_or_group)[0]


def refuse_conflicts(composer: Composer, kind: str, named: dict[str, tuple[str, ...]], typed: list[Override]) -> None:
    """Refuse a typed override of the very key or group that the arms (or contexts) set; deeper keys pass."""
    taken = {(o.key_or_group, o.package) for words in named.values() for o in composer.parse(words)}
    for override in typed:
        if (override.key_or_group, override.package) in taken:
            raise InputError(
                f"{override.key_or_group} is set by the experiment's {kind} {', '.join(named)} "
                "and cannot be overridden; a key below it can, and applies to all of them, and so can "
                f"""the whole list of one, as in {kind}.{next(iter(named))}='["{override.input_line}"]'"""
            )


def crossed(arms: Iterable[Arm], levers: Iterable[Sequence[tuple[str, str]]]) -> list[Arm]:
    """Every arm with every combination of swept (label, override) pairs; equal names get #2, #3."""
    combinations = [list(pairs) for pairs in levers]
    made = [_extended(arm, pairs) for arm in arms for pairs in combinations]
    return [replace(arm, name=name) for arm, name in zip(made, numbered([a.name for a in made]), strict=True)]


def _extended(arm: Arm, pairs: Sequence[tuple[str, str]]) -> Arm:
    names = ([arm.name] if arm.overrides or not pairs else []) + [label for label, _ in pairs]
    return Arm(shortened("+".join(names)), arm.overrides + tuple(override for _, override in pairs))


def portable(value: str) -> str:
    """A value as part of a label: one field, usable as a folder name."""
    return re.sub(r"[^\w.,=+-]+", "_", value.strip().strip("'\"")).lstrip("._") or "_"


def shortened(label: str) -> str:
    """A label short enough for a folder name; what is cut is told apart by a hash."""
    if len(label) <= LONGEST_LABEL:
        return label
    return f"{label[: LONGEST_LABEL - 9]}_{hashlib.sha256(label.encode()).hexdigest()[:8]}"


def numbered(names: Sequence[str]) -> list[str]:
    """Names made distinct: the second `balanced` is `balanced#2`."""
    seen: Counter[str] = Counter()
    distinct = []
    for name in names:
        seen[name] += 1
        distinct.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return distinct


def distinct_contexts(contexts: Sequence[Context]) -> list[Context]:
    """Contexts whose last column tells equal ones apart."""
    made = []
    for context, name in zip(contexts, numbered([c.name for c in contexts]), strict=True):
        if context.columns and name != context.name:
            key, value = context.columns[-1]
            context = replace(context, columns=(*context.columns[:-1], (key, value + name[len(context.name) :])))
        made.append(context)
    return made
