"""Area under the curve by ranks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.metrics.ranks import auc, correlation


def by_pairs(score: np.ndarray, positive: np.ndarray) -> float:
    """The definition, pair by pair."""
    wins = [float(a > b) + 0.5 * float(a == b) for a in score[positive] for b in score[~positive]]
    return float(np.mean(wins)) if wins else math.nan


@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=1, max_size=30))
def test_ranks_count_pairs_with_ties_as_half(rows: list[tuple[int, bool]]) -> None:
    score, positive = np.array([r[0] for r in rows], float), np.array([r[1] for r in rows], bool)
    assert auc(score, positive) == pytest.approx(by_pairs(score, positive), nan_ok=True)
    assert auc(-score, positive) == pytest.approx(1 - by_pairs(score, positive), nan_ok=True)


def test_one_kind_only_has_no_auc() -> None:
    assert math.isnan(auc(np.arange(3.0), np.ones(3, bool)))


@pytest.mark.parametrize(
    ("experience", "outcome", "rho", "retention", "r_experience", "r_outcome"),
    [(0.0, 1.5, 0.0, 0.8099, 0.0, 0.4468), (0.5, 1.0, 0.3, 0.8280, 0.2483, 0.3570)],
)
def test_renewal_logit_correlations(
    experience: float, outcome: float, rho: float, retention: float, r_experience: float, r_outcome: float
) -> None:
    """Published closed form; n = 200,000, so 4 standard errors of a correlation are .009."""
    rng = np.random.default_rng(7)
    e = rng.normal(size=200_000)
    o = rho * e + math.sqrt(1 - rho**2) * rng.normal(size=e.size)
    stays = rng.random(e.size) < 1 / (1 + np.exp(-(2 + experience * e + outcome * o)))
    assert stays.mean() == pytest.approx(retention, abs=0.0036)
    assert correlation(e, stays.astype(float)) == pytest.approx(r_experience, abs=0.009)
    assert correlation(o, stays.astype(float)) == pytest.approx(r_outcome, abs=0.009)


def test_no_spread_no_correlation() -> None:
    assert math.isnan(correlation(np.ones(5), np.arange(5.0)))
