"""A process that works for another ends with it, also where that one was killed and could not say so."""

from __future__ import annotations

import os
import time
from threading import Thread

LOOK_EVERY_SECONDS = 1.0
_watches: list[int] = []
"""The process that watches, once it does."""


def end_with_parent() -> None:
    """From now on this process ends when the one that started it has ended."""
    if os.getpid() not in _watches:
        _watches[:] = [os.getpid()]
        Thread(target=_watch, args=(os.getppid(),), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_SECONDS)
    os._exit(1)
