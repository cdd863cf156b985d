"""Firms differ by addressed draws; within and across firms are two questions."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import load_scenario
from sim.checks import InputError
from sim.context.panel import Panel
from sim.experiments.firm_panel import across_firms, associations, panel_lines, panel_table
from sim.experiments.panel import panel_of, runs_of
from sim.metrics.growth import growth

sys.path.insert(0, str(Path(__file__).parents[1] / "metrics"))
from handmade import Handmade

VARIED = {"market": {"people": {"fit_alpha": [3, 9]}, "onboarding": {"tasks": [1, 5]}}}
LINKED = {"world": {"deciding": {"competitor": [0, 2]}}, "policy": {"sales": {"promise": [1.0, 0]}}}
PROMISE, PULL = "policy.sales.promise", "world.deciding.competitor"


def panel(share_a_draw: bool = False, firms: int = 50) -> Panel:
    return Panel(firms=firms, varied=VARIED, linked=LINKED, share_a_draw=share_a_draw)


def test_firms_differ_and_are_the_same_whenever_asked() -> None:
    drawn = [panel().parameters(0, firm) for firm in range(50)]
    assert drawn == [panel().parameters(0, firm) for firm in range(50)]
    for key, low, high in panel().ranges:
        values = [one[key] for one in drawn]
        assert min(low, high) <= min(values) < max(values) <= max(low, high) and len(set(values)) == 50
    assert drawn[0] != panel().parameters(1, 0)


def test_linked_keys_share_a_draw_where_asked() -> None:
    apart, together = (
        np.array([[p.parameters(0, firm)[key] for key in (PROMISE, PULL)] for firm in range(50)]).T
        for p in (panel(False), panel(True))
    )
    assert abs(np.corrcoef(apart)[0, 1]) < 0.5
    assert np.corrcoef(together)[0, 1] == pytest.approx(-1.0)


def test_a_firm_is_the_scenario_with_its_numbers() -> None:
    scenario = load_scenario("candidates_share=0.1")
    made, numbers = panel().firm(scenario, 0, 7), panel().parameters(0, 7)
    assert made.policy.sales.promise == numbers[PROMISE]
    assert made.market.onboarding.tasks == round(numbers["market.onboarding.tasks"])
    assert made.market.reference is scenario.market.reference and made.survey is scenario.survey


@pytest.mark.parametrize(
    ("varied", "sentence"),
    [
        ({"market": {"people": {"fit_alfa": [1, 2]}}}, "market.people.fit_alfa must name a number"),
        ({"market": {"people": [1, 2]}}, "market.people must name a number"),
        ({"market": {"name": [1, 2]}}, "market.name must name a number"),
        ({"policy": {"sales": {"promise": [0, 9]}}}, "promise must be in [0, 3]"),
    ],
)
def test_keys_that_do_not_exist_or_leave_their_range(varied: dict[str, object], sentence: str) -> None:
    scenario, made = load_scenario(), Panel(firms=2, varied=varied, linked={}, share_a_draw=False)
    with pytest.raises(InputError) as error:
        for number in range(20):
            made.firm(scenario, 0, number)
    assert sentence in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"varied": {"market": {"x": 3}}}, "panel.varied.market.x must be two numbers"),
        ({"varied": {"seed": [0, 3]}}, "panel keys must lie in market, world"),
        ({"varied": LINKED}, "panel.linked must not name a key of panel.varied"),
        ({"firms": 1}, "firms must be in"),
    ],
)
def test_a_panel_that_makes_no_sense(arguments: dict[str, object], sentence: str) -> None:
    told = {"firms": 50, "varied": VARIED, "linked": LINKED, "share_a_draw": False}
    with pytest.raises(InputError) as error:
        Panel(**(told | arguments))  # type: ignore[arg-type]
    assert sentence in str(error.value)


def test_the_shipped_panel_is_a_panel_and_small_keeps_its_firms() -> None:
    from omegaconf import OmegaConf

    from sim.experiments.checked import compositions
    from sim.experiments.composer import composer
    from sim.experiments.plan import plan

    scenario = load_scenario()
    with composer() as tree:
        (study,) = plan(tree, ["experiment=firm_panel", "size=small"], False)
        for _, cfg in compositions(tree, study):
            body = OmegaConf.to_container(cfg)
            made = panel_of(body)  # type: ignore[arg-type]
            assert made is not None and made.firms >= 50 and runs_of(body) == made.firms  # type: ignore[arg-type]
            made.firm(scenario, 0, 0)
    assert panel_of({"panel": None}) is None and runs_of({"replications": 3, "panel": None}) == 3


def long(firms: int, individual: float, ecological: float) -> pd.DataFrame:
    """Metrics of firms whose score level rises by one from firm to firm."""
    rows = []
    for firm in range(firms):
        noise = math.sin(7.0 * firm)
        told = [("revenue_growth", "truth", 3, ecological * firm + noise)]
        for view in ("truth", "respondents"):
            told += [("nps", view, 1, 0.0), ("nps", view, 2, float(firm))]
            told += [("corr_nps_renewal", view, None, individual + 0.1 * noise)]
        rows += [(firm, m, v, "all", math.nan if y is None else 365.25 * y, x, 9) for m, v, y, x in told]
    return pd.DataFrame(rows, columns=["replication", "metric", "view", "segment", "time_days", "value", "n"])


@pytest.mark.parametrize(("ecological", "word"), [(0.5, "same"), (-0.5, "opposite"), (0.0, "undecided")])
def test_firms_may_say_the_opposite_of_customers(ecological: float, word: str) -> None:
    table = panel_table(long(60, 0.3, ecological), None, 0)
    lines = panel_lines(associations(table), "balanced here")
    assert f"panel signs truth {word} balanced here" in lines
    (individual,) = [one for one in associations(table) if one.kind == "individual" and one.view == "truth"]
    assert individual.value == pytest.approx(0.3, abs=0.05) and individual.firms == 60


def test_fishers_interval() -> None:
    """r = .5 from 28 pairs: [.156, .736] (z = .5493 +- 1.96/5)."""
    x = np.arange(28.0)
    y = np.sin(3.0 * x)
    y -= y.mean() + (x - x.mean()) * np.dot(x - x.mean(), y - y.mean()) / np.dot(x - x.mean(), x - x.mean())
    score = (x - x.mean()) / x.std()
    made = across_firms("level", "truth", score, 0.5 * score + math.sqrt(0.75) * y / y.std())
    assert (made.value, made.low, made.high) == pytest.approx((0.5, 0.156, 0.736), abs=1e-3)


def test_growth_of_recurring_revenue() -> None:
    """One customer pays 1,200 a year for three years, another 2,400 from the second year on."""
    tables = Handmade(37.0)
    for customer, first, price in ((1, 0, 1200.0), (2, 1, 2400.0)):
        for year in range(first, 4):
            start = 365.25 * year + 10.0
            tables.money(start, customer, "invoice_regular", price, covers_to_days=start + 365.25)
    frame = growth(tables.run())
    at = {
        (row.metric, row.time_days): (row.value, row.n) for row in frame.itertuples() if row.time_days == row.time_days
    }
    assert at["recurring_revenue", 365.25] == (pytest.approx(100.0), 1)
    assert at["revenue_growth", 730.5] == (pytest.approx(2.0), 1)
    assert at["revenue_growth", 1095.75] == (pytest.approx(0.0), 2)
    pooled = frame[frame["time_days"].isna()].set_index("metric")["value"]
    assert pooled["revenue_growth"] == pytest.approx(math.sqrt(3.0) - 1.0) and pooled[
        "recurring_revenue"
    ] == pytest.approx(300.0)
