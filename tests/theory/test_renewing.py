"""Retention of the engine against closed forms: constant probability, shifted beta-geometric, value of payments."""

from __future__ import annotations

from functools import lru_cache
from math import log
from typing import Any

import numpy as np
import pytest
from labkit import (
    EVERYBODY_BUYS_AT_ONCE,
    EVERYBODY_GOES_LIVE_AT_ONCE,
    ONLY_FRAILTY_DECIDES,
    QUIET,
    changed,
    check_mean,
    crowd_at_once,
    runs,
    shipped,
)

from sim.context.frailty import BetaFrailty, NormalFrailty
from sim.units import DAYS_PER_YEAR

TERMS = 12
LIFE = {
    **QUIET,
    **EVERYBODY_BUYS_AT_ONCE,
    **EVERYBODY_GOES_LIVE_AT_ONCE,
    **ONLY_FRAILTY_DECIDES,
    "market.contract.term_months": 1,
    "market.contract.billing_months": 1,
    **crowd_at_once(600),
    "horizon_months": TERMS + 1.0,
}
RATE = log(0.8 / 0.2)


@lru_cache(maxsize=8)
def lives(frailty: Any, switching_cost: float, terms: int) -> tuple[np.ndarray, np.ndarray]:
    """(customers at the start of a term, renewals at its end), one row per replication, one column per term.

    Terms are months here; all customers sign in the first days.
    """
    changes = {**LIFE, "market.frailty": frailty, "world.deciding.switching_cost": switching_cost}
    changes["horizon_months"] = terms + 1.0
    scenario = changed(shipped("world=no_effect"), changes)
    started, kept = [], []
    for run in runs(scenario, seed=11):
        events = run.events[run.events["contract"] == 1]
        renewed = events["occurrence"][events["event"] == "renewed"].value_counts()
        churned = events["occurrence"][events["event"] == "churned"].value_counts()
        renewals = np.array([renewed.get(term, 0) for term in range(1, terms + 1)])
        kept.append(renewals)
        started.append(renewals + np.array([churned.get(term, 0) for term in range(1, terms + 1)]))
        assert started[-1][0] == run.customers["won_days"].notna().sum()
    return np.array(started), np.array(kept)


def survival(frailty: Any, term: int, switching_cost: float = 0.0, terms: int = TERMS) -> list[float]:
    started, kept = lives(frailty, switching_cost, terms)
    return list(kept[:, term - 1] / started[:, 0])


def test_geometric_retention() -> None:
    """Equal customers without effects: S(n) = .8^n; detects .03, 4 SE over 20 replications.

    Pooled renewal share per term against .8: the worst of 12 terms within 4 binomial standard errors (false alarm
    1 in 1,300).
    """
    equal = NormalFrailty(RATE, 0.0)
    for term in (1, 2, 3, 5, 8):
        check_mean(survival(equal, term), 0.8**term, delta=0.03)
    started, kept = (x.sum(axis=0) for x in lives(equal, 0.0, TERMS))
    z = (kept / started - 0.8) / np.sqrt(0.8 * 0.2 / started)
    assert np.abs(z).max() < 4.0


def test_locked_in_customers_would_show() -> None:
    """Negative control: a small switching cost moves retention."""
    with pytest.raises(AssertionError, match="is not"):
        check_mean(survival(NormalFrailty(RATE, 0.0), 2, switching_cost=0.3, terms=2), 0.8**2, delta=1.0)


SBG = BetaFrailty(0.704, 1.182, 0.0)
MODEL = {1: 0.6267, 2: 0.4738, 3: 0.3880, 4: 0.3321, 6: 0.2625, 9: 0.2044, 12: 0.1701}


def test_shifted_beta_geometric() -> None:
    """Fader & Hardie 2007, S(t) at (.704, 1.182), by simulated renewals; detects .03, 4 SE."""
    for term, exact in MODEL.items():
        check_mean(survival(SBG, term), exact, delta=0.03)


