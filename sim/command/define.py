"""`outcomelab define [DIR] [METRIC]`: one metric, several definitions, and where the choice decides who is better."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.checks import InputError
from sim.nearest import did_you_mean
from sim.paths import LATEST, result_folder

if TYPE_CHECKING:
    from sim.experiments.flips import Flip
    from sim.metrics.defined.definition import Metric

PIPED_WIDTH = 110
"""Where no terminal says how wide it is."""


class Wanted(NamedTuple):
    """What the arguments ask for."""

    folder: Path
    metrics: tuple[Metric, ...]


def main(argv: Sequence[str]) -> int:
    """Print definitions, values, what lies between them, and flips; 0, or an InputError."""
    from sim.experiments.defining import config_of, defined, places_of
    from sim.experiments.flips import flips, levels, rankings
    from sim.report.defined import definition_lines, flip_line, level_lines

    wanted = read(argv)
    places = places_of(wanted.folder)
    if not places:
        raise InputError(f"{wanted.folder} holds no finished arm, so there is nothing to define")
    values, currency = defined(places), str(config_of(places[0].folder).get("currency") or "")
    width = shutil.get_terminal_size((PIPED_WIDTH, 24)).columns
    found: list[Flip] = []
    looked = 0
    for metric in wanted.metrics:
        print("\n".join(definition_lines(metric, width)))
        for level in levels(metric, values):
            here = flips(level)
            lines = [*level_lines(level, currency, width), *(flip_line(flip) for flip in here)]
            print("\n".join(lines) + "\n")
            found, looked = found + here, looked + rankings(level)
    clear = sum(flip.is_clear for flip in found)
    print(f"flips: {clear} clear, {len(found) - clear} unclear, of {looked} pairs of definitions and arms")
    return 0


def read(argv: Sequence[str]) -> Wanted:
    """DIR and METRIC, both optional, in this order; one word alone that is no folder is a metric."""
    from sim.metrics.definitions import BY_NAME, METRICS

    if len(argv) > 2 or any(word.startswith("-") for word in argv):
        raise InputError(f"define takes DIR and METRIC, got {' '.join(argv)}")
    words = list(argv)
    name = words.pop() if len(words) == 2 or (words and words[0] in BY_NAME and not Path(words[0]).is_dir()) else None
    if name is not None and name not in BY_NAME:
        hint = did_you_mean(name, BY_NAME)
        raise InputError(f"METRIC must be one of {', '.join(BY_NAME)}, got {name!r}{hint}")
    folder = result_folder(words[0] if words else LATEST)
    if not folder.is_dir():
        hint = f"; METRIC is one of {', '.join(BY_NAME)}" if words else " (run something first: outcomelab run)"
        raise InputError(f"{folder} must be a result folder, got none there{hint}")
    return Wanted(folder, METRICS if name is None else (BY_NAME[name],))
