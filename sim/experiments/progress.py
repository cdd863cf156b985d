"""Progress on stderr: a bar on a terminal, plain lines elsewhere; both with rate, time left and failures."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TextIO

from sim.experiments.tally import NOTHING, Tally

LINE_EVERY_SECONDS = 5.0


class Progress:
    """Shows how far a command is: scenarios and replications done, rate, time left, failures so far.

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
        self._started = self._said = clock()
        self._now = NOTHING
        self._sentences: set[str] = set()
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

    def __call__(self, done: int, total: int) -> None:
        """Progress of a single scenario."""
        self._total = total
        self.show(self._now._replace(done=done))

    def show(self, now: Tally, settled: bool = False) -> None:
        """The counts of all scenarios together; a failure is said at once."""
        before, self._now = self._now, now
        for sentence in now.said:
            if sentence not in self._sentences:
                self._sentences.add(sentence)
                self._tell(sentence)
        if self._bar is not None:
            self._bar.total = self._expected
            self._bar.set_description(now.name or self._label, refresh=False)
            self._bar.set_postfix_str(", ".join(self._counts()), refresh=False)
            self._bar.update(now.done - before.done)
        elif now != before and self._clock() - self._said >= LINE_EVERY_SECONDS:
            self._say()

    @property
    def _expected(self) -> int:
        """Replications that can still be had."""
        return self._total - self._now.lost

    def _tell(self, sentence: str) -> None:
        if self._bar is not None:
            self._bar.write(sentence, file=self._stream)
        else:
            print(sentence, file=self._stream, flush=True)

    def _counts(self) -> list[str]:
        """What is said besides the replications: scenarios, what came out of the store, failures."""
        said = [f"{self._now.ended}/{self._scenarios} scenarios"] if self._scenarios > 1 else []
        said += [f"{self._now.kept} from the store"] if self._now.kept else []
        return said + ([f"{self._now.failed} failed"] if self._now.failed else [])

    def _say(self) -> None:
        self._said = self._clock()
        elapsed, now = self._said - self._started, self._now
        said = [f"{now.done}/{self._expected} replications", *self._counts()]
        made = now.done - now.kept
        if made > 0 and elapsed > 0.0:
            rate = made / elapsed
            said += [f"{rate:.2g} per second", f"{_duration((self._expected - now.done) / rate)} left"]
        print(f"{now.name or self._label}: {', '.join(said)}", file=self._stream, flush=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
