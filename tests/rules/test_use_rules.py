"""Adoption, outcome, awareness, experience and value: closed forms against numerical solutions."""

from __future__ import annotations

from decimal import Decimal, localcontext
from itertools import pairwise, product
from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from labkit import changed, firm_of, person, shipped
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

from sim.agents.firm import Release
from sim.agents.mind import share_now
from sim.rules import adoption, experience, value

SHARES = st.floats(0.0, 1.0)
RATES = st.floats(0.001, 2.0)


@given(SHARES, SHARES, RATES, st.floats(0.01, 300.0))
def test_adoption_solves_its_equation(start: float, goal: float, rate: float, span: float) -> None:
    """dA/dt = rate (goal - A) and its integral, against Runge-Kutta."""
    path = solve_ivp(lambda _, y: (rate * (goal - y[0]), y[0]), (0.0, span), (start, 0.0), rtol=1e-9, atol=1e-11)
    level, used = adoption.glide(start, goal, rate, span)
    assert level == pytest.approx(path.y[0, -1], abs=1e-7)
    assert used == pytest.approx(path.y[1, -1], abs=1e-6 * max(1.0, span))


@given(SHARES, SHARES, RATES, st.floats(0.01, 0.99))
def test_first_reach_is_where_the_path_crosses(start: float, goal: float, rate: float, level: float) -> None:
    when = adoption.days_to_reach(level, start, goal, rate)
    if start >= level:
        assert when == 0.0
    elif goal <= level:
        assert when == inf
    elif goal - level > 1e-6:
        crossing = brentq(lambda t: adoption.glide(start, goal, rate, t)[0] - level, 0.0, 40.0 / rate, xtol=1e-12)
        assert when == pytest.approx(crossing, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("months", "exact"), [(1, 0.2592), (6, 0.8347), (12, 0.9727)])
def test_saturation(months: int, exact: float) -> None:
    """O = O_max (1 - exp(-kappa t)) at kappa .3 per month."""
    level, _ = adoption.glide(0.0, 1.0, 0.3 / 30.4375, months * 30.4375)
    assert level == pytest.approx(exact, abs=5e-5)


def test_fit_caps_the_outcome_and_improvement_lifts_it() -> None:
    assert adoption.fit_effective(0.6, 0.0) == pytest.approx(0.6)
    assert adoption.fit_effective(0.6, log(2.0)) == pytest.approx(0.8)
    assert adoption.fit_effective(1.0, 3.0) == 1.0


def test_target_is_a_share() -> None:
    assert adoption.target(0.8, 0.5, 10.0, 0.0) == 1.0
    assert adoption.target(0.8, 0.5, 0.0, 2.0) == 0.0
    assert adoption.target(0.8, 0.0, -5.0, 0.25) == pytest.approx(0.6)


def test_awareness_grows_from_its_floor_to_one() -> None:
    assert adoption.awareness(0.0, 0.3, 180.0) == pytest.approx(0.3)
    assert adoption.awareness(180.0, 0.3, 180.0) == pytest.approx(1.0 - 0.7 * exp(-1.0))
    assert adoption.awareness(1e9, 0.3, 180.0) == pytest.approx(1.0)


RELEASES = [(40.0, 0.9, 0.05), (75.0, 0.95, 0.2), (200.0, 0.99, 0.5)]


def visited(visits: list[float], improving: bool = True) -> tuple[float, float, float, list[float]]:
    """A customer live from day 0 with releases on the way, looked at on `visits` days; first value days too."""
    firm, c = firm_of(shipped()), person(fit=0.5)
    process = firm.world.process
    process.begin(c, 0.0)
    process.live(c, firm, 0.5)
    c.account.won_days = 0.0
    firm.releases += [Release(d, q, i, 1.0, 0.0) for d, q, i in RELEASES if improving]
    for day in visits:
        firm.clock._now = day
        process.advance(c, firm)
    events = firm.record.tables["events"].frame(0)
    first = events["time_days"][events["event"] == "first_value"].tolist()
    return c.latent.adoption, c.latent.use_days, c.latent.outcome_days, first


def test_state_does_not_depend_on_who_looks_when() -> None:
    """Lazy evaluation through releases = stepping every day (1e-12), so that nothing has to tick."""
    once, daily = visited([300.0]), visited([float(d) for d in range(1, 301)])
    assert once[:3] == pytest.approx(daily[:3], rel=1e-12)
    assert once[3] == pytest.approx(daily[3], rel=1e-12)
    assert len(once[3]) == 1
    assert visited([300.0], improving=False)[2] < once[2], "releases do act"


def test_outcome_days_are_the_integral_of_the_outcome() -> None:
    """Against quadrature of fit * quality * adoption over the pieces between releases."""
    firm = firm_of(shipped())
    start = firm.releases[0]
    steps = [(0.0, start.quality, start.improvement), *RELEASES, (300.0, 0.0, 0.0)]
    rate = firm.market.use.adoption_rate_per_day
    firm, c = firm_of(shipped()), person(fit=0.5)
    firm.world.process.begin(c, 0.0)
    firm.world.process.live(c, firm, 0.5)
    goal = c.latent.target
    exact = 0.0
    for (a, quality, improvement), (b, _, _) in pairwise(steps):
        ceiling = quality * adoption.fit_effective(0.5, improvement)
        exact += quad(lambda t, k=ceiling: k * goal * (1.0 - exp(-rate * t)), a, b)[0]
    assert visited([300.0])[2] == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize(("quality", "v"), [(0.8, 0.2), (0.6, 0.0), (0.4, -0.4)])
