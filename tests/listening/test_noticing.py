"""Monitor: silent problems, hints of telemetry, fixes unasked."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from labkit import changed, check_mean, runs, shipped

from sim.events import CUSTOMER_DECIDED
from sim.recorder import Run
from sim.rules.tickets import resolution_probability
from sim.scenario import Scenario
from sim.simulation import simulate

SMALL = ("candidates_share=0.15", "horizon_months=30")
WATCHED = ("policy/listening=outcome_monitored", "policy/monitoring=outcome")
SILENT = "world/silence=iceberg"


@cache
def run_of(*overrides: str, seed: int = 17) -> Run:
    return simulate(shipped(*SMALL, *overrides), seed)


def same(a: Run, b: Run, *names: str) -> bool:
    return all(a.tables[name].equals(b.tables[name]) for name in names or a.tables)


def decided(run: Run) -> pd.DataFrame:
    events = run.events[run.events["event"].isin(list(CUSTOMER_DECIDED))].reset_index(drop=True)
    return events.astype({"event": "str", "detail": "str"})


def times(run: Run, kind: str) -> pd.Series:
    """(customer, contract, number of the problem) -> when."""
    return run.events[run.events["event"] == kind].set_index(["customer", "contract", "occurrence"])["time_days"]


def test_without_silence_its_numbers_and_monitoring_change_nothing() -> None:
    other = {"world.silence.surface_days": 5.0, "world.silence.usage.chance": 1.0, "world.silence.fix_share": 0.1}
    plain = run_of()
    assert same(plain, simulate(changed(shipped(*SMALL), other), 17))
    assert same(plain, run_of("policy/monitoring=usage"))
    assert not same(plain, run_of(SILENT), "events")
    assert not same(run_of(SILENT), run_of(SILENT, "policy/monitoring=usage"), "events")


def closed_form(**changes: object) -> Scenario:
    """Everybody has silent problems only, nobody waits, nobody is held out."""
    scenario = shipped("candidates_share=0.15", "horizon_months=24")
    fixed = {"world.capacity_unlimited": True, "survey.hold_out_share": 0.0, "survey.moments": {}}
    return changed(scenario, {**fixed, **{key.replace("__", "."): value for key, value in changes.items()}})


def test_silent_problems_are_the_stated_share_and_surface_after_the_stated_time() -> None:
    """Bias that would be seen: .06 of the share, two days in ten of the delay."""
    scenario = closed_form(world__silence__share=0.4, world__silence__surface_days=10.0)
    shares, delays = [], []
    for run in runs(scenario, 41):
        silent, raised = times(run, "problem_silent"), times(run, "ticket_raised")
        early = silent[silent < run.windows.horizon_days - 150.0]
        spoken = raised[~raised.index.isin(silent.index) & (raised < run.windows.horizon_days - 150.0)]
        shares.append(len(early) / (len(early) + len(spoken)))
        delays.append((raised.reindex(early.index) - early).mean())
    check_mean(shares, 0.4, 0.06)
    check_mean(delays, 10.0, 2.0)


def test_fixes_unasked_work_as_often_as_telemetry_and_effort_say() -> None:
    """P(mended) = chance of a hint x what a fix unasked achieves, where every kind can be solved."""
    scenario = closed_form(
        world__silence__share=1.0, world__silence__surface_days=1e5, world__silence__usage__chance=0.7,
        world__silence__usage__delay_days=1.0, policy__monitoring__usage=True,
        policy__monitoring__effort=1.0, market__tickets__solvable=(1.0,) * 5,
    )  # fmt: skip
    expected = 0.7 * scenario.world.silence.fix_share * resolution_probability(1.0, 0.5, 0.12)
    found = []
    for run in runs(scenario, 42):
        silent = times(run, "problem_silent")
        read_days = 92.0 + run.customers.set_index("customer")["go_live_days"]
        known = silent > read_days.reindex(silent.index.get_level_values(0)).to_numpy()
        fixes = run.events[(run.events["event"] == "proactive_fix") & (run.events["detail"] == "resolved")]
        mended = pd.MultiIndex.from_frame(fixes[["customer", "contract", "occurrence"]])
        followed = silent[known & (silent < run.windows.horizon_days - 30.0)]
        found.append(float(followed.index.isin(mended).mean()))
    check_mean(found, expected, 0.08)


def test_every_silent_problem_ends_once() -> None:
    """Mended unasked, or complained of, or still there; never two of them."""
    run = run_of(SILENT, *WATCHED)
    silent, raised = times(run, "problem_silent"), times(run, "ticket_raised")
    fixes = run.events[run.events["event"] == "proactive_fix"]
    mended = pd.MultiIndex.from_frame(fixes[fixes["detail"] == "resolved"][["customer", "contract", "occurrence"]])
    assert len(mended) > 20
    assert not mended.duplicated().any()
    assert mended.isin(silent.index).all()
    assert not mended.isin(raised.index).any()
    assert (raised.reindex(silent.index).dropna() > silent[silent.index.isin(raised.index)]).all()
    whose = pd.MultiIndex.from_frame(fixes[["customer", "contract", "occurrence"]])
    hidden = fixes["time_days"] - silent.reindex(whose).to_numpy()
    assert np.allclose(fixes["value"], hidden)


def test_nobody_is_mended_without_telemetry_and_the_hold_out_is_left_alone() -> None:
    blind = run_of(SILENT, "policy/listening=traditional", "policy/monitoring=outcome")
    assert not (blind.events["event"] == "proactive_fix").any()
    run = run_of(SILENT, *WATCHED, "survey.hold_out_share=0.5")
    held = run.customers["customer"][run.customers["hold_out"]]
    fixes = run.events[run.events["event"] == "proactive_fix"]
    assert len(fixes) > 10
    assert not fixes["customer"].isin(held).any()


def test_monitoring_moves_outcomes_only_where_problems_are_silent() -> None:
    """Mean outcome at waves, paired by replication; without silent problems exactly nothing happens."""

    def gains(*overrides: str) -> list[float]:
        arms = [shipped("candidates_share=0.1", "horizon_months=30", *overrides, m) for m in
                ("policy/monitoring=usage", "policy/monitoring=nobody")]  # fmt: skip
        return [_mean_outcome(simulate(arms[0], 43, r)) - _mean_outcome(simulate(arms[1], 43, r)) for r in range(5)]

    found = np.array(gains("world/silence=iceberg", "world.silence.share=0.9", "world.silence.surface_days=1000"))
    assert found.mean() > 4.0 * found.std(ddof=1) / np.sqrt(len(found))
    assert set(gains()[:2]) == {0.0}


def _mean_outcome(run: Run) -> float:
    waves = run.surveys[(run.surveys["trigger"] == "wave") & (run.surveys["instrument"] == "nps")]
    return float(waves["outcome"].mean())


@pytest.mark.parametrize("lever", [0.0, 0.1])
def test_no_effect_holds_and_its_lever_is_the_one_for_handling(lever: float) -> None:
    """Where handling acts, the same two policies part (negative control)."""
    arms = [
        changed(shipped(*SMALL, "world=no_effect", SILENT, *more), {"world.levers.handling": lever})
        for more in ((), WATCHED)
    ]
    nobody, watched = (simulate(arm, 17) for arm in arms)
    assert (watched.events["event"] == "proactive_fix").any()
    assert (same(nobody, watched, "customers") and decided(nobody).equals(decided(watched))) == (lever == 0.0)
