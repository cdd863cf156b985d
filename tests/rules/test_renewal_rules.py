"""The renewal logit, its causes and the price term against exact numbers."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import renewal
from sim.rules.common import logistic
from sim.rules.renewal import Terms

ORACLES = [
    ((2.0, 0.0, 1.5, 0.0), (0.8099, 0.0000, 0.4468)),
    ((2.0, 0.0, 1.5, 0.3), (0.8099, 0.1340, 0.4468)),
    ((2.0, 0.5, 1.0, 0.3), (0.8280, 0.2483, 0.3570)),
    ((2.0, 1.0, 0.5, 0.3), (0.8280, 0.3570, 0.2483)),
    ((2.0, 1.5, 0.0, 0.3), (0.8099, 0.4468, 0.1340)),
]


def moments(a: float, b_e: float, b_o: float, rho: float) -> tuple[float, float, float]:
    """Retention and correlations with renewing, by Gauss-Hermite over (E, O) through the engine's own rule."""
    node, weight = np.polynomial.hermite_e.hermegauss(60)
    weight = weight / weight.sum()
    mean = cov_e = cov_o = 0.0
    for x, wx in zip(node, weight, strict=True):
        for y, wy in zip(node, weight, strict=True):
            e, o = x, rho * x + sqrt(1.0 - rho * rho) * y
            p = renewal.renewal_probability(Terms(a, b_e * e + b_o * o, b_o * o, b_e * e, 0.0, 0.0, 0.0))
            mean += wx * wy * p
            cov_e += wx * wy * p * e
            cov_o += wx * wy * p * o
    sd = sqrt(mean * (1.0 - mean))
    return mean, cov_e / sd, cov_o / sd


@pytest.mark.parametrize(("given_", "exact"), ORACLES)
def test_renewal_logit(given_: tuple[float, ...], exact: tuple[float, ...]) -> None:
    """Retention, corr(E, renew), corr(O, renew) to half a unit of the last digit."""
    assert moments(*given_) == pytest.approx(exact, abs=5.1e-5)


def test_another_slope_would_show() -> None:
    """Negative control."""
    assert moments(2.0, 0.1, 1.5, 0.0) != pytest.approx(ORACLES[0][1], abs=5.1e-5)


@pytest.mark.parametrize(
    ("charged", "burden"),
    [(100.0, 0.0), (150.0, 0.6), (0.0, -1.2), (-50.0, -1.2), (300.0, 2.4), (1000.0, 2.4)],
)
def test_price_burden_is_clipped(charged: float, burden: float) -> None:
    """sensitivity * clip(charged / reference - 1, -1, 2) at sensitivity 1.2, reference 100."""
    assert renewal.price_burden(1.2, charged, 100.0) == pytest.approx(burden)


QUIET = Terms(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_one_cause() -> None:
    terms = QUIET._replace(value=-1.0, value_without_experience=0.0, value_without_outcome=-1.0)
    uniform = 0.5 * (logistic(0.0) + logistic(1.0))
    assert renewal.but_for(terms, uniform) == "experience"
    assert renewal.largest_adverse(terms) == "experience"


def test_joint_causes_either_of_which_would_have_done() -> None:
    terms = QUIET._replace(price=-1.0, champion=-1.0)
    assert renewal.but_for(terms, logistic(-0.5)) == "price+champion"


def test_no_single_reset_helps_is_chance() -> None:
    terms = QUIET._replace(price=-0.1, champion=-0.1)
    assert renewal.but_for(terms, 0.99) == "chance"
    assert renewal.largest_adverse(QUIET) == "none"


@given(
    st.builds(
        Terms,
        *[st.floats(-3, 3) for _ in range(4)],
        *[st.floats(-3, 0) for _ in range(3)],
    ),
    st.floats(0.0, 1.0, exclude_max=True, exclude_min=True),
)
def test_a_cause_is_but_for_exactly_when_its_reset_keeps_the_customer(terms: Terms, luck: float) -> None:
    """By hand: put one term at its reference, evaluate the same uniform again."""
    p = renewal.renewal_probability(terms)
    uniform = p + (1.0 - p) * luck
    reset = {
        "experience": terms._replace(value=terms.value_without_experience),
        "outcome": terms._replace(value=terms.value_without_outcome),
        "price": terms._replace(price=0.0),
        "competitor": terms._replace(competitor=0.0),
        "champion": terms._replace(champion=0.0),
    }
    margins = {cause: renewal.renewal_probability(t) - uniform for cause, t in reset.items()}
    told = renewal.but_for(terms, uniform).split("+")
    for cause, margin in margins.items():
        if abs(margin) > 1e-12:
            assert (cause in told) == (margin > 0.0)
    assert told != [""]


def test_stated_cause_is_a_random_utility_choice() -> None:
    """Gumbel noise of scale 1: P(state i) = exp(gain_i) / sum; price against champion at gains ln 3 and 0."""
    terms = QUIET._replace(price=-log(3.0))
    grid = (np.arange(60) + 0.5) / 60
    rng = np.random.default_rng(5)
    told = [renewal.stated(terms, tuple(rng.choice(grid) for _ in range(5)), 1.0) for _ in range(20_000)]
    share = told.count("price") / len(told)
    exact = 3.0 / 7.0
    assert abs(share - exact) < 4.0 * sqrt(exact * (1.0 - exact) / len(told)) + 0.005
    assert renewal.stated(terms, (0.5,) * 5, 0.0) == "price", "without noise the largest adverse term is told"


@given(st.floats(0.001, 0.999), st.floats(0.0, 0.5), st.floats(0.0, 0.5))
def test_one_uniform_three_ways(uniform: float, up: float, down: float) -> None:
    way = renewal.three_way(uniform, up, down)
    assert way == (1 if uniform < up else -1 if uniform > 1.0 - down else 0)
