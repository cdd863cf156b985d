"""What a promise wins is bounded as what it makes people expect is."""

from __future__ import annotations

from math import log

import pytest
from labkit import changed, firm_of, person, shipped

from sim.agents.closing import Offer, decide

FAR = 20.0
"""Nobody signs, and logits of so rare an event are logarithms of its probability."""


def win_logit(promise: float, believed: float, fit: float = 0.7) -> float:
    changes = {"world.deciding.win_intercept": -FAR, "world.deciding.promise_believed": believed}
    firm, c = firm_of(changed(shipped(), changes)), person(fit=fit)
    assert not decide(firm, c, Offer(promise, 0.0, 0.5, 0.0))
    events = firm.record.tables["events"].frame(0)
    return log(float(events["value"].iloc[-1]))


@pytest.mark.parametrize("believed", [0.5, 1.2, 6.0])
def test_a_promise_wins_as_far_as_it_is_believed(believed: float) -> None:
    """Per unit up to the bound, nothing above it; with the bound out of reach every unit counts (the control)."""
    weight = shipped().world.deciding.win_promise
    nothing = win_logit(0.0, believed)
    for promise in (0.3, 0.8, 1.2, 3.0):
        gain = win_logit(promise, believed) - nothing
        assert gain == pytest.approx(weight * min(promise, believed), abs=1e-6)


def test_what_is_not_believed_is_still_expected() -> None:
    firm, c = firm_of(changed(shipped(), {"world.deciding.win_intercept": FAR})), person(fit=0.1)
    expected = []
    for promise in (0.0, 1.2, 2.0):
        assert decide(firm, c, Offer(promise, 0.0, 0.5, 0.0))
        expected.append(c.latent.expected_outcome)
    assert expected[0] < expected[1] < expected[2] <= 1.0
