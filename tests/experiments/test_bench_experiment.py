"""What is measured of an experiment is what is not simulating and measuring, and all of that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.build import load_scenario
from sim.checks import InputError
from sim.experiments import bench, bench_experiment
from sim.experiments.bench_collecting import SMALL, collect, finished


def test_simulating_and_measuring_are_taken_off(tmp_path: Path) -> None:
    scenario = load_scenario(*SMALL)
    with bench_experiment._inside() as spent:
        pure, own, outcome = bench_experiment.per_replication(scenario, 2, tmp_path)
    assert len(spent) == 3 * (1 + 2), "a run to warm up and two, each simulated, put in order and measured"
    assert pure > 0.0 and own > 0.0 and outcome.replication == 1
    with bench_experiment._inside() as spent:
        collect(SMALL, 3, finished(SMALL, 3, tmp_path / "kept").folder, tmp_path / "result")
    assert len(spent) == 3, "two of three are copies"
    assert len(list((tmp_path / "result").glob("*.parquet"))) == 6


def test_every_figure_finds_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("\n".join(bench_experiment.MARKS) + "\n")
    monkeypatch.setattr(bench_experiment, "experiment_costs", lambda scenario, quick: {"scenario_ms": 12.3456})
    assert bench.main(["experiment", "--quick", "--write", str(page)]) == 0
    assert "| `scenario_ms` | 12.35 | <= 30 |" in page.read_text()
    assert json.loads(capsys.readouterr().out) == {"scenario_ms": 12.35}
    with pytest.raises(InputError, match="'experiments'"):
        bench.main(["experiments"])
