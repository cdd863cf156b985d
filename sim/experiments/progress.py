"""Progress on stderr: a bar on a terminal, plain lines elsewhere; both with rate and time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TextIO

LINE_EVERY_SECONDS = 5.0


class Progress:
    """Counts replications over all arms of a command.

    with Progress(total) as progress: replicate(..., progress=progress.part("arm"))
    """

    def __init__(
        self,
        total: int,
        label: str = "replications",
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total, self._label, self._clock = total, label, clock
        self._stream = sys.stderr if stream is None else stream
        self._done, self._base, self._started = 0, 0, clock()
        self._said = self._started
        self._bar: Any = None

    def __enter__(self) -> Self:
        if self._stream.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=self._total, desc=self._label, file=self._stream, unit="rep", leave=False)
        else:
            self._say()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
        self._say()

    def part(self, name: str) -> Callable[[int, int], None]:
        """The callback for one arm: its own counts are added to those of the arms before it."""
        self._base = self._done
        if self._bar is not None:
            self._bar.set_description(name)
        else:
            self._label = name

        def advance(done: int, total: int) -> None:
            self._advance(self._base + done)

        return advance

    def __call__(self, done: int, total: int) -> None:
        """Progress of a single arm."""
        self._total = total
        self._advance(done)

    def _advance(self, done: int) -> None:
        step, self._done = done - self._done, done
        if self._bar is not None:
            self._bar.update(step)
        elif self._clock() - self._said >= LINE_EVERY_SECONDS:
            self._say()

    def _say(self) -> None:
        self._said = self._clock()
        elapsed = self._said - self._started
        text = f"{self._label}: {self._done}/{self._total} replications"
        if self._done and elapsed > 0.0:
            rate = self._done / elapsed
            left = (self._total - self._done) / rate
            text += f", {rate:.2g} per second, {_duration(left)} left"
        print(text, file=self._stream, flush=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
