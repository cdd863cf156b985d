"""Turn an exception into one sentence and the question whether the user can mend it."""

from __future__ import annotations

from collections.abc import Iterator

from sim.checks import InputError, Trouble


def explained(error: BaseException) -> tuple[bool, str]:
    """(is wrong input, one sentence). Anything but an InputError among the causes is a crash, and says so."""
    for cause in _chain(error):
        if isinstance(cause, InputError):
            return not isinstance(cause, Trouble), " ".join(str(cause).split())
    message = " ".join(str(error).split()) or "no message"
    return False, f"stopped by {type(error).__name__}: {message} (HYDRA_FULL_ERROR=1 shows where)"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes, outermost first."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__
