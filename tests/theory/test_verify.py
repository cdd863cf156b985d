"""`outcomelab verify`: closed forms to the last published digit, a right program passes, a wrong one does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.command.main import main
from sim.verify import contract, desk, retention, score
from sim.verify.check import FALSE_ALARM, Check, bounded_mean, share
from sim.verify.contract import Collar
from sim.verify.desk import Queue, erlang_c
from sim.verify.retention import Retention
from sim.verify.score import Score

MMC = [(0.8, 1, 0.8), (1.8, 2, 0.852632), (2, 3, 0.444444), (8, 10, 0.409180), (9, 10, 0.668732), (18, 20, 0.550769)]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the work, for the same verdicts."""
    monkeypatch.setattr(retention, "RUNS", 1)
    monkeypatch.setattr(desk, "LONG", 20.0)
    monkeypatch.setattr(score, "ANSWERS", 30_000)
    monkeypatch.setattr(contract, "CUSTOMERS", 4)


@pytest.mark.parametrize(("load", "servers", "exact"), MMC)
def test_erlang(load: float, servers: int, exact: float) -> None:
    assert erlang_c(load, servers) == pytest.approx(exact, abs=5e-7)


def test_collar_moments() -> None:
    law = Collar(**Collar.textbook)._law()
    assert law == pytest.approx((99.379300, 14.104554, 0.030396, 0.105650), abs=5e-7)


def test_payments_moments() -> None:
    """Mean and deviation of discounted payments against 200,000 lives drawn from the law; 4 SE."""
    family = Retention(0.704, 1.182, 0.1, 12)
    draw = np.random.default_rng(1)
    lives = np.minimum(draw.geometric(draw.beta(0.704, 1.182, 200_000)), 12)
    worth = (1.0 - 1.1 ** -lives.astype(float)) / (1.0 - 1.0 / 1.1)
    from sim.fitting.sbg import ShiftedBetaGeometric

    mean, deviation = family._payments(ShiftedBetaGeometric(0.704, 1.182))
    assert abs(worth.mean() - mean) <= 4.0 * deviation / np.sqrt(worth.size)
    assert worth.std() == pytest.approx(deviation, rel=0.01)


def test_coverage_of_the_margin() -> None:
    """The chance that a score lies within its margin, by 400,000 multinomial surveys; 4 SE."""
    family = Score(0.5, 0.2, 100)
    counts = np.random.default_rng(2).multinomial(100, [0.5, 0.2, 0.3], 400_000)
    within = (np.abs(counts[:, 0] - counts[:, 1] - 30.0) <= 15.3078).mean()
    assert abs(within - family._within) <= 4.0 * np.sqrt(0.05 * 0.95 / 400_000)


def test_a_stationary_start_is_stationary() -> None:
    """How many an arrival meets, at evenly spread uniforms: P(all busy) and the mean of M/M/3."""
    queue = Queue(2.0, 1.0, 3)
    met = np.array([queue._present((i + 0.5) / 20_000) for i in range(20_000)])
    assert (met >= 3).mean() == pytest.approx(0.444444, abs=1e-4)
    assert met.mean() == pytest.approx(2.0 + 0.888889, abs=2e-3)


def test_false_alarms_are_as_rare_as_stated() -> None:
    """Under the null a probability below x comes up at most x of the time, also for rare events; 5,000 trials."""
    draw = np.random.default_rng(3)
    for exact, trials in ((0.4, 500), (0.002, 500)):
        rare = [share("f", "q", int(k), trials, exact).probability for k in draw.binomial(trials, exact, 5_000)]
        assert np.mean(np.array(rare) <= 0.01) <= 0.01 + 4.0 * np.sqrt(0.01 * 0.99 / 5_000)
        means = [
            bounded_mean("f", "q", values.astype(float), exact, (exact * (1.0 - exact)) ** 0.5, 1.0).probability
            for values in draw.binomial(1, exact, (5_000, trials))
        ]
        assert np.mean(np.array(means) <= 0.01) <= 0.01


def test_a_gap_of_six_standard_errors_is_seen() -> None:
    """The price of the bounds: Bernstein still fails what is six standard errors away."""
    values = np.full(10_000, 0.5 + 6.0 * 0.5 / 100.0)
    assert not bounded_mean("f", "q", values, 0.5, 0.5, 1.0).passes(20)
    assert not share("f", "q", 5_300, 10_000, 0.5).passes(20)
    assert Check("f", "q", 0.0, 0.0, 0.0, FALSE_ALARM / 2.0).passes(2)


def test_a_right_program_passes(small: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(
            [
                "verify",
                "--quick",
                "--seed",
                "9001",
                "sbg.alpha=0.8",
                "sbg.terms=3",
                "mmc.servers=4",
                "nps",
                "collar.cap=110",
            ]
        )
        == 0
    )
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[1] for line in lines[:-1]} == {"sbg", "mmc", "nps", "collar"}
    assert all(len(line.split()) == 7 and line.endswith("pass") for line in lines[:-1])
    assert "0.001" in lines[-1]


@pytest.mark.parametrize("family", ["sbg", "mmc", "nps", "collar"])
def test_a_wrong_parameter_fails(
    small: None, family: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Negative control: the program simulates another parameter than the one the formula is told."""
    other = {
        "sbg": (Retention, "_changes", lambda own: replace(own, beta=2.0)),
        "mmc": (Queue, "_waits", lambda own: replace(own, servers=own.servers + 1)),
        "nps": (Score, "_question", lambda own: replace(own, promoters=0.4)),
        "collar": (Collar, "_tariff", lambda own: replace(own, deviation=26.0)),
    }
    kind, name, wrong = other[family]
    right = getattr(kind, name)
    monkeypatch.setattr(kind, name, lambda self, *given: right(wrong(self), *given))
    if family == "sbg":
        monkeypatch.setitem(kind.textbook, "terms", 3)
    assert main(["verify", "--quick", "--seed", "9002", family]) == 1
    assert any(line.endswith(" fail") for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("mm", "did you mean mmc?"),
        ("mmc.server=3", "did you mean servers?"),
        ("mmc.servers=2.5", "mmc.servers must be a whole number"),
        ("mmc.arrivals=3", "at most 90%"),
        ("nps.promoters=nan", "nps.promoters must be in"),
        ("mmc=3", "FAMILY.KEY=VALUE"),
        ("collar.cap=50", "collar.cap must be above"),
        ("--fast", "no flag"),
        ("--seed=x", "whole number"),
    ],
)
def test_wrong_input_is_one_sentence(word: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--quick", word]) == 2
    said = capsys.readouterr()
    assert sentence in said.err and said.out == "" and len(said.err.splitlines()) == 1
