"""Moments in which Ctrl-C and its like wait."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What asks a process to end: Ctrl-C, a batch system or `kill`, a terminal that is closed."""


class Undisturbed:
    """Holds them back in some moments of a longer piece of work.

    with Undisturbed() as calm: ...; calm(act, what)

    Only the main thread is ever interrupted; elsewhere there is nothing to hold back.
    """

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self._came: list[tuple[Any, Any]] = []
        self._busy = False

    def __enter__(self) -> Self:
        try:
            for number in ENDING:
                if callable(handler := signal.getsignal(number)):
                    signal.signal(number, self._interrupted)
                    self._before[number] = handler
        except ValueError:
            pass
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def __call__(self, act: Any, *what: Any) -> None:
        """Do it whole; what came meanwhile follows."""
        self._busy = True
        try:
            act(*what)
        finally:
            self._busy = False
        self.follow()

    def begin(self) -> None:
        """From now on they wait, until `follow`."""
        self._busy = True

    def follow(self) -> None:
        """What came meanwhile happens now, the first of it."""
        self._busy = False
        if self._came:
            number, frame = self._came[0]
            self._came.clear()
            self._before[number](number, frame)

    def _interrupted(self, number: int, frame: Any) -> None:
        if self._busy:
            self._came.append((number, frame))
        else:
            self._before[number](number, frame)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold them back until the block has ended, so that it is done whole."""
    with Undisturbed() as calm:
        calm.begin()
        yield
    calm.follow()
