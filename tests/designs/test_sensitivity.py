"""Indices against closed forms: the Ishigami function and a linear one; and what is luck among them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sim.experiments.designs.design import Design
from sim.experiments.designs.factor import Factor
from sim.experiments.designs.sampling import places
from sim.experiments.designs.sensitivity import indices, noise_share, sensitivities, sensitivity_lines
from sim.experiments.designs.table import Points

KEYS = ["a", "b", "c"]

pytest.importorskip("SALib")


def ishigami(cube: np.ndarray) -> np.ndarray:
    """Ishigami & Homma (1990) with a = 7 and b = .1 on [-pi, pi]."""
    x = (2.0 * cube - 1.0) * np.pi
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def exact_ishigami() -> dict[tuple[str, str], float]:
    a, b = 7.0, 0.1
    one, two = 0.5 * (1.0 + b * np.pi**4 / 5.0) ** 2, a**2 / 8.0
    together = b**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = one + two + together
    first = {"a": one, "b": two, "c": 0.0}
    total = {"a": one + together, "b": two, "c": together}
    return {(key, "first_order"): first[key] / whole for key in KEYS} | {
        (key, "total"): total[key] / whole for key in KEYS
    }


def test_shares_of_variance_of_the_ishigami_function() -> None:
    cube = places("saltelli", 512, KEYS, 0, "uncertainties")
    assert cube.shape == (512 * 5, 3)
    found = {(key, measure): rest for key, measure, *rest in indices("saltelli", KEYS, cube, ishigami(cube), 0)}
    exact = exact_ishigami()
    assert set(found) == set(exact)
    for index, (value, low, high) in found.items():
        wide = (high - low) / 2.0 / 1.96
        assert abs(value - exact[index]) <= 4.0 * wide + 1e-3, index
        assert wide < 0.06, "or the test would accept anything"


def test_effects_of_a_linear_function_are_exact() -> None:
    cube = places("morris", 6, KEYS, 0, "uncertainties")
    assert cube.shape == (6 * 4, 3)
    found = {(k, m): (v, low, high) for k, m, v, low, high in indices("morris", KEYS, cube, cube @ [3.0, -1.0, 0.0], 0)}
    for key, slope in zip(KEYS, (3.0, 1.0, 0.0), strict=True):
        assert found[(key, "mu_star")] == pytest.approx((slope, slope, slope))
        assert found[(key, "sigma")][0] == pytest.approx(0.0, abs=1e-9)


def test_each_trajectory_moves_one_key_at_a_time() -> None:
    cube = places("morris", 5, KEYS, 3, "uncertainties").reshape(5, 4, 3)
    steps = np.abs(np.diff(cube, axis=1))
    assert ((steps > 1e-9).sum(axis=2) == 1).all(), "one at a time"
    assert np.allclose(steps.sum(axis=1), 2.0 / 3.0), "and each once"


def table(values: np.ndarray, half: float, contexts: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "role": "headline", "arm": "one", "baseline": "other", "metric": "net_cash_per_candidate",
            "context": contexts, "difference": values, "low": values - half, "high": values + half, "replications": 5,
        }
    )  # fmt: skip


def test_what_is_luck_is_told() -> None:
    """With five replications a half-width is 2.776 standard errors; these are worth a quarter of the variance."""
    values = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    error = 0.5 * values.std(ddof=1)
    assert noise_share(table(values, 2.776445 * error, tuple("abcde"))) == pytest.approx(0.25, rel=1e-5)


def test_a_study_is_taken_apart_only_where_it_was_laid_out_for_it() -> None:
    factors = tuple(Factor(key, (), 0.0, 1.0) for key in KEYS)
    design = Design("morris", 4, None, None, factors, ())
    cube = design.unit_places(7)
    contexts = tuple(f"point={n}" for n in range(len(cube)))
    points = Points("-", contexts, tuple(KEYS), tuple(tuple(f"{v:.6g}" for v in row) for row in cube))
    rows = sensitivities(table(cube @ [2.0, 0.0, 1.0], 0.1, contexts), points, design, 7)
    assert [(r.key, round(r.value, 6)) for r in rows if r.measure == "mu_star"] == [("a", 2.0), ("b", 0.0), ("c", 1.0)]
    assert sensitivity_lines(rows)[0] == "sensitivity - one morris a mu_star 2 2 2"
    missing = table(np.where(np.arange(len(cube)) == 3, math.nan, 1.0), 0.1, contexts)
    assert sensitivities(missing, points, design, 7) == []
    sobol = Design("sobol", 16, None, None, factors, ())
    assert sensitivities(table(cube[:, 0], 0.1, contexts), points, sobol, 7) == []
