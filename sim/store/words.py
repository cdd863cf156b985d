"""Arguments of commands that argparse reads: a mistake is one sentence."""

from __future__ import annotations

import argparse
import re
from typing import Final, NoReturn

from sim.checks import InputError
from sim.nearest import did_you_mean, no_flag

_CHOICE: Final = re.compile(r"argument (?P<name>.+?): invalid choice: '(?P<word>.*)' \(choose from (?P<names>.+)\)")
_UNKNOWN: Final = re.compile(r"unrecognized arguments: (-\S+)")


class Words(argparse.ArgumentParser):
    """A parser whose mistakes are InputErrors."""

    def error(self, message: str) -> NoReturn:
        """One sentence, exit code 2, with the nearest word or flag there is."""
        command = self.prog.removeprefix("outcomelab ")
        if unknown := _UNKNOWN.match(message):
            raise InputError(no_flag(command, unknown[1], self._option_string_actions))
        if chosen := _CHOICE.match(message):
            names = [name.strip(" '") for name in chosen["names"].split(",")]
            said = f"{chosen['name']} must be one of {', '.join(names)}, got {chosen['word']!r}"
            raise InputError(f"{command}: {said}{did_you_mean(chosen['word'], names)}")
        raise InputError(f"{command}: {message} ({self.prog} --help)")
