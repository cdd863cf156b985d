"""Libraries that only some commands need and that are installed by name."""

from __future__ import annotations

from sim.checks import InputError

INSTALL = ".venv/bin/pip install -c constraints.txt -e '.[{extra}]'"
"""As the README says it."""


def missing(what: str, library: str, extra: str) -> InputError:
    """What to raise where the library that `what` needs is not installed."""
    return InputError(f"{what} needs {library}: {INSTALL.format(extra=extra)} in the project's folder")
