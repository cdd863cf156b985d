"""Swept overrides (`-m KEY=a,b`) as combinations of levers and of contexts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING

from sim.checks import InputError
from sim.experiments.arms import LEVERS, PROGRAM_KEYS, Context, portable, top_key

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

VALUES_AT_MOST = 100_000
"""Of one swept key, and scenarios of one study; a larger question is several commands (docs/scale.md)."""


@dataclass(frozen=True)
class Sweep:
    """Overrides sorted by what they do to the list of jobs."""

    common: tuple[str, ...]
    """Apply to every job, in the order typed."""
    levers: tuple[tuple[tuple[str, str], ...], ...]
    """Per swept lever its (label, override) choices."""
    contexts: tuple[tuple[tuple[str, str, str], ...], ...]
    """Per swept context key its (key, value, override) choices."""
    experiments: tuple[str, ...]
    """Swept experiments; each is a study of its own."""

    @property
    def combinations(self) -> int:
        """How many there are of levers and context keys together."""
        return prod(len(choices) for choices in (*self.levers, *self.contexts))

    def arms(self) -> list[tuple[tuple[str, str], ...]]:
        """Every combination of swept levers; one empty combination when none is swept."""
        return list(product(*self.levers))

    def settings(self) -> list[Context]:
        """Every combination of swept context keys."""
        return [
            Context(tuple((key, value) for key, value, _ in chosen), tuple(override for _, _, override in chosen))
            for chosen in product(*self.contexts)
        ]


def sorted_overrides(overrides: Sequence[Override], multirun: bool) -> Sweep:
    """Sort parsed overrides into what is common, swept levers, swept contexts and swept experiments."""
    common: list[str] = []
    levers, contexts = [], []
    experiments: tuple[str, ...] = ()
    for override in overrides:
        if not override.is_sweep_override():
            common.append(str(override.input_line))
            continue
        values = _values(override, multirun)
        key = str(override.get_key_element())
        if key == "experiment":
            experiments = tuple(values)
        elif top_key(override) in PROGRAM_KEYS:
            raise InputError(f"{top_key(override)} cannot be swept: it belongs to the whole command")
        elif top_key(override) in LEVERS:
            levers.append(tuple((_label(override, value), f"{key}={value}") for value in values))
        else:
            name = override.key_or_group.replace("/", ".")
            contexts.append(tuple((name, portable(value), f"{key}={value}") for value in values))
    return Sweep(tuple(common), tuple(levers), tuple(contexts), experiments)


def _values(override: Override, multirun: bool) -> list[str]:
    line = str(override.input_line)
    if not multirun:
        key = override.get_key_element()
        raise InputError(
            f"{line!r} gives several values: add -m to sweep over them, or write {key}=[...] for a list "
            f"or {key}=\"'...'\" for a text with a comma"
        )
    if not override.is_discrete_sweep():
        raise InputError(f"{line!r} is no list of values: sweep over a,b,c or range(start,stop,step)")
    try:
        found = [str(value) for value in islice(override.sweep_string_iterator(), VALUES_AT_MOST + 1)]
    except ValueError as error:
        raise InputError(f"{line!r} cannot be swept: {error}") from None
    if not 0 < len(found) <= VALUES_AT_MOST:
        got = "more" if found else "none"
        raise InputError(f"{line!r} must give 1 to {VALUES_AT_MOST} values to sweep over, got {got}")
    return found


def _label(override: Override, value: str) -> str:
    """A chosen option's own name; `key=value` for a plain key."""
    is_option = "." not in override.key_or_group and override.package is None
    return portable(value) if is_option else f"{override.get_key_element()}={portable(value)}"
