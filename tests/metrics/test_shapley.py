"""Shapley values: the textbook game, the axioms, and orders that must be respected."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest

from sim.checks import InputError
from sim.metrics.shapley import shapley


def random_game(causes: str, seed: int) -> dict[frozenset[str], float]:
    rng = np.random.default_rng(seed)
    sets = [frozenset(chosen) for size in range(len(causes) + 1) for chosen in combinations(causes, size)]
    return {on: float(x) for on, x in zip(sets, rng.normal(size=len(sets)), strict=True)}


def by_orders(game: dict[frozenset[str], float], causes: str, needs: dict[str, str]) -> dict[str, float]:
    """The definition itself: the mean over every order that respects the needs."""
    orders = [
        order
        for order in permutations(causes)
        if all(order.index(early) < order.index(late) for late, all_ in needs.items() for early in all_)
    ]
    total = dict.fromkeys(causes, 0.0)
    for order in orders:
        for place, cause in enumerate(order):
            before = frozenset(order[:place])
            total[cause] += (game[before | {cause}] - game[before]) / len(orders)
    return total


def test_glove_game() -> None:
    """One left glove, two right ones: (2/3, 1/6, 1/6) (Shapley & Shubik)."""
    pairs = lambda on: float("left" in on and len(on) > 1)  # noqa: E731
    assert shapley(pairs, ["left", "right", "other"]) == pytest.approx({"left": 2 / 3, "right": 1 / 6, "other": 1 / 6})


@pytest.mark.parametrize("needs", [{}, {"b": "a"}, {"c": "ab", "d": "c"}, {"e": "d", "b": "a"}])
@pytest.mark.parametrize("seed", range(5))
def test_equals_its_definition_and_sums_to_the_total(needs: dict[str, str], seed: int) -> None:
    game = random_game("abcde", seed)
    found = shapley(game.__getitem__, "abcde", needs)
    assert found == pytest.approx(by_orders(game, "abcde", needs), abs=1e-12)
    total = game[frozenset("abcde")] - game[frozenset()]
    assert sum(found.values()) == pytest.approx(total, abs=1e-12)


def test_who_changes_nothing_gets_nothing_and_equals_get_equal() -> None:
    squared = lambda on: float(len(on - {"idle"}) ** 2)  # noqa: E731
    found = shapley(squared, ["x", "y", "idle"])
    assert found["idle"] == 0.0
    assert found["x"] == found["y"] == pytest.approx(2.0)


def test_only_sets_that_can_be_are_asked_for() -> None:
    asked: list[frozenset[str]] = []
    shapley(lambda on: asked.append(on) or 0.0, ["answer", "noise"], {"noise": ["answer"]})
    assert frozenset({"noise"}) not in asked


def test_a_circle_is_refused() -> None:
    with pytest.raises(InputError, match="circle"):
        shapley(lambda on: 0.0, ["a", "b"], {"a": ["b"], "b": ["a"]})
