"""What a long study says about itself, in a log and on a terminal."""

from __future__ import annotations

import io
from pathlib import Path

from sim.experiments.progress import Progress
from sim.experiments.tally import Counter, Tally, Teller, read_tally, total
from sim.experiments.watch import Watch


class Clock:
    """Time that moves when told, also backwards."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(clock: Clock, stream: io.StringIO) -> list[str]:
    """Three scenarios of ten: one half out of the store, one that fails after two, one made whole."""
    with Progress(30, "study", stream, clock, scenarios=3) as progress:
        counter = Counter(progress.show)
        counter.begin("a", 10)
        counter.kept(5)
        counter.advance(5, 10)
        clock.now += 10.0
        counter.advance(10, 10)
        counter.ended()
        counter.begin("b", 10)
        clock.now += 4.0
        counter.advance(2, 10)
        counter.failed("arm b failed: no luck")
        counter.begin("c", 10)
        clock.now += 6.0
        counter.advance(10, 10)
        counter.ended()
    return stream.getvalue().splitlines()


def test_a_log_names_scenarios_replications_rate_rest_and_failures() -> None:
    assert told(Clock(), io.StringIO()) == [
        "study: 0/30 replications, 0/3 scenarios",
        "a: 10/30 replications, 0/3 scenarios, 5 from the store, 0.5 per second, 0:40 left",
        "arm b failed: no luck",
        "c: 22/22 replications, 2/3 scenarios, 5 from the store, 1 failed, 0.85 per second, 0:00 left",
        "c: 22/22 replications, 3/3 scenarios, 5 from the store, 1 failed, 0.85 per second, 0:00 left",
    ]


def test_a_terminal_shows_the_same_in_a_bar() -> None:
    stream = Terminal()
    told(Clock(), stream)
    assert "arm b failed: no luck" in stream.getvalue() and "1 failed" in stream.getvalue()


def test_a_clock_that_goes_backwards_only_silences_the_rate() -> None:
    clock, stream = Clock(), io.StringIO()
    clock.now = 100.0
    with Progress(2, "x", stream, clock) as progress:
        clock.now = 50.0
        progress(1, 2)
    assert stream.getvalue().splitlines()[-1] == "x: 1/2 replications"


def test_what_is_told_is_read_and_a_block_begins_again_behind_what_had_ended(tmp_path: Path) -> None:
    clock = Clock()
    counter = Counter(Teller(tmp_path, clock))
    counter.begin("a", 4)
    counter.advance(4, 4)
    counter.ended()
    counter.begin("b", 4)
    clock.now += 1.0
    counter.advance(3, 4)
    counter.advance(4, 4)
    settled, now = read_tally(tmp_path)
    assert (settled.ended, settled.done) == (1, 4), "what a worker that is killed now would be taken up from"
    assert (now.ended, now.done, now.name) == (1, 7, "b"), "told now and then only"
    again = Counter(Teller(tmp_path, clock), settled)
    again.begin("b", 4)
    again.kept(3)
    again.advance(4, 4)
    again.ended()
    assert read_tally(tmp_path)[0] == (2, 0, 8, 3, 0, "b", ())
    assert read_tally(tmp_path / "none") == (Tally(), Tally())


def test_the_driver_shows_the_sum_of_its_blocks_and_says_a_failure_once(tmp_path: Path) -> None:
    for name, failed in (("0", "arm x failed"), ("1", None)):
        counter = Counter(Teller(tmp_path / name))
        counter.begin("x", 5)
        counter.advance(3, 5)
        if failed:
            counter.failed(failed)
        else:
            counter.kept(1)
            counter.ended()
    stream, clock = io.StringIO(), Clock()
    with Progress(12, "study", stream, clock, scenarios=3) as progress:
        watch = Watch(tmp_path, progress)
        watch.look()
        watch.look()
        clock.now = 5.0
    assert stream.getvalue().splitlines()[1:] == [
        "arm x failed",
        "study: 6/10 replications, 2/3 scenarios, 1 from the store, 1 failed, 1 per second, 0:04 left",
    ]
    one, two = Tally(1, 0, 2, 0, 0, "a"), Tally(0, 0, 1, 1, 0, "b", ("s",))
    assert total([one, two]) == (1, 0, 3, 1, 0, "", ("s",)) and total([one]).name == "a"