def test_equal_customers_would_show() -> None:
    """Negative control: the same first-term retention without heterogeneity falls much faster."""
    equal = NormalFrailty(log(0.6267 / 0.3733), 0.0)
    check_mean(survival(equal, 1, terms=4), 0.6267, delta=0.03)
    with pytest.raises(AssertionError, match="is not"):
        check_mean(survival(equal, 4, terms=4), MODEL[4], delta=1.0)


def test_frailty_of_a_law_is_its_own_retention() -> None:
    """E[logistic(1.5 + Z)] = .778527, E[logistic(2 + 2Z)] = .775200, and Beta(.704, 1.182) gives 1 - .3733."""
    grid = (np.arange(200_000) + 0.5) / 200_000
    for law, exact in ((NormalFrailty(1.5, 1.0), 0.778527), (NormalFrailty(2.0, 2.0), 0.775200)):
        mean = np.mean(1.0 / (1.0 + np.exp([-law.logit(u) for u in grid])))
        assert mean == pytest.approx(exact, abs=2e-6)
    coarse = grid[::20]
    mean = np.mean(1.0 / (1.0 + np.exp([-SBG.logit(u) for u in coarse])))
    assert mean == pytest.approx(1.182 / (0.704 + 1.182), abs=2e-4)


@lru_cache(maxsize=1)
def payments() -> dict[str, list[float]]:
    """Discounted payments per customer of 12 monthly terms under three conventions, by replication.

    The discount is .10 per *term* and retention .8, so the numbers are those of the yearly textbook case.
    """
    same_size = {"world.deciding.expand_intercept": -20.0, "world.deciding.contract_intercept": -20.0}
    changes = {**LIFE, **same_size, "market.frailty": NormalFrailty(RATE, 0.0)}
    scenario = changed(shipped("world=no_effect"), changes)
    found: dict[str, list[float]] = {"at_once": [], "renewals": [], "arrears": []}
    for run in runs(scenario, seed=12):
        people = run.customers.set_index("customer")
        followed = people[people["won_days"].notna()]
        book = run.ledger[run.ledger["account"].isin(["invoice_regular"]) & (run.ledger["contract"] == 1)]
        won, listed = (book["party"].map(followed[name]) for name in ("won_days", "list_price_per_month"))
        term = ((book["time_days"] - won) / (DAYS_PER_YEAR / 12)).round().astype(int)
        assert np.allclose(book["time_days"], won + term * DAYS_PER_YEAR / 12)
        m = 100.0 * book["amount"] / listed
        within = term < TERMS
        first = float((m * 1.1**-term)[within].sum() / len(followed))
        arrears = float((m * 1.1 ** -(term + 1.0))[within].sum() / len(followed))
        for convention, value in (("at_once", first), ("renewals", first - 100.0), ("arrears", arrears)):
            found[convention].append(value)
    return found


def annuity(m: float, r: float, d: float, terms: int) -> float:
    """Payments m r^k / (1 + d)^k for k = 0 .. terms - 1."""
    q = r / (1.0 + d)
    return m * (1.0 - q**terms) / (1.0 - q)


def test_the_three_conventions_have_the_textbook_limits() -> None:
    """(m, r, d) = (100, .8, .1): 366.666667, 266.666667, 333.333333."""
    value = annuity(100.0, 0.8, 0.1, 10_000)
    assert value == pytest.approx(366.666667, abs=5e-7)
    assert value - 100.0 == pytest.approx(266.666667, abs=5e-7)
    assert value / 1.1 == pytest.approx(333.333333, abs=5e-7)


def test_ledger_pays_as_the_conventions_say() -> None:
    """The engine bills in advance, first at signature: sums of 12 payments against the annuity; detects 4 %.

    Negative control: churn before billing, so that the first payment is missed, is not mistaken for it.
    """
    exact = annuity(100.0, 0.8, 0.1, TERMS)
    check_mean(payments()["at_once"], exact, delta=0.04 * exact)
    check_mean(payments()["renewals"], exact - 100.0, delta=0.04 * exact)
    check_mean(payments()["arrears"], exact / 1.1, delta=0.04 * exact)
    with pytest.raises(AssertionError, match="is not"):
        check_mean(payments()["renewals"], exact, delta=1e9)
