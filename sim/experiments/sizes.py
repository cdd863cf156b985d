"""A size option shrinks an experiment and never enlarges it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiments.composer import Composer

SIZES = ("replications", "candidates_share")


def no_larger(composer: Composer, overrides: Sequence[str]) -> list[str]:
    """Overrides that keep a size option from enlarging what an experiment had set smaller itself."""
    keys = [override.key_or_group for override in composer.parse(overrides)]
    if "size" not in keys:
        return []
    plain = composer.compose([word for word, key in zip(overrides, keys, strict=True) if key != "size"])
    shrunk = composer.compose(overrides)
    numbers = {key: (plain.get(key), shrunk.get(key)) for key in SIZES if key not in keys}
    return [f"{key}={own}" for key, (own, small) in numbers.items() if _is_less(own, small)]


def _is_less(one: object, other: object) -> bool:
    return isinstance(one, (int, float)) and isinstance(other, (int, float)) and one < other
