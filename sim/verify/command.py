"""`outcomelab verify [--quick] [FAMILY[.KEY=VALUE] ...]`: the program's own parts against closed forms."""

from __future__ import annotations

from collections.abc import Sequence

from sim.checks import InputError, whole
from sim.nearest import no_flag

FLAGS = ("--quick", "--seed")
LONGER = 10
"""Times as much is simulated without --quick."""
OK, FAILED = 0, 1


def main(argv: Sequence[str]) -> int:
    """Print one line per check and how many passed; 0, or 1 if one failed."""
    from sim.verify.check import FALSE_ALARM, check_line
    from sim.verify.families import chosen

    words, seed, quick = read(argv)
    checks = [check for family in chosen(words) for check in family.checks(1 if quick else LONGER, seed)]
    for check in checks:
        print(check_line(check, len(checks)))
    passed = sum(check.passes(len(checks)) for check in checks)
    rate = f"a right program fails one of them with probability {FALSE_ALARM:g} at most"
    print(f"verify: {passed} of {len(checks)} passed (family, quantity, simulated, exact, standard error); {rate}")
    return OK if passed == len(checks) else FAILED


def read(argv: Sequence[str]) -> tuple[list[str], int, bool]:
    """Words about families, the seed, and whether it shall be quick."""
    words, seed, quick = [], 0, False
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        flag, equals, value = word.partition("=")
        if word == "--quick":
            quick = True
        elif flag == "--seed" and (equals or rest):
            seed = _seed(value if equals else rest.pop(0))
        elif word.startswith("-"):
            raise InputError(no_flag("verify", word, FLAGS))
        else:
            words.append(word)
    return words, seed, quick


def _seed(value: str) -> int:
    if not value.isdigit():
        raise InputError(f"--seed must be a whole number, got {value!r}")
    return whole("--seed", int(value), 0, 2**32 - 1)
