"""Arguments of the store's commands: a mistake is one sentence."""

from __future__ import annotations

import argparse
from typing import NoReturn

from sim.checks import InputError


class Words(argparse.ArgumentParser):
    """A parser whose mistakes are InputErrors."""

    def error(self, message: str) -> NoReturn:
        """One sentence, exit code 2."""
        raise InputError(f"{self.prog.removeprefix('outcomelab ')}: {message} ({self.prog} --help)")
