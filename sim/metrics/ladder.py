"""A ladder: from the truth to what is reported, one cause at a time; exact differences, Shapley beside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.metrics.long import Rows
from sim.metrics.shapley import Coalition, shapley


class Level(NamedTuple):
    """A number and how many cases it comes from."""

    value: float
    n: int


@dataclass(frozen=True)
class Ladder:
    """Names of a ladder: where it starts and the causes added one after the other."""

    name: str
    start: str
    rungs: tuple[str, ...]
    needs: Mapping[str, Sequence[str]]
    """Which causes can only act after which; see sim.metrics.shapley."""

    def climb(self, rows: Rows, level: Callable[[Coalition], Level], time_days: float = math.nan) -> None:
        """Add `<name>_level` (start and every rung), `<name>_step` and `<name>_shapley` (every rung, total).

        `level` gives the number with a set of causes switched on. Where a level has no cases, it and
        the steps that touch it are undefined.
        """
        known: dict[Coalition, Level] = {}

        def at(on: Coalition) -> Level:
            if on not in known:
                known[on] = level(on)
            return known[on]

        climbed = [at(frozenset(self.rungs[:height])) for height in range(len(self.rungs) + 1)]
        for rung, (value, n) in zip((self.start, *self.rungs), climbed, strict=True):
            rows.add(f"{self.name}_level", value, n, segment=rung, time_days=time_days)
        shares = shapley(lambda on: at(on).value, self.rungs, self.needs)
        for place, rung in enumerate(self.rungs):
            low, high = climbed[place], climbed[place + 1]
            n = min(low.n, high.n)
            rows.add(f"{self.name}_step", high.value - low.value, n, segment=rung, time_days=time_days)
            rows.add(f"{self.name}_shapley", shares[rung], n, segment=rung, time_days=time_days)
        first, last = climbed[0], climbed[-1]
        total, n = last.value - first.value, min(first.n, last.n)
        for kind in ("step", "shapley"):
            rows.add(f"{self.name}_{kind}", total, n, segment="total", time_days=time_days)
