"""A small stand-in for the simulation, so that these tests are about the command line alone."""

from __future__ import annotations

import types
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from sim.columns import plain
from sim.command.main import main
from sim.events import SCHEMAS
from sim.experiments.replication import Outcome
from sim.recorder import Run
from sim.scenario import windows
from sim.store.shelf import Facts

DTYPES = {"int32": "int32", "int64": "int64", "float64": "float64", "bool": "bool", "text": "category"}


class Said(NamedTuple):
    """What one command line did."""

    code: int
    out: list[str]
    err: str

    @property
    def sentence(self) -> str:
        """The one line on stderr that is the answer to wrong input."""
        return self.err.strip().splitlines()[-1]


def _empty_run(horizon_months: float) -> Run:
    tables = {
        name: pd.DataFrame({c.name: pd.Series([], dtype=DTYPES[c.dtype]) for c in schema})
        for name, schema in SCHEMAS.items()
    }
    return Run(**tables, windows=windows(horizon_months), discount_rate_per_year=0.1, kernel_events=7)


def page(folder: Path, n_jobs: int = 1) -> Path:
    """A page in place of the report; like the report it needs the manifest."""
    assert (folder / "manifest.json").exists()
    (folder / "report.html").write_text("<title>stand-in</title>")
    return folder / "report.html"


class Stand:
    """Builds a scenario that is its own configuration, and replicates it without simulating."""

    def __init__(self) -> None:
        self.built: list[Any] = []
        self.fails: Callable[[Any], None] = lambda cfg: None
        self.stops_after: int | None = None

    def build(self, cfg: Any, tree: Any = None) -> Any:
        """A stand-in scenario with the configuration inside."""
        self.built.append(cfg)
        return types.SimpleNamespace(
            cfg=cfg, metrics=(), market=None, windows=windows(float(cfg.horizon_months)), discount_rate_per_year=0.1
        )

    def each(
        self, take: Any, scenario: Any, seed: int, replications: int, n_jobs: int, progress: Any, *_: Any, **store: Any
    ) -> int:
        """Metrics that depend on world, policy and replication, with a paired effect."""
        cfg = scenario.cfg
        self.fails(cfg)
        finished = replications if self.stops_after is None else min(replications, self.stops_after)
        if progress is not None:
            progress(finished, replications)
        names = ("net_cash_per_candidate", "revenue_per_candidate", "logo_retention_12")
        effect = {"experience_focused": 5.0, "outcome_focused": 9.0}.get(cfg.policy.name, 0.0)
        facts = Facts.of(_empty_run(float(cfg.horizon_months)))
        for r in range(finished):
            rows = [
                (r, name, "truth", "all", np.nan if name != names[2] else 365.25, 100.0 + seed + np.sin(r + i) + effect)
                for i, name in enumerate(names)
            ]
            columns = ["replication", "metric", "view", "segment", "time_days", "value"]
            long = pd.DataFrame(rows, columns=columns).assign(n=50).astype({"replication": "int32"})
            take(Outcome(r, facts, plain(long)))
        return finished


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Stand:
    """Replace building and replicating for one test."""
    made = Stand()
    monkeypatch.setattr("sim.build.build", made.build)
    monkeypatch.setattr("sim.experiments.replicate.each", made.each)
    monkeypatch.setattr("sim.experiments.tariffs.tariff_facts", lambda scenario: {})
    monkeypatch.setattr("sim.report.page.build_report", page)
    monkeypatch.setattr("sim.experiments.processes.ready", lambda n_jobs, *modules: nullcontext())
    return made


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HYDRA_FULL_ERROR", raising=False)
    return tmp_path


@pytest.fixture
def say(stand: Stand, tree: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command line in its own folder with the stand-in simulation."""

    def run(*argv: str) -> Said:
        code = main(argv)
        captured = capsys.readouterr()
        return Said(code, captured.out.splitlines(), captured.err)

    return run
