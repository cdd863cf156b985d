"""A command as a process among others: what ends it, and where its words go.

Ctrl-C, SIGTERM (a batch system, `kill`) and SIGHUP (a closed terminal) all end it in the same order: the workers are
stopped, what has finished is written. The same once more leaves that out, and a third time ends it where it stands.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Final, Self

WORDS: Final = {"SIGINT": "Ctrl-C", "SIGTERM": "SIGTERM", "SIGHUP": "SIGHUP (its terminal was closed)"}
PATIENCE: Final = 2
"""Signals after which it is no longer left in order."""
ENDED_BY: Final = 128
"""A shell adds the signal's number to this."""


class Ending:
    """Raises KeyboardInterrupt for every signal that asks the command to end.

    with Ending() as ending: ...; a signal that somebody else takes care of, or that is ignored (nohup), is left alone.
    """

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self.came: list[int] = []

    def __enter__(self) -> Self:
        with suppress(ValueError):  # not in the main thread
            for number in (getattr(signal, name) for name in WORDS if hasattr(signal, name)):
                if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                    self._before[number] = signal.signal(number, self._raise)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _raise(self, number: int, frame: FrameType | None) -> None:
        self.came.append(number)
        if len(self.came) > PATIENCE:
            os._exit(ENDED_BY + number)
        raise KeyboardInterrupt

    @property
    def code(self) -> int:
        """Exit code as a shell would give it."""
        return ENDED_BY + (self.came[0] if self.came else signal.SIGINT)

    @property
    def word(self) -> str:
        """What ended it."""
        return WORDS[signal.Signals(self.came[0] if self.came else signal.SIGINT).name]


class _Patient(io.FileIO):
    """A file that takes what nobody reads any more: a log whose reader has gone stops nobody's work."""

    def write(self, content: Any) -> int:
        with suppress(OSError):
            return super().write(content) or 0
        return len(content)


def prepare_streams() -> None:
    """Streams of a process of our own that can be written: a closed one leads nowhere, stderr never fails, and what an
    encoding does not have is spelt out."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - for as long as we live
    with suppress(OSError, ValueError, AttributeError):
        raw, encoding = _Patient(sys.stderr.fileno(), "wb", closefd=False), sys.stderr.encoding
        sys.stderr = io.TextIOWrapper(raw, encoding, "backslashreplace", write_through=True)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
