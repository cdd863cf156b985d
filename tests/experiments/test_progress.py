"""What a long study says about itself, in a log and on a terminal."""

from __future__ import annotations

import io

from sim.experiments.progress import Progress


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
        first = progress.part("a", 10)
        progress.kept(5)
        first(5, 10)
        clock.now += 10.0
        first(10, 10)
        second = progress.part("b", 10)
        clock.now += 4.0
        second(2, 10)
        progress.failed("arm b failed: no luck")
        third = progress.part("c", 10)
        clock.now += 6.0
        third(10, 10)
    return stream.getvalue().splitlines()


def test_a_log_names_scenarios_replications_rate_rest_and_failures() -> None:
    assert told(Clock(), io.StringIO()) == [
        "study: 0/30 replications, 0/3 scenarios",
        "a: 10/30 replications, 1/3 scenarios, 5 from the store, 0.5 per second, 0:40 left",
        "arm b failed: no luck",
        "c: 22/22 replications, 3/3 scenarios, 5 from the store, 1 failed, 0.85 per second, 0:00 left",
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