def test_losses_count_double(quality: float, v: float) -> None:
    assert experience.disconfirmation(quality, 0.6, 2.0) == pytest.approx(v)


def test_memory_halves_in_a_half_life_and_keeps_its_peak() -> None:
    assert experience.remembered(0.8, 365.0, 365.0) == pytest.approx(0.4)
    assert experience.peak_of(0.3, -0.5) == -0.5
    assert experience.peak_of(-0.5, 0.4) == -0.5
    assert experience.experience(0.2, -0.5, 0.2) == pytest.approx(0.8 * 0.2 - 0.1)


@given(st.floats(-5, 5), st.floats(-5, 5), SHARES)
def test_aggregates_agree_where_both_are_equal(x: float, y: float, share: float) -> None:
    """Additive, geometric and minimum give x at (x, x); the order of aggregates is that of compensation."""
    for combine in (value.additive, value.geometric, value.minimum):
        assert combine(share, x, x) == pytest.approx(x, abs=1e-6)
    assert value.minimum(0.5, x, y) <= value.geometric(0.5, x, y) + 1e-9
    assert value.additive(0.0, x, y) == y
    assert value.geometric(1.0, x, y) == pytest.approx(x, abs=1e-6)
    assert value.minimum(0.0, x, y) == y


def exact_geometric(share: float, x: float, y: float) -> float:
    """The definition in 400 digits."""
    with localcontext(prec=400):
        missing = [(1 + (-Decimal(z)).exp()).ln() for z in (x, y)]
        return float(-((Decimal(share) * missing[0] + (1 - Decimal(share)) * missing[1]).exp() - 1).ln())


TERMS = st.floats(-300.0, 300.0)


@settings(max_examples=60)
@given(st.floats(0.01, 0.99), TERMS, TERMS)
@example(0.5, 20.0, 60.0)
@example(0.3, 5.0, -4.0)
def test_the_geometric_mean_is_exact_for_large_terms(share: float, x: float, y: float) -> None:
    assert value.geometric(share, x, y) == pytest.approx(exact_geometric(share, x, y), rel=1e-9, abs=1e-9)


def test_every_aggregate_takes_every_shape() -> None:
    """Both terms at the ends of their range, with every shape that can be configured."""
    ends = [
        value.shaped(z, curvature, steepness)
        for z in (-value.Z_MAX, 0.0, value.Z_MAX)
        for curvature in (-1.0, 0.0, 1.0)
        for steepness in (0.2, 1.0, 2.5, 3.0)
    ]
    for share, x, y in product((0.0, 0.5, 1.0), ends, ends):
        level = value.geometric(share, x, y)
        slack = 1e-6 + 1e-12 * (abs(x) + abs(y))
        assert min(x, y) - slack <= level <= max(x, y) + slack
    assert value.geometric(0.0, ends[0], 7.0) == 7.0
    assert value.geometric(1.0, 7.0, ends[0]) == 7.0


def test_shapes() -> None:
    """Linear by default; convex and concave bend as named; S is flat in the tails; all keep 0 at 0."""
    for curvature, steepness in ((0.0, 1.0), (0.5, 1.0), (-0.5, 1.0), (0.0, 0.5), (0.0, 2.0)):
        assert value.shaped(0.0, curvature, steepness) == pytest.approx(0.0)
        up = np.array([value.shaped(z, curvature, steepness) for z in np.linspace(-3, 3, 61)])
        assert (np.diff(up) > 0.0).all()
    assert value.shaped(1.7, 0.0, 1.0) == 1.7
    assert value.shaped(2.0, 0.5, 1.0) > 2.0 > value.shaped(2.0, -0.5, 1.0)
    assert value.shaped(3.0, 0.0, 0.5) < 3.0 < value.shaped(3.0, 0.0, 2.0)


def test_tenure_shift_keeps_its_mean() -> None:
    """Over exponential tenures with the reference's mean the shifted share averages to s."""
    scenario = changed(shipped(), {"world.value.tenure_shift": 0.3, "world.value.tenure_shift_days": 200.0})
    firm, c = firm_of(scenario), person()
    c.latent.live_days = 0.0
    shares = []
    for u in (np.arange(20_000) + 0.5) / 20_000:
        firm.clock._now = -log(1.0 - u) * scenario.market.reference.tenure_days
        shares.append(share_now(c, firm))
    assert np.mean(shares) == pytest.approx(scenario.world.share_experience, abs=1e-4)
    assert shares[0] > scenario.world.share_experience > shares[-1]


def test_without_a_shift_the_share_is_the_world_s() -> None:
    firm, c = firm_of(shipped()), person()
    assert share_now(c, firm) == shipped().world.share_experience
