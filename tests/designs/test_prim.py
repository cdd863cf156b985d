"""PRIM against planted boxes: limits, coverage and density are found; where there is nothing, nothing is claimed."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from sim.experiments.designs.discovery import condition, discoveries, sentence
from sim.experiments.designs.prim import discover, within
from sim.experiments.designs.sampling import places
from sim.experiments.designs.table import Points

POINTS = 256


def cube(points: int = POINTS) -> np.ndarray:
    return places("sobol", points, ("a", "b", "c", "d"), 0, "uncertainties")


def planted(x: np.ndarray) -> np.ndarray:
    """a > .7 and b < .6: 18 % of the cube."""
    return (x[:, 0] > 0.7) & (x[:, 1] < 0.6)


def test_a_planted_box_is_found_whole() -> None:
    x = cube()
    found = discover(x, planted(x), "seed", shuffles=19)
    box = found.box
    assert box.limited == [0, 1]
    assert (box.coverage, box.density) == (1.0, 1.0)
    assert np.array_equal(within(x, box), planted(x))
    nearest = 4.0 / POINTS
    assert abs(box.low[0] - 0.7) < nearest and abs(box.high[1] - 0.6) < nearest
    assert math.isinf(box.high[0]) and math.isinf(box.low[1])
    assert found.by_chance == 1 / 20


def test_a_planted_box_is_found_through_noise() -> None:
    """Nine in ten cases within, one in ten outside: the best box is the planted one, its density about .9."""
    x = cube()
    hit = np.random.default_rng(1).random(POINTS) < np.where(planted(x), 0.9, 0.1)
    found = discover(x, hit, "seed", shuffles=19)
    box, truth = found.box, planted(x)
    assert set(box.limited) == {0, 1}
    share = (within(x, box) & truth).sum() / (within(x, box) | truth).sum()
    assert share > 0.6, "of two boxes placed at random a tenth overlaps"
    exact = hit[truth].sum() / hit.sum(), hit[truth].mean()
    assert abs(box.coverage - exact[0]) < 0.1 and abs(box.density - exact[1]) < 0.1
    assert found.by_chance == 1 / 20


def test_noise_is_no_finding() -> None:
    """Over sets of random outcomes the share called unlikely at 10 % is within 4 standard errors of it."""
    x = cube(32)[:, :2]
    chances = [discover(x, np.random.default_rng(n).random(32) < 0.4, str(n), 19).by_chance for n in range(16)]
    called = float(np.mean(np.array(chances) <= 0.1))
    assert called <= 0.1 + 4.0 * math.sqrt(0.1 * 0.9 / len(chances))


def table(x: np.ndarray) -> Points:
    labels = tuple(tuple(f"{value:.6g}" for value in row) for row in x)
    return Points("-", tuple(f"point={n}" for n in range(len(x))), ("a", "b", "c", "d"), labels)


def comparison(points: Points, verdicts: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "role": "headline", "context": points.contexts, "arm": "one", "baseline": "other",
            "metric": "net_cash_per_candidate", "verdict": verdicts,
        }
    )  # fmt: skip


def test_undecided_points_are_no_wins_and_the_finding_is_worded() -> None:
    x = cube(64)
    points = table(x)
    verdicts = np.where(planted(x), "better", "undecided").tolist()
    one, other = discoveries(comparison(points, verdicts), points, 0).rows
    assert (one.winner, one.wins, one.losses, one.undecided) == ("one", planted(x).sum(), 0, 64 - planted(x).sum())
    assert (one.coverage, one.density, one.found) == (1.0, 1.0, True)
    assert one.conditions.startswith("a > 0.") and " and b < 0." in one.conditions
    assert sentence(one).startswith("one wins against other when a > 0.")
    assert "(coverage 1.00, density 1.00: " in sentence(one)
    assert other.wins == 0 and sentence(other) == "other nowhere clearly beats one (53 of 64 points undecided)"


def test_all_undecided_is_nobodys_win() -> None:
    points = table(cube(16))
    rows = discoveries(comparison(points, ["undecided"] * 16), points, 0).rows
    assert [row.wins for row in rows] == [0, 0] and not any(row.found for row in rows)


def test_words_of_a_key() -> None:
    assert condition("k", 0.7, math.inf) == "k > 0.7"
    assert condition("k", -math.inf, 6.0) == "k < 6"
    assert condition("k", 0.25, 0.75) == "0.25 < k < 0.75"
    assert condition("k", 0.5, math.inf, ("x", "y", "z")) == "k is y or z"
