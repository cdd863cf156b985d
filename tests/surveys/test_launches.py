"""Effort before and after a launch: appointments by the calendar, pairs of the same customer, a change that is there
only where product work acts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from labkit import changed, shipped, standard_errors

from sim.build import load_scenario
from sim.checks import InputError
from sim.metrics.launch import launch
from sim.scenario import Scenario
from sim.simulation import simulate
from sim.units import days

ASKING = ("survey=around_launches", "candidates_share=0.25", "horizon_months=24")


def test_everybody_is_asked_as_long_before_as_after_each_release() -> None:
    scenario = shipped(*ASKING)
    surveys = simulate(scenario, 2).surveys
    asked = surveys[surveys["trigger"].isin(["before_launch", "after_launch"])]
    side = np.where(asked["trigger"] == "after_launch", 1.0, -1.0)
    when = asked["occurrence"] * days(scenario.world.efforts.release_months) + side * scenario.survey.launch_days
    assert len(asked) > 50 and asked["time_days"].to_numpy() == pytest.approx(when.to_numpy())
    assert not asked.duplicated(["customer", "contract", "trigger", "occurrence"]).any()
    assert set(asked["instrument"]) == {"ces"}


def test_a_programme_that_does_not_ask_has_no_appointments() -> None:
    """Null: with nothing asked around launches their distance is no number of the run."""
    scenario = shipped(*ASKING[1:])
    plain, other = (simulate(s, 2) for s in (scenario, changed(scenario, {"survey.launch_days": 40.0})))
    assert all(table.equals(other.tables[name]) for name, table in plain.tables.items())
    assert not simulate(changed(shipped(*ASKING), {"survey.launch_days": 40.0}), 2).surveys.equals(
        simulate(shipped(*ASKING), 2).surveys
    )


def answer(customer: int, launched: int, after: bool, said: float, **values: Any) -> dict[str, Any]:
    return {
        "replication": 0, "customer": customer, "contract": 1, "occurrence": launched, "instrument": "ces",
        "trigger": "after_launch" if after else "before_launch", "true_answer": said + 0.5, "answer": said,
        "gamed": 0.0, "answered": False, "audit_answered": True, **values,
    }  # fmt: skip


def test_only_pairs_of_one_customer_and_one_launch_count() -> None:
    """(5 -> 6) and (3 -> 5) are pairs: +1.5; the audit lacks one side of the second, the firm has the first, gamed."""
    from types import SimpleNamespace

    rows = [
        answer(1, 2, False, 5.0, answered=True),
        answer(1, 2, True, 6.0, answered=True, gamed=1.0),
        answer(2, 2, False, 3.0),
        answer(2, 2, True, 5.0, audit_answered=False),
        answer(3, 2, True, 7.0),
        answer(2, 3, False, 1.0),
    ]
    run: Any = SimpleNamespace(surveys=pd.DataFrame(rows))
    found = launch(run, instrument="ces").set_index("view")
    assert found["value"].to_dict() == pytest.approx({"truth": 1.5, "respondents": 1.0, "fielded": 2.0})
    assert found["n"].to_dict() == {"truth": 2, "respondents": 1, "fielded": 1}


def test_the_change_is_there_only_where_product_work_acts() -> None:
    """Same draws in a world where nothing else acts, product lever 1 and 0: across a release that improves something
    answers rise by more than what customers' own course makes of the weeks between."""
    acting, idle = (
        np.array([change(shipped(*ASKING, "world=no_effect", f"world.levers.product={x}"), r) for r in range(6)])
        for x in (1, 0)
    )
    assert standard_errors(acting - idle) > 4.0


def change(scenario: Scenario, replication: int) -> float:
    """launch_change of everybody's true answer."""
    return float(launch(simulate(scenario, 31, replication), instrument="ces").set_index("view")["value"]["truth"])


def test_launches_too_close_for_the_question_are_refused() -> None:
    with pytest.raises(InputError, match="launch_days"):
        load_scenario("survey=around_launches", "survey.launch_days=50")
