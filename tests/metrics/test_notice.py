"""Who gives notice has decided on that day: what is read afterwards foretells nothing, whatever it is used for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from handmade import Handmade, value_of, weights

from sim.metrics.divergence import divergence
from sim.metrics.ladder_predictive import cases
from sim.metrics.prediction import decisions, readings
from sim.metrics.quadrants import quadrants
from sim.metrics.quadrants import readings as quadrant_readings
from sim.recorder import Run
from sim.units import days

STAYERS, LEAVERS = 30, 20
END, NOTICE = 24, 20


def noticed(notice: int = NOTICE) -> Run:
    """Two terms each; in the second, leavers give notice in month `notice` and are unhappy only after month 20."""
    rng, tables = np.random.default_rng(1), Handmade(60)
    for customer in range(STAYERS + LEAVERS):
        leaves = customer >= STAYERS
        tables.customer(customer, won=0.0)
        tables.event(days(12), "renewed", customer, occurrence=1, value=0.9)
        for occurrence, month in enumerate((9, 15, 18, 21)):
            felt = -9.0 if leaves and month > NOTICE else float(rng.normal())
            tables.wave(days(month), customer, occurrence=occurrence, experience=felt, value=felt, true_answer=felt)
        if leaves:
            tables.event(days(notice), "notice_given", customer, occurrence=2, value=0.2)
        kind, why = ("churned", "experience") if leaves else ("renewed", "")
        tables.event(days(END), kind, customer, occurrence=2, value=0.2 if leaves else 0.9, detail=why)
    return tables.run()


def test_the_decision_is_of_the_day_of_notice() -> None:
    made = decisions(noticed())
    second = made.time > days(12)
    assert sorted(set(made.time[second & ~made.renewed])) == pytest.approx([days(NOTICE)])
    assert sorted(set(made.time[second & made.renewed])) == pytest.approx([days(END)])
    assert set(made.term_start[second]) == {days(12)}, "the term began where the one before ended"


def test_a_reading_after_the_notice_foretells_nothing() -> None:
    """Leavers felt like all others when they decided; negative control: notice at the end, and they are told apart."""
    read = readings(noticed(), 0.0)
    lead = read.lead_days[~read.renewed]
    assert lead == pytest.approx(np.full(LEAVERS, days(NOTICE - 18)))
    assert read.experience[~read.renewed].min() > -9.0

    def area(run: Run) -> float:
        return value_of(divergence(run, lead_days=0.0, curve_months=()), "auc_experience", "truth")

    assert abs(area(noticed()) - 0.5) < 4 * math.sqrt(1 / STAYERS + 1 / LEAVERS) / math.sqrt(12)
    assert area(noticed(notice=END)) == 1.0


def test_the_ladder_reads_before_the_notice() -> None:
    read = cases(noticed(), "wave", 0.0, weights(anger=1.0))
    assert (~read.stayed).sum() == LEAVERS and read.experience[~read.stayed].min() > -9.0


def test_quadrants_leave_out_who_has_decided() -> None:
    """At month 21 leavers have given notice: no decision of theirs lies ahead, and no term binds them."""
    run = noticed()
    read = quadrant_readings(run, days(3))
    per_wave = STAYERS + LEAVERS
    assert read.experience.size == 4 * per_wave - LEAVERS and read.experience.min() > -9.0
    assert (read.decided & ~read.stayed).sum() == LEAVERS, "met at month 18"
    frame = quadrants(run, window_months=3.0, happy_from=-5.0, reached_from=-1.0, switching_cost=0.0)
    assert value_of(frame, "happy_share_of_leavers", "truth", "everyone") == 1.0
