"""Monthly series of a firm, by hand, and their means after a warm-up."""

from __future__ import annotations

import math
from functools import partial

import pandas as pd
import pytest
from handmade import Handmade

from sim.build import load_scenario
from sim.checks import InputError
from sim.metrics.long import needs_arrivals, of_everybody
from sim.metrics.steady_state import MONTHLY, steady_state
from sim.metrics.value import value
from sim.scenario import windows
from sim.units import days


def firm() -> Handmade:
    """Four months. 1 stays; 2 leaves in the third and returns in the fourth; 3, of old, leaves in the first."""
    tables = Handmade(span=windows(4.0, "throughout"))
    tables.customer(1, won=days(0.5))
    tables.customer(2, won=days(1.5), end=days(2.5))
    tables.customer(3, stream="installed", end=days(0.25))
    tables.event(days(2.5), "churned", 2)
    tables.event(days(3.5), "won_back", 2, contract=2)
    for month in range(1, 5):
        tables.add("resources", time_days=days(month), team="support", busy=0.5, queue=1.0 * month, capacity=2.0)
        tables.add("resources", time_days=days(month), team="sales", busy=9.0, queue=9.0, capacity=9.0)
    tables.money(days(0.5), 1, "invoice_regular", 1200.0, covers_to_days=days(12.5))
    tables.money(days(1.5), 2, "invoice_regular", 50.0, covers_to_days=days(2.5))
    tables.money(days(3.0), 1, "invoice_usage", 7.0, covers_from_days=days(2.0), covers_to_days=days(3.0))
    for month, answers in ((1.0, (9.0,)), (4.0, (9.4, 3.0, 8.0, 9.0))):
        for customer, answer in enumerate(answers):
            tables.wave(days(month), customer, true_answer=answer, answer=0.0)
    return tables


def series(frame: pd.DataFrame, metric: str) -> dict[float, float]:
    rows = frame[(frame["metric"] == metric) & frame["time_days"].notna()]
    return {round(time / days(1.0), 9): value for time, value in zip(rows["time_days"], rows["value"], strict=True)}


def test_every_series_by_hand() -> None:
    frame = steady_state(firm().run(), warm_up_months=None)
    assert series(frame, "monthly_customers") == {1: 1, 2: 2, 3: 1, 4: 2}
    assert series(frame, "monthly_logo_churn") == {1: 1.0, 2: 0.0, 3: 0.5, 4: 0.0}, "the one of old leaves too"
    assert series(frame, "monthly_backlog") == {1: 1.5, 2: 2.5, 3: 3.5, 4: 4.5}
    assert series(frame, "monthly_nps") == {1: 100.0, 4: 25.0}, "true answers; months without a wave have none"
    revenue = series(frame, "monthly_recurring_revenue")
    assert list(revenue) == [1, 2, 3], "a bill of the last month may be to come"
    assert list(revenue.values()) == pytest.approx([100.0, 157.0, 100.0])


def test_means_after_the_warm_up_and_none_without_one() -> None:
    run = firm().run()
    means = {row.metric: (row.value, row.n) for row in steady_state(run, warm_up_months=2.0).itertuples()}
    assert means["steady_customers"] == (1.5, 2) and means["steady_backlog"] == (4.0, 2)
    assert means["steady_nps"] == (25.0, 1) and means["steady_recurring_revenue"] == (pytest.approx(100.0), 1)
    assert steady_state(run, warm_up_months=0).set_index("metric")["value"]["steady_customers"] == 1.5
    for warm_up in (None, 4.0):
        frame = steady_state(run, warm_up_months=warm_up).set_index("metric")
        for name in MONTHLY:
            row = frame.loc[name.replace("monthly", "steady")]
            assert math.isnan(row["value"]) and row["n"] == 0
    for wrong in (-1.0, 5.0, "long"):
        with pytest.raises(InputError, match="warm_up_months"):
            steady_state(run, warm_up_months=wrong)  # type: ignore[arg-type]


def test_it_asks_for_candidates_until_the_horizon() -> None:
    """Once nobody comes nothing is steady: refused by name. It sees the customers of old as well."""
    with pytest.raises(InputError, match=r"metrics\.steady_state needs entry=throughout, got cohort"):
        load_scenario("metrics=[value,steady_state]")
    family = partial(steady_state, warm_up_months=None)
    assert needs_arrivals(family) and of_everybody(family)
    assert not needs_arrivals(partial(value, acquisition_accounts=()))
