"""`outcomelab trap experiment=NAME`: the smallest change of assumptions after which a score misorders two policies."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.command.arguments import flags_of

if TYPE_CHECKING:
    from sim.experiments.trap.search import Place, Seen, Trial
    from sim.experiments.trap.trial import Setting

FLAGS = ("--score", "--value", "--page")
SCORE, VALUE = "nps", "nrr_24"


def main(argv: Sequence[str]) -> int:
    """Search, try the answer on fresh replications, print it; 0, or an InputError."""
    from sim.experiments.composer import composer
    from sim.experiments.plan import plan
    from sim.experiments.trap.search import search
    from sim.experiments.trap.telling import told
    from sim.experiments.trap.trial import setting

    words, flags, config_dir = flags_of("trap", argv, FLAGS)
    if "--page" in flags:
        from sim.report.produced import block_of

        block_of(Path(flags["--page"]))  # before the search, which takes long
    with composer(config_dir) as tree:
        (study,) = plan(tree, words, multirun=False)
        at = setting(tree, study, flags.get("--score", SCORE), flags.get("--value", VALUE))
        found = search(_watched(at), at.start)
        lines = told(at, found)
    print("\n".join(lines))
    if "--page" in flags:
        _write(Path(flags["--page"]), argv, lines)
    return 0


def _watched(at: Setting) -> Trial:
    """Trials, each said on stderr for who waits."""

    def trial(place: Place) -> Seen:
        print(f"trap: trying {' '.join(at.words(place)) or 'the start'}", file=sys.stderr, flush=True)
        return at.trial(place)

    return trial


def _write(document: Path, argv: Sequence[str], lines: list[str]) -> None:
    """Put the lines into the produced block of a document."""
    from sim.report.produced import write_lines

    kept = [word for word in argv if not word.startswith("--page") and word != str(document)]
    write_lines(document, shlex.join(["outcomelab", "trap", *kept]), lines)
