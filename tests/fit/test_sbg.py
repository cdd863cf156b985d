"""The shifted beta-geometric against published and exact values (T1)."""

import numpy as np
import pytest

from sim.checks import InputError
from sim.fitting.curve import curve_of
from sim.fitting.likelihood import NEVER, Lifetimes, log_likelihood, maximum_likelihood, of_customers
from sim.fitting.sbg import ShiftedBetaGeometric
from sim.metrics.lifetime import constant_retention_value

REGULAR = (100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3)
"""Percent surviving, years 0..12: Fader & Hardie (2007), the "Regular" segment."""
LAW = ShiftedBetaGeometric(0.704, 1.182)


def test_survival_of_the_published_law() -> None:
    exact = [0.6267, 0.4738, 0.3880, 0.3321, 0.2924, 0.2625, 0.2391, 0.2201, 0.2044, 0.1912, 0.1799, 0.1701]
    assert [LAW.survival(t) for t in range(1, 13)] == pytest.approx(exact, abs=5e-5)
    assert LAW.survival(0) == 1.0


def test_survival_is_a_ratio_of_beta_functions() -> None:
    from scipy.special import betaln

    for law in (LAW, ShiftedBetaGeometric(0.01, 900.0), ShiftedBetaGeometric(40.0, 2.0)):
        for t in (1, 7, 300):
            exact = np.exp(betaln(law.alpha, law.beta + t) - betaln(law.alpha, law.beta))
            assert law.survival(t) == pytest.approx(float(exact), rel=1e-9)


@pytest.mark.parametrize(("years", "alpha", "beta"), [(7, 0.704077, 1.182043), (4, 0.763665, 1.295830)])
def test_maximum_likelihood_of_the_published_series(years: int, alpha: float, beta: float) -> None:
    fitted = maximum_likelihood(curve_of(REGULAR).up_to(years).lifetimes)
    assert fitted.law.alpha == pytest.approx(alpha, abs=5e-7)
    assert fitted.law.beta == pytest.approx(beta, abs=5e-7)


def test_likelihood_and_mean_churn_of_the_published_series() -> None:
    fitted = maximum_likelihood(curve_of(REGULAR).up_to(7).lifetimes)
    assert fitted.log_likelihood / fitted.weight == pytest.approx(-1.680265, abs=5e-7)
    assert fitted.law.mean_churn == pytest.approx(0.373294, abs=5e-7)
    assert 100 * fitted.law.survival(12) - REGULAR[12] == pytest.approx(-0.30, abs=0.005)


def test_a_wrong_convention_fails() -> None:
    """Negative control: losses booked one period late give another law."""
    late = curve_of(REGULAR).up_to(7).lifetimes
    shifted = Lifetimes(late.after + 1, np.where(late.until == NEVER, NEVER, late.until + 1), late.weight)
    assert abs(maximum_likelihood(shifted).law.alpha - 0.704077) > 0.05


def test_discounted_lifetimes() -> None:
    assert LAW.expected_lifetime(0.10) == pytest.approx(3.69515, abs=5e-5)
    residual = [2.9647, 4.1035, 4.8701, 5.4424, 5.8944]
    fine = ShiftedBetaGeometric(0.704, 1.182)
    assert [fine.residual_lifetime(0.10, n) for n in range(1, 6)] == pytest.approx(residual, abs=5e-5)
    truncated = [1.0, 1.9614, 2.4797, 3.1215, 3.5363]
    assert [LAW.truncated_lifetime(0.10, h) for h in (1, 3, 5, 10, 20)] == pytest.approx(truncated, abs=5e-5)
    shortcut = constant_retention_value(1.0, LAW.retention(1), 0.10, "now")
    assert shortcut == pytest.approx(2.324221, abs=5e-7)
    assert 100 * (shortcut / LAW.expected_lifetime(0.10) - 1) == pytest.approx(-37.1, abs=0.05)


def test_lifetime_series_agrees_with_its_sum() -> None:
    """The truncated lifetime tends to the closed form; at a high rate it arrives."""
    assert LAW.truncated_lifetime(0.5, 200) == pytest.approx(LAW.expected_lifetime(0.5), rel=1e-9)


def test_customers_and_curve_give_one_likelihood() -> None:
    periods = np.array([1, 1, 2, 3, 3, 3])
    left = np.array([True, True, True, True, False, False])
    curve = curve_of((100.0, 100 * 4 / 6, 50.0, 100 * 2 / 6))
    per_customer = log_likelihood(LAW, of_customers(periods, left)) / 6
    assert per_customer == pytest.approx(log_likelihood(LAW, curve.lifetimes), rel=1e-12)


def _simulated(law: ShiftedBetaGeometric, customers: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Lifetimes censored at tenures drawn evenly from 0 to 11 periods."""
    draw = np.random.default_rng(seed)
    life = draw.geometric(draw.beta(law.alpha, law.beta, customers))
    seen = draw.integers(0, 12, customers)
    return np.minimum(life, seen), life <= seen


def test_recovers_a_simulated_law_under_censoring() -> None:
    """T2: 20 replications of 4,000 customers; 4 SE of the mean fitted E[theta] and S(24)."""
    law = ShiftedBetaGeometric(0.8, 3.0)
    fits = [maximum_likelihood(of_customers(*_simulated(law, 4_000, seed))).law for seed in range(20)]
    for truth, found in (
        (law.mean_churn, [fit.mean_churn for fit in fits]),
        (law.survival(24), [fit.survival(24) for fit in fits]),
    ):
        error = np.std(found, ddof=1) / np.sqrt(len(found))
        assert abs(np.mean(found) - truth) <= 4 * error
        assert 5 * error < 0.02  # detectable bias: two points


def test_forgetting_the_censored_fails() -> None:
    """Negative control: dropping customers who are still here doubles the churn."""
    law = ShiftedBetaGeometric(0.8, 3.0)
    periods, left = _simulated(law, 4_000, 1)
    biased = maximum_likelihood(of_customers(periods[left], left[left])).law
    assert biased.mean_churn > 1.5 * law.mean_churn


def test_equal_customers_are_said_to_be_alike() -> None:
    draw = np.random.default_rng(5)
    life = draw.geometric(0.1, 5_000)
    rising = maximum_likelihood(of_customers(np.minimum(life, 30), life <= 30))
    assert rising.law.mean_churn == pytest.approx(0.1, abs=0.01)
    late = maximum_likelihood(of_customers(np.full(100, 20), np.full(100, True)))
    assert late.alike
    assert late.law.mean_churn == pytest.approx(1 / 20, rel=0.02)


def test_nothing_to_fit_is_refused() -> None:
    with pytest.raises(InputError, match="nobody ever left"):
        maximum_likelihood(of_customers(np.array([3, 4]), np.array([False, False])))
    with pytest.raises(InputError, match="everybody left in the first period"):
        maximum_likelihood(of_customers(np.array([1, 1]), np.array([True, True])))
