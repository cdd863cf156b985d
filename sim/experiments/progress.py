"""Progress on stderr: a bar on a terminal, plain lines elsewhere; both with rate, time left and failures."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TextIO

LINE_EVERY_SECONDS = 5.0


class Progress:
    """Counts replications over all scenarios of a command.

    with Progress(total, scenarios=2) as progress: replicate(..., progress=progress.part("arm", 20))

    What came out of the store counts as done and not towards the rate, so that the time left is an honest one.
    """

    def __init__(
        self,
        total: int,
        label: str = "replications",
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        scenarios: int = 1,
    ) -> None:
        self._total, self._label, self._clock, self._scenarios = total, label, clock, scenarios
        self._stream = sys.stderr if stream is None else stream
        self._done, self._base, self._started = 0, 0, clock()
        self._kept, self._begun, self._failed = 0, 0, 0
        self._end: int | None = None
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

    def part(self, name: str, replications: int | None = None) -> Callable[[int, int], None]:
        """The callback for one scenario: its own counts are added to those of the scenarios before it."""
        self._base, self._begun = self._done, self._begun + 1
        self._end = None if replications is None else self._base + replications
        if self._bar is not None:
            self._bar.set_description(name)
        else:
            self._label = name

        def advance(done: int, total: int) -> None:
            self._advance(self._base + done)

        return advance

    def kept(self, replications: int) -> None:
        """The scenario just begun finds so many of its replications in the store."""
        self._kept += replications

    def failed(self, sentence: str) -> None:
        """The scenario just begun has failed: say so at once, and expect no more of it."""
        self._failed += 1
        if self._end is not None:
            self._total -= max(0, self._end - self._done)
        if self._bar is not None:
            self._bar.write(sentence, file=self._stream)
            self._bar.total = self._total
        else:
            print(sentence, file=self._stream, flush=True)

    def __call__(self, done: int, total: int) -> None:
        """Progress of a single scenario."""
        self._total = total
        self._advance(done)

    def _advance(self, done: int) -> None:
        step, self._done = done - self._done, done
        if self._bar is not None:
            self._bar.set_postfix_str(", ".join(self._counts()), refresh=False)
            self._bar.update(step)
        elif self._clock() - self._said >= LINE_EVERY_SECONDS:
            self._say()

    def _counts(self) -> list[str]:
        """What is said besides the replications: scenarios, what came out of the store, failures."""
        whole = self._end is None or self._done >= self._end
        ended = self._begun if whole else self._begun - 1
        said = [f"{ended}/{self._scenarios} scenarios"] if self._scenarios > 1 else []
        said += [f"{self._kept} from the store"] if self._kept else []
        return said + ([f"{self._failed} failed"] if self._failed else [])

    def _say(self) -> None:
        self._said = self._clock()
        elapsed = self._said - self._started
        said = [f"{self._done}/{self._total} replications", *self._counts()]
        made = self._done - self._kept
        if made > 0 and elapsed > 0.0:
            rate = made / elapsed
            said += [f"{rate:.2g} per second", f"{_duration((self._total - self._done) / rate)} left"]
        print(f"{self._label}: {', '.join(said)}", file=self._stream, flush=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
