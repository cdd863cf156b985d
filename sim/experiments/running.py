"""Run a study's jobs under one progress, and before that as many rounds as `until` asks for."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.checks import InputError

if TYPE_CHECKING:
    from sim.experiments.composer import Composer
    from sim.experiments.plan import Study
    from sim.experiments.until import Ended, Place


TRIES_IN_VAIN = 2


def settle(
    tree: Composer, study: Study, folder: Path, places: Mapping[str, Place], families: tuple[Any, ...]
) -> tuple[Study, dict[str, Ended]]:
    """The study with its number of replications found, and how each context ended; unchanged without `until`."""
    from sim.experiments.until import settled, with_replications

    if study.settings.until is None:
        return study, {}

    def fill(round_: Study) -> None:
        if run_jobs(tree, round_, folder):
            raise KeyboardInterrupt

    ended = settled(study, places, families, fill)
    return with_replications(study, ended), ended


def run_jobs(tree: Composer, study: Study, folder: Path) -> bool:
    """Run the jobs under one progress, wherever they run; True if Ctrl-C stopped them."""
    from sim.experiments.block import BLOCKS, sizes, write_blocks
    from sim.experiments.launch import BASIC, launcher_of, orders
    from sim.experiments.progress import Progress
    from sim.experiments.watch import Watch

    size = sizes(len(study.jobs), study.settings.block, launcher_of(study) != BASIC)
    asked = orders(study)
    total = sum(order.runs for order in asked)
    try:
        blocks = write_blocks(folder, asked, size)
        with Progress(total, study.name, scenarios=len(study.jobs)) as progress, Watch(folder / BLOCKS, progress):
            _run_blocks(tree, study, folder, blocks)
    except KeyboardInterrupt:
        return True
    finally:
        shutil.rmtree(folder / BLOCKS, ignore_errors=True)
    return False


def _run_blocks(tree: Composer, study: Study, folder: Path, blocks: list[str]) -> None:
    """Launch the blocks, and again those whose worker was killed, until twice in a row nothing more was finished.

    A scenario that kills every worker is then missing, and the others are there.
    """
    from sim.experiments.block import ended, unfinished
    from sim.experiments.launch import launch

    left, vain, before = blocks, 0, 0
    while left:
        try:
            launch(tree, study, folder, left)
            return
        except InputError:
            raise
        except Exception as error:
            now, left = ended(folder, blocks), unfinished(folder, blocks)
            vain = 0 if now > before else vain + 1
            if vain == TRIES_IN_VAIN and now == 0:
                raise
            _say(study, error, len(left), again=vain < TRIES_IN_VAIN)
            if vain == TRIES_IN_VAIN:
                return
            before = now


def _say(study: Study, error: Exception, left: int, again: bool) -> None:
    """A line for the log, after a launcher gave up."""
    reason = (str(error).splitlines() or ["no message"])[0]
    rest = f"{left} of its jobs are started {'again' if again else 'no more'}"
    print(f"{study.name}: stopped by {type(error).__name__}: {reason}; {rest}", file=sys.stderr, flush=True)
