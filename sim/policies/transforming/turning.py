"""One decision point on its way from one strategy to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.rules.common import levered


@dataclass(frozen=True)
class Turning:
    """Answers with either strategy, or with a mixture: a pure function of the view.

    A customer is treated the new way as soon as the share reached exceeds its own fixed `turn`. What concerns
    nobody in particular (budgets, shares of product money) is blended in proportion. What holds for all of a
    strategy's life, such as whether it acts on a metric, holds if it holds for either of the two.
    """

    legacy: Any
    target: Any

    def __getattr__(self, verb: str) -> Any:
        if verb.startswith("_"):
            raise AttributeError(verb)
        old, new = getattr(self.legacy, verb), getattr(self.target, verb)
        if not callable(new):
            return new or old

        def answer(view: Any) -> Any:
            if view.reached >= 1.0:
                return new(view)
            if hasattr(view, "turn"):
                return new(view) if view.turn < view.reached else old(view)
            return blended(old(view), new(view), view.reached)

        return answer


def blended(old: Any, new: Any, reached: float) -> Any:
    """Numbers (or a named tuple of numbers) between two answers."""
    if hasattr(old, "_make"):
        return old._make(levered(there, here, reached) for here, there in zip(old, new, strict=True))
    return levered(new, old, reached)
