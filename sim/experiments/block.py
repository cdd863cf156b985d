"""What a launcher starts: a block of a study's scenarios, run one after the other in one process.

The driver writes the block into a folder of its own; the process composes each scenario there, so that the
driver is not asked for every one of them. A scenario that fails leaves the others alone.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.experiments.orphan import end_with_parent
from sim.experiments.tally import Counter, Teller, read_tally
from sim.tables import write_atomically

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from sim.experiments.composer import Composer

BLOCKS = ".blocks"
"""Below the study's folder while it runs."""
SCENARIOS = "scenarios.json"
BLOCKS_AT_MOST = 256
"""Of a study whose `block` is null: a launcher's job costs about as much as composing one configuration."""


class Order(NamedTuple):
    """One scenario to run."""

    arm: str
    context: str
    folder: str
    """Relative to the study's folder."""
    runs: int
    """Simulations."""
    overrides: list[str]


@dataclass(frozen=True)
class Work:
    """The task of every Hydra job of a study; which block it is says the folder that Hydra gives it."""

    composer: Composer
    folder: Path
    """Of the study."""
    n_jobs: int | None
    """Processes that share the replications; None as configured."""
    code_from: str | None = None
    """Where the packages lie that the user allowed."""
    driver: int = 0
    """The process that has launched it."""

    def __call__(self, cfg: DictConfig) -> int:
        """Run the block; how many scenarios it held."""
        from hydra.core.hydra_config import HydraConfig

        if os.getpid() != self.driver:
            end_with_parent()
        if self.code_from is not None and self.code_from not in sys.path:
            sys.path.insert(0, self.code_from)
        return run_block(self, Path(HydraConfig.get().runtime.output_dir))


def run_block(work: Work, block: Path) -> int:
    """Run the scenarios that have not ended, each in its own folder."""
    from sim.experiments.job import job

    orders = read_block(block)
    so_far = read_tally(block)[0]
    counter = Counter(Teller(block), so_far)
    for order in orders[so_far.ended :]:
        job(work, order, counter)
    return len(orders)


def sizes(scenarios: int, asked: int | None, elsewhere: bool) -> int:
    """Scenarios of a block: as asked, else all of them in this process, else so many that blocks stay few."""
    if asked is not None:
        return asked
    return -(-scenarios // BLOCKS_AT_MOST) if elsewhere else max(1, scenarios)


def write_blocks(folder: Path, orders: Sequence[Order], size: int) -> list[str]:
    """Write the blocks below the study's `folder`, where a kill may have left others; their names."""
    shutil.rmtree(folder / BLOCKS, ignore_errors=True)
    names = []
    for number, first in enumerate(range(0, len(orders), size)):
        names.append(str(number))
        text = json.dumps([order._asdict() for order in orders[first : first + size]], indent=1)
        write_atomically(folder / BLOCKS / names[-1] / SCENARIOS, text.encode())
    return names


def read_block(block: Path) -> list[Order]:
    """The scenarios of a block."""
    return [Order(**order) for order in json.loads((block / SCENARIOS).read_text(encoding="utf-8"))]


def unfinished(folder: Path, names: Sequence[str]) -> list[str]:
    """Blocks that have not come to their end."""
    places = {name: folder / BLOCKS / name for name in names}
    return [name for name, place in places.items() if read_tally(place)[0].ended < len(read_block(place))]


def ended(folder: Path, names: Sequence[str]) -> int:
    """Scenarios that have ended in all of these blocks."""
    return sum(read_tally(folder / BLOCKS / name)[0].ended for name in names)


def here(packages: Sequence[str]) -> str | None:
    """Where a user's allowed packages are looked for."""
    return os.getcwd() if packages else None
