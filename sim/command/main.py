"""One entry, one table of sub-commands, one place where an error becomes a sentence and an exit code.

Exit codes: 0 done, 1 trouble (a full disk, a failed scenario, a crash), 2 wrong input, 128 and the signal's
number where one ended it (130 Ctrl-C, 143 SIGTERM). `HYDRA_FULL_ERROR=1` adds the traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from sim.checks import InputError
from sim.command.help import OVERVIEW, SUBCOMMANDS
from sim.command.process import Ending, prepare_streams
from sim.nearest import did_you_mean

OK, CRASH, WRONG_INPUT = 0, 1, 2
_SEE = "; outcomelab --help lists them"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (default: the process's own) and return its exit code."""
    if argv is None:
        prepare_streams()
    with Ending() as ending:
        return _run(list(sys.argv[1:] if argv is None else argv), ending)


def _run(arguments: list[str], ending: Ending) -> int:
    try:
        code = dispatch(arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print(f"outcomelab: stopped by {ending.word}", file=sys.stderr)
        return ending.code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        return told(error)


def dispatch(arguments: list[str]) -> int:
    """Hand the arguments to the module of the sub-command; no argument at all prints the overview."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(OVERVIEW)
        return OK
    if arguments[0] == "--version":
        from importlib.metadata import version

        print(f"outcomelab {version('outcomelab')}")
        return OK
    name, rest = arguments[0], arguments[1:]
    if name not in SUBCOMMANDS:
        raise InputError(f"unknown command {name!r}{did_you_mean(name, SUBCOMMANDS, _SEE)}")
    command = SUBCOMMANDS[name]
    if command.usage and rest and rest[0] in ("-h", "--help"):
        print(command.usage)
        return OK
    returned = import_module(command.module).main(rest)
    return OK if returned is None else int(returned)


def told(error: Exception) -> int:
    """Say what went wrong in one sentence and return 2 for wrong input, 1 for a crash."""
    from sim.command.errors import explained

    if os.environ.get("HYDRA_FULL_ERROR") == "1":
        import traceback

        traceback.print_exception(error)
    wrong_input, sentence = explained(error)
    print(f"outcomelab: {sentence}", file=sys.stderr)
    return WRONG_INPUT if wrong_input else CRASH
