"""Moments in which Ctrl-C waits."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold Ctrl-C back until the block has ended, so that it is done whole."""
    came: list[tuple[Any, Any]] = []
    try:
        before = signal.signal(signal.SIGINT, lambda *where: came.append(where))
    except ValueError:  # not in the main thread, which is the one that Ctrl-C interrupts
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came and callable(before):
        before(*came[0])
