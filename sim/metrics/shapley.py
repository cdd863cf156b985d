"""Shapley values: what each cause contributes to a total, averaged over the orders causes can be added in.

Shapley (1953), A value for n-person games; where some causes can only act after others (a noisy answer needs
somebody who answers) only orders that respect this count: Faigle & Kern (1992), Int. J. of Game Theory 21:249-266.
The values sum exactly to v(all) - v(none); a cause that never changes anything gets 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from sim.checks import InputError

Coalition = frozenset[str]
Needs = tuple[tuple[str, str], ...]
"""(cause, the cause it needs before it) pairs."""


def shapley(
    value: Callable[[Coalition], float], causes: Sequence[str], needs: Mapping[str, Sequence[str]] | None = None
) -> dict[str, float]:
    """Contribution of each cause to value(all causes) - value(none).

    `value` is asked once for every set of causes that can be on together; `needs` says which causes must
    be on before a cause can be (a circle of needs is an InputError).
    """
    pairs = tuple((cause, earlier) for cause in causes for earlier in (needs or {}).get(cause, ()))
    known: dict[Coalition, float] = {}
    total = dict.fromkeys(causes, 0.0)
    for cause, before, weight in _steps(tuple(causes), pairs):
        for on in (before, before | {cause}):
            if on not in known:
                known[on] = value(on)
        total[cause] += weight * (known[before | {cause}] - known[before])
    return total


@lru_cache(maxsize=64)
def _steps(causes: tuple[str, ...], needs: Needs) -> tuple[tuple[str, Coalition, float], ...]:
    """(cause, causes on before it, share of all possible orders that take this step)."""
    levels = [{frozenset[str](): 1}]
    for _ in causes:
        reached: dict[Coalition, int] = {}
        for on, ways in levels[-1].items():
            for cause in _next(causes, needs, on):
                reached[on | {cause}] = reached.get(on | {cause}, 0) + ways
        levels.append(reached)
    if not levels[-1]:
        raise InputError(f"causes must not need each other in a circle, got {dict(needs)}")
    onward: dict[Coalition, int] = {frozenset(causes): 1}
    for level in reversed(levels[:-1]):
        for on in level:
            onward[on] = sum(onward[on | {cause}] for cause in _next(causes, needs, on))
    orders = onward[frozenset()]
    return tuple(
        (cause, on, ways * onward[on | {cause}] / orders)
        for level in levels[:-1]
        for on, ways in level.items()
        for cause in _next(causes, needs, on)
    )


def _next(causes: tuple[str, ...], needs: Needs, on: Coalition) -> Iterator[str]:
    """Causes that can be added to those that are on."""
    for cause in causes:
        if cause not in on and all(earlier in on for late, earlier in needs if late == cause):
            yield cause
