"""Moments in which Ctrl-C and the signals that end a process wait."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What asks a process to end: Ctrl-C, a batch system or `kill`, a terminal that is closed."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold them back until the block has ended, so that it is done whole."""
    came: list[tuple[Any, Any]] = []
    before: dict[int, Any] = {}
    try:
        for number in ENDING:
            if callable(signal.getsignal(number)):
                before[number] = signal.signal(number, lambda *where: came.append(where))
    except ValueError:  # not in the main thread, which is the one that a signal interrupts
        pass
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        before[came[0][0]](*came[0])
