"""One command at a time fills a folder. The kernel keeps the lock, so it ends with its process, killed or not."""

from __future__ import annotations

import contextlib
import os
from datetime import datetime
from pathlib import Path

from sim.checks import InputError

LOCK = ".running"
"""Holds who and since when, for the sentence that refuses a second command; gone when the first has ended."""

_held: dict[Path, int] = {}


def hold(folder: Path) -> None:
    """Take the folder for this command; InputError where another command is filling it.

    Without locks (not POSIX, or a file system without them) everybody gets it.
    """
    try:
        import fcntl
    except ImportError:
        return
    while folder not in _held:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.read(handle, 200).decode(errors="replace") or "another command"
            os.close(handle)
            raise InputError(f"output must be a folder that no other command is filling, got {folder}: {who}") from None
        except OSError:
            os.close(handle)
            return
        if not _is(folder / LOCK, handle):
            os.close(handle)  # its owner has just ended and taken the file away
            continue
        with contextlib.suppress(OSError):  # who it is can be left unsaid
            os.truncate(handle, 0)
            os.write(handle, f"process {os.getpid()} since {datetime.now():%Y-%m-%d %H:%M:%S}".encode())
        _held[folder] = handle


def release(folder: Path) -> None:
    """Let others have it."""
    handle = _held.pop(folder, None)
    if handle is not None:
        with contextlib.suppress(OSError):
            (folder / LOCK).unlink()
        os.close(handle)


def _is(path: Path, handle: int) -> bool:
    """Whether the name still belongs to the open file."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))
    except OSError:
        return False
