"""Who has left judges by what the product does for them now, or by what it did for them."""

from __future__ import annotations

from math import log

import pytest
from labkit import changed, firm_of, person, shipped

from sim.agents.contracting import end, return_probability
from sim.agents.customer import Customer
from sim.agents.firm import Firm
from sim.simulation import simulate
from sim.units import days

MEMORY = "world.deciding.win_back_memory"


def who_left(memory: float, fit: float, expected: float) -> tuple[Firm, Customer]:
    """Two years of use, then half a year away."""
    firm, c = firm_of(changed(shipped(), {MEMORY: memory})), person(fit=fit)
    c.account.contract, c.latent.expected_outcome = 1, expected
    process = firm.world.process
    process.live(c, firm, 1.0)
    firm.clock.run(until=days(24))
    process.advance(c, firm)
    end(firm, c, firm.clock.now)
    firm.clock.run(until=days(30))
    process.refresh(c, firm)
    return firm, c


def logit(memory: float, fit: float, expected: float = 0.6) -> float:
    probability = return_probability(*who_left(memory, fit, expected))
    return log(probability / (1.0 - probability))


def test_the_better_served_come_back_more_if_they_remember() -> None:
    """Remembered in full, in half, not at all. Without memory what they had counts for nothing, and who hoped for
    more, as the better served do, comes back less."""
    gains = {memory: logit(memory, 0.9) - logit(memory, 0.5) for memory in (0.0, 0.5, 1.0)}
    assert gains[0.0] == 0.0
    assert gains[1.0] > 0.5
    assert gains[0.5] == pytest.approx(gains[1.0] / 2.0)
    assert logit(0.0, 0.9, expected=0.7) < logit(0.0, 0.5, expected=0.5)
    assert logit(1.0, 0.9, expected=0.7) > logit(1.0, 0.5, expected=0.5)


def test_what_is_remembered_is_the_day_of_leaving() -> None:
    """All of it: the logit is that of V with the outcome as perceived then, however long ago."""
    firm, c = who_left(1.0, 0.9, 0.6)
    then = c.latent.apart.parted
    assert then > firm.world.process.z_outcome(c, firm)
    before = return_probability(firm, c)
    c.latent.expected_outcome = 0.9
    assert return_probability(firm, c) == before
    assert who_left(0.0, 0.9, 0.6)[1].latent.apart.parted == 0.0


def test_memory_counts_for_nobody_who_has_not_left() -> None:
    """Tables are the same until somebody could return, and then they are not (customers who leave are many)."""
    changes = {"market.contract.involuntary_per_term": 0.5, "world.deciding.win_back_intercept": 0.0}
    scenario = changed(shipped("candidates_share=.4", "horizon_months=36"), changes)
    runs = [simulate(changed(scenario, {MEMORY: memory}), 5) for memory in (0.0, 1.0)]
    first = days(12) + scenario.market.contract.win_back_days
    early = [run.events[run.events["time_days"] < first].reset_index(drop=True) for run in runs]
    assert len(early[0]) > 100
    assert early[0].equals(early[1])
    back = [set(run.events["customer"][run.events["event"] == "won_back"]) for run in runs]
    assert back[0] != back[1]
