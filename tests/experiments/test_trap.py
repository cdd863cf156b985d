"""The search for the smallest change, on differences that are known; the places and words around it."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from sim.checks import InputError
from sim.command.main import main
from sim.experiments.designs.factor import Factor
from sim.experiments.interval import Interval
from sim.experiments.trap.search import HALVINGS, Seen, search
from sim.experiments.trap.trial import _place

START = (0.5, 0.5, 0.5)


def sure(mean: float, half: float = 0.01) -> Interval:
    return Interval(mean, mean - half, mean + half, half, 4)


def world(value: Callable[[float, float, float], float], calls: list[tuple[float, ...]] | None = None):  # type: ignore[no-untyped-def]
    """A score that always prefers the arm, and a value that a function of three assumptions decides."""

    def trial(place: tuple[float, ...]) -> Seen:
        if calls is not None:
            calls.append(place)
        return Seen(sure(1.0), sure(value(*place)))

    return trial


def test_one_assumption() -> None:
    """The value turns at x = .2 and at y = .95: the nearer one is found, to 1/32 of its line."""
    found = search(world(lambda x, y, z: min(x - 0.2, 0.95 - y)), START)
    assert found.place is not None and found.place[1:] == (0.5, 0.5)
    assert 0.2 - 0.5 / 2**HALVINGS - 0.02 <= found.place[0] <= 0.2 and found.size == pytest.approx(0.5 - found.place[0])


def test_two_assumptions_where_one_is_not_enough() -> None:
    """x + y must fall below .3: neither alone can, both together by .35 each."""
    calls: list[tuple[float, ...]] = []
    found = search(world(lambda x, y, z: x + y - 0.3, calls), START)
    assert found.place is not None and found.place[2] == 0.5
    assert found.size == pytest.approx(0.35 * math.sqrt(2.0), abs=0.04)
    assert len(calls) < 30


def test_a_pair_may_be_nearer_than_one_alone() -> None:
    """x alone must fall by .4, both by .2 each: the pair's .28 wins."""
    found = search(world(lambda x, y, z: x + y - 0.6), START)
    assert found.size == pytest.approx(0.2 * math.sqrt(2.0), abs=0.04)


def test_none_within_the_ranges_and_none_needed() -> None:
    """Negative controls."""
    nowhere = search(world(lambda x, y, z: 1.0 + x), START)
    assert nowhere.place is None and math.isnan(nowhere.size) and len(nowhere.lines) == 6 + 3
    already = search(world(lambda x, y, z: -1.0), START)
    assert already.place == START and already.size == 0.0 and already.lines == ()


def test_only_clear_opposite_orders_are_a_trap() -> None:
    assert Seen(sure(1.0), sure(-1.0)).is_trap and Seen(sure(-1.0), sure(1.0)).is_trap
    assert not Seen(sure(1.0), sure(-1.0, half=2.0)).is_trap
    assert not Seen(sure(1.0), sure(2.0)).is_trap and not Seen(sure(0.0), sure(0.0)).is_trap
    assert Seen(sure(1.0), sure(-1.0)).apart > 0.0 > Seen(sure(1.0), sure(1.0)).apart


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (("experiment=happy_leavers",), "two arms"),
        (("--scores=nps",), "did you mean --score?"),
        (("nps_trap",), "neither KEY=VALUE"),
        (("experiment=nps_trap", "--page"), "--page needs a value"),
        (("experiment=nps_trap", "--page", "nowhere.md"), "--page must be a document that exists, got nowhere.md"),
        (("experiment=nps_trap", "--config-dir", "nowhere"), "--config-dir must be a folder"),
    ],
)
def test_wrong_input_is_one_sentence(
    argv: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    assert main(["trap", *argv]) == 2
    assert sentence in capsys.readouterr().err


def test_a_start_must_lie_in_its_range() -> None:
    even, log = Factor("x", (), 1.0, 3.0, "share"), Factor("x", (), 1.0, 100.0, "money", "log")
    assert _place(even, 1.5) == 0.25 and _place(log, 10.0) == pytest.approx(0.5)
    assert float(log.at(_place(log, 10.0))) == pytest.approx(10.0)
    with pytest.raises(InputError, match="starts from, 4"):
        _place(even, 4.0)


@pytest.mark.full
def test_the_shipped_trap_is_there_and_not_where_the_score_asks_what_decisions_weigh(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Fresh seed; the thesis both ways."""
    common = ("trap", "experiment=nps_trap", "seed=9000", "store=null")
    assert main(common) == 0
    (line,) = (text.split() for text in capsys.readouterr().out.splitlines() if text.startswith("trap nps "))
    assert line[5] == "found" and 0.0 < float(line[6]) < 0.5 and "world.share_experience=0." in line[7]
    assert main((*common, "survey.instruments.nps.share_experience=null")) == 0
    (line,) = (text.split() for text in capsys.readouterr().out.splitlines() if text.startswith("trap nps "))
    assert line[5] == "none"
