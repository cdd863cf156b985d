"""`iso_result`: rungs of budgets as jobs, what an equal result costs in the long table, wrong settings refused."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.checks import InputError
from sim.experiments.arms import Context
from sim.experiments.composer import composer
from sim.experiments.equal_result import IsoResult, base_of, declared_result, equal_result_lines, with_equal_results
from sim.experiments.plan import plan
from sim.metrics.long import Measure

WANTED = IsoResult("nrr_24", (0.5, 2.0))
ARMS = ("lean", "plain")


def test_every_context_is_also_run_at_the_other_budgets() -> None:
    with composer() as tree:
        (study,) = plan(tree, ("experiment=share_frontier", "+iso_result={metric: nrr_24, scales: [0.5, 2]}"), False)
    names = list(dict.fromkeys(job.context.name for job in study.jobs))
    plain = ["share_0", "share_33", "share_67", "share_100"]
    assert names == plain + [f"{name},budget_scale={scale}" for scale in ("0.5", "2") for name in plain]
    assert [base_of(job.context) for job in study.jobs][-1] == ("share_100", 2.0)
    assert "budget_scale=2" in study.jobs[-1].overrides
    assert {job.arm for job in study.jobs if base_of(job.context)[1] != 1.0} == {"outcome_focused"}


def study_of(places: list[Context]) -> Any:
    jobs = [types.SimpleNamespace(context=place, arm=arm) for place in places for arm in ARMS]
    return types.SimpleNamespace(iso_result=WANTED, jobs=jobs, arms=list(ARMS), baseline="plain")


def test_the_cost_of_an_equal_result_stands_in_the_long_table() -> None:
    """`lean` has at half the money what `plain` has at all of it; its people are in proportion."""
    rows = []
    for scale, context in ((1.0, "here"), (0.5, "here,budget_scale=0.5"), (2.0, "here,budget_scale=2")):
        for arm, worth in (("lean", 2.0), ("plain", 1.0)):
            if arm == "plain" and scale != 1.0:
                continue  # the baseline has no rungs
            for replication in range(4):
                luck = 0.01 * np.sin(replication)
                rows.append((arm, context, replication, "nrr_24", 0.9 + 0.1 * np.log2(worth * scale) + luck))
                rows.append((arm, context, replication, "people", 8.0 * scale))
    columns = ["arm", "context", "replication", "metric", "value"]
    metrics = pd.DataFrame(rows, columns=columns).assign(view="truth", segment="all", time_days=np.nan, n=5)
    place = Context((("context", "here"),))
    rungs = [Context((*place.columns, ("budget_scale", scale))) for scale in ("0.5", "2")]
    study = study_of([place, *rungs])
    found = with_equal_results(study, metrics)
    added = found[found["metric"].str.endswith("_at_equal_result")]
    assert set(added["context"]) == {"here"} and len(added) == 2 * 2 * 4
    means = added.groupby(["metric", "arm"])["value"].mean()
    assert means["budget_at_equal_result"].to_dict() == pytest.approx({"lean": 0.5, "plain": 1.0})
    assert means["people_at_equal_result"].to_dict() == pytest.approx({"lean": 4.0, "plain": 8.0})
    (line,) = equal_result_lines(study, found)
    assert line.split()[:4] == ["equal_result", "nrr_24", "lean", "0.5"]


@pytest.mark.parametrize(
    ("metric", "known"),
    [("logo_churn_per_year", {}), ("gripes", {"gripes": Measure("A user's own.", "1", False, "surveyed")})],
)
def test_a_result_that_is_better_the_lower_it_is_falls_with_the_budget(metric: str, known: dict[str, Measure]) -> None:
    """`lean` loses .3, .2, .1 at half the money, all of it, half more; `plain` .15. Negative control: the sign lost."""
    told = [("plain", "here", 0.15)]
    told += [("lean", f"here,budget_scale={scale}", lost) for scale, lost in (("0.5", 0.3), ("1.5", 0.1))]
    told += [("lean", "here", 0.2)]
    view = known[metric].view if known else "truth"
    rows = [(arm, where, r, metric, view, lost + 0.001 * r) for arm, where, lost in told for r in range(4)]
    metrics = pd.DataFrame(rows, columns=["arm", "context", "replication", "metric", "view", "value"])
    metrics = metrics.assign(segment="all", time_days=np.nan, n=5)
    place = Context((("context", "here"),))
    study = study_of([place, *(Context((*place.columns, ("budget_scale", scale))) for scale in ("0.5", "1.5"))])
    study.iso_result = IsoResult(metric, (0.5, 1.5))
    found = with_equal_results(study, metrics, known)
    lean = found[(found["metric"] == "budget_at_equal_result") & (found["arm"] == "lean")]
    assert lean["value"].to_numpy() == pytest.approx(np.full(4, 1.25))
    as_if_higher = {metric: Measure("", "1", True, view)}
    ends = with_equal_results(study, metrics, as_if_higher)
    ends = ends[(ends["metric"] == "budget_at_equal_result") & (ends["arm"] == "lean")]
    assert set(ends["value"].round(9)) == {0.5}


@pytest.mark.parametrize(
    ("node", "words"),
    [
        ({"metric": "nrr_24"}, "iso_result must have metric and scales"),
        ({"metric": "nrr_24", "scales": [1.0, 2.0]}, "budgets besides 1, each once"),
        ({"metric": "nrr_24", "scales": [99.0]}, "iso_result.scales"),
    ],
)
def test_wrong_settings_are_refused(node: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        declared_result(node)


def test_arms_share_the_budget() -> None:
    with composer() as tree, pytest.raises(InputError, match=r"arms meet equal conditions .* got budget_scale"):
        plan(tree, ("experiment=share_frontier", "arms.outcome_focused=['budget_scale=2']"), False)


def test_the_books_balance_at_every_budget(tmp_path: Path) -> None:
    """Budget, spending and reserve sum to zero each month, and the budget is the plan's times the scale."""
    from labkit import shipped

    from sim.metrics.staff import staff
    from sim.simulation import simulate

    budgets, people = [], []
    for scale in (0.5, 1.0):
        run = simulate(shipped("candidates_share=0.1", "horizon_months=24", f"budget_scale={scale}"), 3)
        own = run.ledger[run.ledger["party"] < 0]
        assert own.groupby("time_days")["amount"].sum().abs().max() < 1e-6 * own["amount"].abs().max()
        budgets.append(own.loc[own["account"] == "budget", "amount"].sum())
        found = staff(run, builder_per_month=8000.0)
        people.append(float(found.loc[found["metric"] == "people", "value"].iloc[0]))
    assert budgets[0] == pytest.approx(0.5 * budgets[1]) and people[0] == pytest.approx(0.5 * people[1])
