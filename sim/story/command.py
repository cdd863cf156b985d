"""`outcomelab story RUN [CUSTOMER]`: one life as text, the twin's lives under the other arms beside it."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Sequence
from typing import NamedTuple

from sim.checks import InputError
from sim.nearest import no_flag
from sim.story.places import Places, places

FLAGS = ("--replication", "--happy-leaver", "--unhappy-stayer", "--width")
PICKS = ("--happy-leaver", "--unhappy-stayer")
LEAST_WIDTH, MOST_WIDTH = 40, 1000
PIPED_WIDTH = 110
"""Where no terminal says how wide it is."""


class Wanted(NamedTuple):
    """What the arguments ask for."""

    run: str
    customer: int | None
    replication: int | None
    pick: str | None
    width: int | None


def main(argv: Sequence[str]) -> int:
    """Print the story; 0, or an InputError."""
    wanted = read(argv)
    found = places(wanted.run)
    for line in story(found, wanted):
        print(line)
    return 0


def read(argv: Sequence[str]) -> Wanted:
    """Split flags from RUN and CUSTOMER, or raise InputError."""
    words: list[str] = []
    numbers: dict[str, int] = {}
    pick: str | None = None
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        flag, equals, value = word.partition("=")
        if word in PICKS:
            if pick not in (None, word):
                raise InputError("story takes --happy-leaver or --unhappy-stayer, not both")
            pick = word
        elif flag in ("--replication", "--width") and (equals or rest):
            numbers[flag] = _whole(flag, value if equals else rest.pop(0))
        elif word.startswith("-") and not word[1:].isdigit():
            raise InputError(no_flag("story", word, FLAGS))
        else:
            words.append(word)
    return _wanted(words, numbers, pick)


def _wanted(words: list[str], numbers: dict[str, int], pick: str | None) -> Wanted:
    if not words or len(words) > 2 or (len(words) == 1 and pick is None):
        raise InputError("story takes RUN and CUSTOMER, or RUN and --happy-leaver (outcomelab story --help)")
    if len(words) == 2 and pick is not None:
        raise InputError(f"{pick} picks the customer itself: leave out {words[1]}")
    width = numbers.get("--width")
    if width is not None and not LEAST_WIDTH <= width <= MOST_WIDTH:
        raise InputError(f"--width must be in [{LEAST_WIDTH}, {MOST_WIDTH}], got {width}")
    customer = _whole("CUSTOMER", words[1]) if len(words) == 2 else None
    return Wanted(words[0], customer, numbers.get("--replication"), pick, width)


def _whole(name: str, word: str) -> int:
    try:
        number = int(word)
    except ValueError:
        raise InputError(f"{name} must be a whole number, got {word!r}") from None
    if number < 0:
        raise InputError(f"{name} must be at least 0, got {number}")
    return number


def story(found: Places, wanted: Wanted) -> list[str]:
    """Title, person, lives, and what may be asked next."""
    from sim.story.examples import Example, happy_leaver, unhappy_stayer
    from sim.story.layout import pages, person
    from sim.story.lives import check_person, life

    main_folder = next(iter(found.arms.values()))
    if wanted.pick is not None:
        finder = happy_leaver if wanted.pick == "--happy-leaver" else unhappy_stayer
        chosen = finder(main_folder, wanted.replication)
    else:
        assert wanted.customer is not None
        chosen = Example(wanted.replication or 0, wanted.customer, "")
    check_person(main_folder, chosen.replication, chosen.customer)
    told = [life(arm, folder, chosen.replication, chosen.customer) for arm, folder in found.arms.items()]
    lives = [one for one in told if one is not None]
    width = wanted.width or shutil.get_terminal_size((PIPED_WIDTH, 24)).columns
    title = _title(found, chosen.customer, chosen.replication, chosen.reason, len(lives))
    body = [*person(lives[0], width), "", *pages(lives, width)]
    return [*title, *body, *_next(found, chosen.customer, chosen.replication)]


def _title(found: Places, customer: int, replication: int, reason: str, lives: int) -> list[str]:
    kinds = {1: "one life", 2: "two lives of the same person"}
    where = "" if found.context == "-" else f", {found.context}"
    told = kinds.get(lives, f"{lives} lives of the same person")
    title = f"Customer {customer}, replication {replication}{where}: {told}"
    return [title, "=" * len(title), *([f"Chosen as {reason}."] if reason else [])]


def _next(found: Places, customer: int, replication: int) -> list[str]:
    """How to read the same person's life in another context."""
    commands = [shlex.join(["outcomelab", "story", str(path), str(customer)]) for path in found.elsewhere]
    flag = f" --replication {replication}" if replication else ""
    return ["The same person elsewhere:", *(f"  {command}{flag}" for command in commands)] if commands else []
